"""What lists show of each thing: the fields that a table or a template may name."""
