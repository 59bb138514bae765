"""The states of a TCP connection and what leads from one to the next. RFC 9293, 3.3.2 (figure 5).

Everything that changes a state is a row of TRANSITIONS; `Connection.set_state` is the only reader. A trigger that has
no row for a state leaves it as it is.

Left out: LISTEN with data to send (a listener that opens actively), urgent data.
"""

from __future__ import annotations

from simulator.kernel.symbol import Symbol


class State(Symbol):
    """A state, spelled as netstat(8) does."""

    CLOSED = "CLOSE"
    LISTEN = "LISTEN"
    SYN_SENT = "SYN_SENT"
    SYN_RECV = "SYN_RECV"
    ESTABLISHED = "ESTABLISHED"
    FIN_WAIT1 = "FIN_WAIT1"
    FIN_WAIT2 = "FIN_WAIT2"
    CLOSE_WAIT = "CLOSE_WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST_ACK"
    TIME_WAIT = "TIME_WAIT"

    def __str__(self) -> str:
        return self.value


class Trigger(Symbol):
    """What can move a connection: a call of its program, a segment, a timer."""

    OPEN = "the program connects"
    LISTEN = "the program listens"
    CLOSE = "the program closes"
    SYN = "a SYN came"
    SYN_ACK = "a SYN with the ACK of ours came"
    ACK = "our SYN was acknowledged"
    FIN = "a FIN came"
    ACK_OF_FIN = "our FIN was acknowledged"
    RESET = "a RST came, or the program gave up"
    TIMEOUT = "a timer ran out"


TRANSITIONS: dict[State, dict[Trigger, State]] = {
    State.CLOSED: {
        Trigger.OPEN: State.SYN_SENT,
        Trigger.LISTEN: State.LISTEN,
    },
    State.LISTEN: {
        Trigger.SYN: State.SYN_RECV,
        Trigger.CLOSE: State.CLOSED,
    },
    State.SYN_SENT: {
        Trigger.SYN_ACK: State.ESTABLISHED,
        Trigger.SYN: State.SYN_RECV,
        Trigger.CLOSE: State.CLOSED,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.SYN_RECV: {
        Trigger.ACK: State.ESTABLISHED,
        Trigger.CLOSE: State.FIN_WAIT1,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.ESTABLISHED: {
        Trigger.CLOSE: State.FIN_WAIT1,
        Trigger.FIN: State.CLOSE_WAIT,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.FIN_WAIT1: {
        Trigger.ACK_OF_FIN: State.FIN_WAIT2,
        Trigger.FIN: State.CLOSING,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.FIN_WAIT2: {
        Trigger.FIN: State.TIME_WAIT,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.CLOSE_WAIT: {
        Trigger.CLOSE: State.LAST_ACK,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.CLOSING: {
        Trigger.ACK_OF_FIN: State.TIME_WAIT,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.LAST_ACK: {
        Trigger.ACK_OF_FIN: State.CLOSED,
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
    State.TIME_WAIT: {
        Trigger.RESET: State.CLOSED,
        Trigger.TIMEOUT: State.CLOSED,
    },
}

# Both sides know each other's SYN: segments are judged by their place in the window.
SYNCHRONIZED = frozenset(State) - {State.CLOSED, State.LISTEN, State.SYN_SENT}
# The other side may still send data.
RECEIVING = frozenset({State.ESTABLISHED, State.FIN_WAIT1, State.FIN_WAIT2})
# Data (or a FIN) of ours may be on its way.
SENDING = frozenset({State.ESTABLISHED, State.CLOSE_WAIT, State.FIN_WAIT1, State.CLOSING, State.LAST_ACK})
