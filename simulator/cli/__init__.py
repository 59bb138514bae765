"""What the docker client does: command lines become the documents of the Docker Engine API, its answers become text.

`docker.py` is the program. `commands.py` has the tree of all commands; each verb is a file (`container/run.py`) with a
`COMMAND`, the table of its options, and `run`. The client knows the engine by the socket on its process's disk alone.
"""
