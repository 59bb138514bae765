"""Matches that count: limit, hashlimit, statistic, quota. See iptables-extensions(8).

What is remembered belongs to the rule in its chain (its `test`), not to the rule's value; hashlimit tables
have names and are shared by all rules of a namespace.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Self

from simulator.clock import US
from simulator.kernel.netfilter.matches.base import Match, Test
from simulator.kernel.netfilter.options import (
    MAXIMUM_32,
    Given,
    Names,
    Option,
    RuleError,
    bang,
    integer_from_text,
)
from simulator.kernel.netfilter.skb import Skb

if TYPE_CHECKING:
    from simulator.kernel.netns import NetNamespace

SCALE = 10_000  # rates are kept as the time between two packets in units of 1/10000 s (XT_LIMIT_SCALE)
UNIT = 100 * US
PERIODS = (("day", SCALE * 24 * 3600), ("hour", SCALE * 3600), ("min", SCALE * 60), ("sec", SCALE))
PERIOD_NAMES = {"second": SCALE, "minute": SCALE * 60, "hour": SCALE * 3600, "day": SCALE * 24 * 3600}
DEFAULT_RATE, DEFAULT_BURST = PERIOD_NAMES["hour"] // 3, 5

PROBABILITY_ONE = 1 << 31


def rate_from_text(text: str) -> int:
    """ "5/min" as the time between two packets. Raises RuleError."""
    count_text, slash, unit = text.partition("/")
    period = next((size for name, size in PERIOD_NAMES.items() if unit and name.startswith(unit.lower())), None)
    count = integer_from_text(count_text)
    if not count or (slash and period is None):
        raise RuleError(f'bad rate "{text}"\'')
    distance = (period or SCALE) // count
    if distance == 0:
        raise RuleError(f'Rate too fast "{text}"')
    return distance


def rate_text(distance: int) -> str:
    """The rate in the largest unit that gives it well: 5/min."""
    chosen = PERIODS[0]
    for name, size in PERIODS[1:]:
        if distance > size or size // distance < size % distance:
            break
        chosen = (name, size)
    return f"{chosen[1] // distance}/{chosen[0]}"


def token_bucket(netns: NetNamespace, distance: int, burst: int) -> Callable[[], bool]:
    """Lets through `burst` packets at once and one more each `distance`: gives whether the next one may pass."""
    cost = distance * UNIT
    cap = cost * burst
    clock = netns.clock
    credit, previous = cap, int(clock.now)

    def passes() -> bool:
        nonlocal credit, previous
        now = int(clock.now)
        credit, previous = min(cap, credit + now - previous), now
        if credit < cost:
            return False
        credit -= cost
        return True

    return passes


class Limit(Match, frozen=True):
    """`-m limit`: matches at this rate at most."""

    name: ClassVar[str] = "limit"
    options: ClassVar[tuple[Option, ...]] = (Option("limit"), Option("limit-burst"))

    distance: int = DEFAULT_RATE
    burst: int = DEFAULT_BURST

    @classmethod
    def build(cls, given: Given) -> Self:
        distance = rate_from_text(given.text("limit")) if "limit" in given else DEFAULT_RATE
        return cls(distance, given.integer("limit-burst", 0, 10_000, DEFAULT_BURST) or DEFAULT_BURST)

    def __str__(self) -> str:
        burst = "" if self.burst == DEFAULT_BURST else f" --limit-burst {self.burst}"
        return f"--limit {rate_text(self.distance)}{burst}"

    def listing(self, names: Names) -> str:
        return f" limit: avg {rate_text(self.distance)} burst {self.burst}"

    def test(self, netns: NetNamespace) -> Test:
        passes = token_bucket(netns, self.distance, self.burst)
        return lambda skb: passes()


HASH_KEYS: dict[str, Callable[[Skb], Any]] = {
    "srcip": lambda skb: skb.packet.src,
    "srcport": lambda skb: skb.packet.sport,
    "dstip": lambda skb: skb.packet.dst,
    "dstport": lambda skb: skb.packet.dport,
}


class Hashlimit(Match, frozen=True):
    """`-m hashlimit`: a limit for each address or port. Rates in packets only."""

    name: ClassVar[str] = "hashlimit"
    options: ClassVar[tuple[Option, ...]] = (
        Option("hashlimit-upto", aliases=("hashlimit",), excludes=("hashlimit-above",)),
        Option("hashlimit-above", excludes=("hashlimit-upto",)),
        Option("hashlimit-burst"),
        Option("hashlimit-mode"),
        Option("hashlimit-name", mandatory=True),
    )

    distance: int
    above: bool
    burst: int
    mode: tuple[str, ...]
    table: str

    @classmethod
    def build(cls, given: Given) -> Self:
        option = given.first("hashlimit-upto", "hashlimit-above")
        if not option:
            raise RuleError("You have to specify --hashlimit")
        asked = given.text("hashlimit-mode").split(",") if "hashlimit-mode" in given else []
        for mode in asked:
            if mode not in HASH_KEYS:
                raise RuleError(
                    'hashlimit: Bad value for "--hashlimit-mode" option: ' + f'"{given.text("hashlimit-mode")}"'
                )
        burst = given.integer("hashlimit-burst", 1, 1_000_000, DEFAULT_BURST)
        modes = tuple(mode for mode in HASH_KEYS if mode in asked)
        distance = rate_from_text(given.text(option))
        return cls(distance, option == "hashlimit-above", burst, modes, given.text("hashlimit-name"))

    def __str__(self) -> str:
        kind = "above" if self.above else "upto"
        parts = [f"--hashlimit-{kind} {rate_text(self.distance)}", f"--hashlimit-burst {self.burst}"]
        if self.mode:
            parts.append(f"--hashlimit-mode {','.join(self.mode)}")
        return " ".join([*parts, f"--hashlimit-name {self.table}"])

    def listing(self, names: Names) -> str:
        mode = f" mode {'-'.join(self.mode)}" if self.mode else ""
        kind = "above" if self.above else "up to"
        return f" limit: {kind} {rate_text(self.distance)} burst {self.burst}{mode}"

    def test(self, netns: NetNamespace) -> Test:
        buckets: dict[tuple[Any, ...], Callable[[], bool]] = netns.netfilter.shared(self.name, self.table)
        keys = [HASH_KEYS[mode] for mode in self.mode]

        def test(skb: Skb) -> bool:
            key = tuple(key_of(skb) for key_of in keys)
            if key not in buckets:
                buckets[key] = token_bucket(netns, self.distance, self.burst)
            return buckets[key]() is not self.above

        return test


class Statistic(Match, frozen=True):
    """`-m statistic`: one packet in n, or each with some probability. `every` 0 is the random mode."""

    name: ClassVar[str] = "statistic"
    options: ClassVar[tuple[Option, ...]] = (
        Option("mode", mandatory=False),
        Option("probability", invertible=True),
        Option("every", invertible=True, needs="packet"),
        Option("packet"),
    )

    every: int = 0
    packet: int = 0
    probability: int = 0  # in units of 2^-31
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        mode = given.text("mode", "random")
        if mode == "random":
            if "probability" not in given:
                raise RuleError("--probability must be specified when using random mode")
            return cls(probability=_probability(given.text("probability")), inverted=given.inverted("probability"))
        if mode != "nth":
            raise RuleError(f'Bad mode "{mode}"')
        if "every" not in given:
            raise RuleError("--every and --packet must be specified when using nth mode")
        every, packet = given.integer("every", 1, MAXIMUM_32), given.integer("packet", 0, MAXIMUM_32)
        if packet >= every:
            raise RuleError("the --packet p must be 0 <= p <= n-1")
        return cls(every=every, packet=packet, inverted=given.inverted("every"))

    def __str__(self) -> str:
        if self.every:
            return f"--mode nth {bang(self.inverted)}--every {self.every} --packet {self.packet}"
        return f"--mode random {bang(self.inverted)}--probability {self.probability / PROBABILITY_ONE:.11f}"

    def listing(self, names: Names) -> str:
        if self.every:
            packet = f" packet {self.packet}" if self.packet else ""
            return f" statistic mode nth {bang(self.inverted)}every {self.every}{packet}"
        return f" statistic mode random {bang(self.inverted)}probability {self.probability / PROBABILITY_ONE:.11f}"

    def test(self, netns: NetNamespace) -> Test:
        if not self.every:
            chance, limit = netns.clock.chance, self.probability
            return lambda skb: (chance.integer("statistic", 0, PROBABILITY_ONE - 1) < limit) is not self.inverted
        count = -1

        def test(skb: Skb) -> bool:
            nonlocal count
            count = (count + 1) % self.every
            return (count == self.packet) is not self.inverted

        return test


class Quota(Match, frozen=True):
    """`-m quota`: matches until that many bytes have passed."""

    name: ClassVar[str] = "quota"
    options: ClassVar[tuple[Option, ...]] = (Option("quota", invertible=True, mandatory=True),)

    quota: int
    inverted: bool = False

    @classmethod
    def build(cls, given: Given) -> Self:
        return cls(given.integer("quota", 0, (1 << 64) - 1), given.inverted("quota"))

    def __str__(self) -> str:
        return f"{bang(self.inverted)}--quota {self.quota}"

    def listing(self, names: Names) -> str:
        return f" quota: {self.quota} bytes"

    def test(self, netns: NetNamespace) -> Test:
        left = self.quota

        def test(skb: Skb) -> bool:
            nonlocal left
            fits = skb.packet.length <= left
            left = left - skb.packet.length if fits else 0
            return fits is not self.inverted

        return test


def _probability(text: str) -> int:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise RuleError('statistic: bad value for option "--probability", or out of range (0-1).\n')
    return round(share * PROBABILITY_ONE)
