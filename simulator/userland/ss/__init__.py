"""ss(8) of iproute2 6.1: sockets, laid out over the width of the screen.

`command.py` reads the options, `filter.py` the filter expression, `columns.py` lays out, `rows.py` says what stands in
the columns. Left out: unix, netlink and packet sockets, and what a socket knows inside (-e, -i, -m, -o).
"""
