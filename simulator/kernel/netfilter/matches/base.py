"""What every match is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.kernel.netfilter.options import Extension
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

Test = Callable[[Skb], bool]


class Match(Extension, frozen=True):
    """A question about a packet, as a value. `test` gives the function that asks it in a namespace, with its memory."""

    @property
    def only_port(self) -> int | None:
        """The one destination port whose packets it can match, if there is one."""
        return None

    def test(self, netns: NetNamespace) -> Test:
        raise NotImplementedError
