"""traceroute(8): the routers on the way to a host, by packets whose time to live ends at each in turn.

`busybox.py` is the applet of busybox 1.35 (containers): one probe after the other, answers heard by a raw socket.
`modern.py` is the traceroute 2.1 for Linux (the Docker host): sixteen probes at a time, answers from the sockets'
error queues. Left out: gateways, DCCP, UDP-Lite, AS lookups, MPLS extensions, path MTU discovery.
"""
