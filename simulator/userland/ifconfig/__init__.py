"""ifconfig(8): what network interfaces are and have counted, and their settings, in two flavours.

`busybox.py` is the applet of busybox 1.35 (containers), `nettools.py` the program of net-tools 2.10 (the Docker host).
Left out: hardware types other than Ethernet and loopback, metric, trailers, media, tunnels.
"""
