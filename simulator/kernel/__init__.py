"""What Linux does."""
