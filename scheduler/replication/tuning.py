"""The thresholds of matching as somebody set them, within bounds; what nobody set is what was measured best."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import audit, clock
from content_calendar.errors import InvalidError
from content_calendar.models.people import Person
from scheduler.models import Entry
from scheduler.replication.match import Thresholds
from scheduler.replication.models import MatchingThreshold

# Notes so young are judged again by new thresholds; older ones keep what was said of them.
JUDGED_AGAIN = timedelta(days=30)


@dataclass(frozen=True)
class Dial:
    """One threshold that may be set: its name, where it stands by itself, and its bounds, both included."""

    name: str
    default: int
    least: int
    most: int


DIALS: Mapping[str, Dial] = {
    dial.name: dial
    for dial in (
        Dial("automatic", Thresholds().automatic, 70, 95),
        Dial("doubtful", Thresholds().doubtful, 55, 77),
        Dial("few_words", Thresholds().few_words, 6, 20),
        Dial("picture_automatic", Thresholds().picture_automatic, 80, 99),
        Dial("picture_doubtful", Thresholds().picture_doubtful, 50, 79),
    )
}


class ThresholdOutOfBoundsError(InvalidError):
    """A threshold is a whole number from ``least`` to ``most``."""

    code = "threshold_out_of_bounds"


class ThresholdsCrossedError(InvalidError):
    """What is certain needs a higher score than what is doubtful."""

    code = "thresholds_crossed"


def values(session: Session) -> dict[str, int]:
    """Return all thresholds that may be set, by name."""
    held = dict(session.execute(select(MatchingThreshold.name, MatchingThreshold.value)).all())
    return {name: held.get(name, dial.default) for name, dial in DIALS.items()}


def thresholds(session: Session) -> Thresholds:
    """Return what counts now."""
    held: dict[str, Any] = dict(values(session))
    return replace(Thresholds(), **held)


def turn(session: Session, person: Person, wanted: Mapping[str, int]) -> bool:
    """Set thresholds, and let young notes be judged again; return whether anything changed.

    Raises ThresholdOutOfBoundsError with the name as its field, and ThresholdsCrossedError.
    """
    before = values(session)
    after = before | {name: wanted[name] for name in DIALS if name in wanted}
    for name, value in after.items():
        dial = DIALS[name]
        if not dial.least <= value <= dial.most:
            raise ThresholdOutOfBoundsError(name, least=dial.least, most=dial.most)
    for low, high in (("doubtful", "automatic"), ("picture_doubtful", "picture_automatic")):
        if after[low] >= after[high]:
            raise ThresholdsCrossedError(low)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        return False
    now = clock.now()
    for name, value in changed.items():
        row = session.get(MatchingThreshold, name) or MatchingThreshold(name=name)
        row.value, row.set_by_id, row.set_at = value, person.id, now
        session.add(row)
    session.execute(update(Entry).where(Entry.published_at >= now - JUDGED_AGAIN).values(matched_at=None))
    audit.record(
        session, person.ref, "matching_tuned", "installation", "",
        **{name: [before[name], value] for name, value in changed.items()},
    )  # fmt: skip
    return True
