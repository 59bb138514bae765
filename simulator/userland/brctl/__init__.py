"""brctl(8): bridges as people made them before ip(8), in two flavours.

`utils.py` is the program of bridge-utils 1.7 (the Docker host), `busybox.py` the applet of busybox 1.35 as Debian
builds it. Left out: the spanning tree and its times, which the model's bridges do not have.
"""
