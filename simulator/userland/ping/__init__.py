"""ping(8) in three flavours: asks a host by ICMP echo whether it is there, and how far away.

`busybox.py` is the applet of busybox 1.35 (Alpine and the stand-ins), `iputils.py` the program of iputils (the Docker
host), `inetutils.py` that of GNU inetutils 1.9.4 (images made of Debian). They differ in what they print, in how they
wait, and in whether they tell of ICMP errors. Left out: record route, timestamps, node information queries.
"""
