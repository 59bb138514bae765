"""What libnetwork does for dockerd: networks, the endpoints of containers on them, addresses, ports, names."""
