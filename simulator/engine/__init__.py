"""What dockerd does: containers, images, volumes, networks and their life, behind the documents of the Engine API.

`api.Engine` is the door: one method per endpoint. `daemon.Daemon` holds what there is. `create` makes a container,
`lifecycle` starts it and follows it to its end, `stop`, `remove`, `exec`, `attach` and `connect` do what their names
say; `documents` and `listing` show it. `network` is the part that libnetwork plays.
"""
