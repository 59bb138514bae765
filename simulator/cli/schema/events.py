"""The Go types of an event of the engine: events.Message."""

from __future__ import annotations

EVENT = """\
events.Message
  Status string json=status omitempty
  ID string json=id omitempty
  From string json=from omitempty
  Type string
  Action string
  Actor events.Actor
  Scope string json=scope omitempty
  Time int64 json=time omitempty
  TimeNano int64 json=timeNano omitempty
events.Actor
  ID string
  Attributes map[string]string
"""
