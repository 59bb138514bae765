"""What became of packets, and why: roads told from trace records, stable codes for those that died, tried advice."""
