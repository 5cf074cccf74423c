"""What goes wrong, and when: asked for one by one, or drawn from a seeded plan.

A plan draws by what is asked and how often it was asked, never by the order of arrival: several processes
in any order meet the same faults under the same seed.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

# Kinds that strike before anything is applied, after it was, and those of a write that is applied later.
REFUSED = ("400", "401", "402", "403", "404", "duplicate", "rate_limit", "day_limit", "usage_cap", "429")
BEFORE = frozenset({*REFUSED, "lost_request", "5xx_before", "html", "redirect", "invalid_grant"})
AFTER = frozenset(["lost_answer", "5xx_after", "bad_json", "no_id", "errors_only"])
LATE = frozenset(["delayed"])
KINDS = BEFORE | AFTER | LATE
WRITES = ("/2/tweets", "/2/retweets")


@dataclass
class FaultPlan:
    """By route, how likely each kind of fault is; ``seed`` makes it come out the same again."""

    seed: int = 0
    rates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)

    def draw(self, on: str, what: str) -> str:
        """The fault that this request meets, or an empty text."""
        rates = self.rates.get(on)
        if not rates:
            return ""
        self.asked[on, what] += 1
        at = random.Random(f"{self.seed}/{on}/{what}/{self.asked[on, what]}").random()  # noqa: S311 -- a draw that can be repeated, no secret
        for kind, rate in rates.items():
            at -= rate
            if at < 0:
                return kind
        return ""


def read_rates(said: str) -> dict[str, dict[str, float]]:
    """Read ``lost_answer=0.05,/2/users:5xx_before=0.1``; without a route, the writes are meant."""
    rates: dict[str, dict[str, float]] = {}
    for one in filter(None, said.split(",")):
        name, _, rate = one.partition("=")
        on, _, kind = name.rpartition(":")
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is none of {sorted(KINDS)}")
        for route in [on] if on else WRITES:
            rates.setdefault(route, {})[kind] = float(rate)
    return rates
