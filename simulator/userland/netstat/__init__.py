"""netstat(8): sockets, and what other commands show of routes and devices, in two flavours.

`nettools.py` is the program of net-tools 2.10 (the Docker host), `busybox.py` the applet of busybox 1.35. Left out:
unix sockets (the model has none between processes), protocol statistics, masqueraded connections.
"""
