"""route(8): the routing table as ioctls and /proc/net/route show it, in two flavours.

`nettools.py` is the program of net-tools 2.10 (the Docker host), `busybox.py` the applet of busybox 1.35. `table.py`
has the rows and columns, `changes.py` what add and del do; netstat -r shows the same table. Left out: the cache,
options of a route other than its metric.
"""
