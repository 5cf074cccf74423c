"""Whose turn it is: who has waited longest for us to replicate something of theirs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Hopeful:
    """An owner with something fresh to replicate: when it was published, and when we last replicated it."""

    owner_id: int
    name: str
    fresh_at: datetime
    last_on: date | None = None


def in_turn(hopefuls: Iterable[Hopeful]) -> list[Hopeful]:
    """Return them in the order of their turns.

    First whoever was never replicated, then whoever has waited longest; of equals, whoever has the newest note.
    So nobody comes twice before everybody with something fresh came once.
    """
    return sorted(
        hopefuls,
        key=lambda one: (
            one.last_on is not None,
            one.last_on or date.min,
            -one.fresh_at.timestamp(),
            one.name,
            one.owner_id,
        ),
    )
