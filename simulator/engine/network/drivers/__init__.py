"""The network drivers, one file each, and the table of them."""
