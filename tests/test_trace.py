"""Laws of the stream of records."""

from __future__ import annotations

from simulator.trace import Delivered, Dropped, Record, Trace


def test_a_kind_of_record_is_wanted_while_somebody_listens() -> None:
    trace = Trace()
    one, other = trace.subscribe(print, Dropped, Delivered), trace.subscribe(print, Dropped)
    one()
    assert Dropped in trace.wanted and Delivered not in trace.wanted
    other()
    assert Dropped not in trace.wanted


def test_who_stops_listening_while_a_record_is_told_leaves_the_others_theirs() -> None:
    trace, heard = Trace(), list[Record]()

    def once(_: Record) -> None:
        stop()

    stop = trace.subscribe(once, Dropped)
    trace.subscribe(heard.append, Dropped)
    for _ in range(2):
        trace.emit(Dropped(0, "host", "", 1, "LOST", ""))
    assert len(heard) == 2
