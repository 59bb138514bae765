"""What people see: the docklab command's screens. The only room that imports rich."""
