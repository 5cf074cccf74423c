"""How many people say yes to a post, and which ones: one or two steps, of anybody or of those a campaign names. Pure.

A post of several campaigns answers to each of them. Whoever wrote it never counts, nor does anybody who may no
longer review: a step whose named reviewers are all of these takes anybody else, so that nothing is stuck on
somebody who left.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_STEPS = 2


@dataclass(frozen=True)
class Demand:
    """What one campaign asks at one step: a yes of anybody, of one of ``named``, or of ``everyone`` named."""

    step: int = 1
    named: frozenset[int] = frozenset()
    everyone: bool = False


@dataclass(frozen=True)
class Signed:
    """A yes that was given."""

    person_id: int
    step: int


@dataclass(frozen=True)
class Standing:
    """Where a review stands: at which ``step`` ``of`` how many, and whose yes it waits for.

    ``waits_for`` are the ids of those who may say it. Complete when it waits at no step.
    """

    step: int
    of: int
    waits_for: frozenset[int]

    @property
    def complete(self) -> bool:
        """Return whether nobody's yes is missing."""
        return self.step == 0

    def asks(self, person_id: int) -> bool:
        """Return whether a yes of that person brings it on: when nobody's is missing any more, anybody's ends it.

        So it is when a campaign asks for fewer than were given already.
        """
        return self.complete or person_id in self.waits_for


def standing(
    demands: Sequence[Demand], signed: Collection[Signed], able: Collection[int], authors: Collection[int]
) -> Standing:
    """Return where a review stands; ``able`` may review today, ``authors`` wrote what is reviewed."""
    free = frozenset(able) - frozenset(authors)
    steps = max((one.step for one in demands), default=1)
    gave = frozenset(one.person_id for one in signed)
    for step in range(1, steps + 1):
        given = frozenset(one.person_id for one in signed if one.step == step)
        missing = [
            waited
            for one in [demand for demand in demands if demand.step == step] or [Demand(step)]
            if (waited := _waits_for(one, given, free, gave))
        ]
        if missing:
            return Standing(step, steps, frozenset().union(*missing))
        if not given:
            # Nobody is left who could say yes: it waits, and says so, for whoever comes.
            return Standing(step, steps, frozenset())
    return Standing(0, steps, frozenset())


def _waits_for(
    demand: Demand, given: frozenset[int], free: frozenset[int], gave: frozenset[int]
) -> frozenset[int]:
    """Return who may still say the yes that is missing, of this step; empty when none is, or nobody can."""
    # Whoever said yes at another step says none here: a second step is a second person.
    pool = (demand.named & (free | given)) - (gave - given)
    if not pool:
        return frozenset() if given else free - gave
    if demand.everyone:
        return pool - given
    return frozenset() if pool & given else pool
