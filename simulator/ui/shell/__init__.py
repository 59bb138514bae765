"""`docklab shell`: the sandbox on the screen."""
