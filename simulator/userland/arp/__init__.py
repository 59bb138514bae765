"""arp(8): the IPv4 neighbour table as /proc/net/arp shows it, in two flavours.

`nettools.py` is the program of net-tools 2.10 (the Docker host), `busybox.py` the applet of busybox 1.35. Left out:
proxy entries (pub), hardware types other than Ethernet, files of entries.
"""
