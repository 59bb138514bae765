"""`docker builder`."""
