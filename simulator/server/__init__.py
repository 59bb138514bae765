"""The Docker Engine API over HTTP/1.1: requests to Engine and back, and no state of its own.

`api.answer` turns one Request into a Reply without any socket; `exchange` plays a Reply to whoever listens;
`connection` speaks HTTP; `loop` has the sockets and decides how fast simulated time passes.
"""
