"""ip(8): devices, addresses, routes, neighbours and namespaces, in two flavours.

`iproute.py` is the program of iproute2 6.1 (the Docker host), `busybox.py` the applet of busybox 1.35 (containers);
what they show and what they change stands in the other files, object by object. Left out: policy rules other than the
three that always are, tables other than local and main, multipath routes, tunnels, tuntap, xfrm, statistics errors.
"""
