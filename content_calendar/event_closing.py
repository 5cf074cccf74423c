"""How an event is closed: who came, what shows it, what was learned; by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from content_calendar import audit, notices
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.events import TEXT_LENGTH, EventTooLongError, lock, require_standing
from content_calendar.models.events import Event, EventEvidence, EventKind, EvidenceKind
from content_calendar.models.people import Person
from content_calendar.notices import Subject

MOST_PEOPLE = 10_000_000
MOST_EVIDENCE = 30
EVIDENCE_LENGTH = 1_000
BEST = 5
# Nobody sits in a room for these: how many they reached is not counted by heads.
_WITHOUT_A_ROOM = frozenset({EventKind.BROADCAST, EventKind.MAGAZINE})


class EventNotBegunError(ConflictError):
    """What has not begun cannot be closed."""

    code = "event_not_begun"


class AttendanceMissingError(InvalidError):
    """How many came to an event that people come to; nobody is a number too."""

    code = "event_attendance_missing"


class AttendanceInvalidError(InvalidError):
    """People are counted from 0 to ``most``."""

    code = "event_attendance_invalid"


class AttendanceMismatchError(InvalidError):
    """Women, men and others add up to ``sum``, which is more than ``total``."""

    code = "event_attendance_mismatch"


class EvidenceMissingError(InvalidError):
    """Something shows that it took place: a link, a material, or where it is kept; ``most`` at most."""

    code = "event_evidence_missing"


class RatingMissingError(InvalidError):
    """How it went, from 1 to ``best``."""

    code = "event_rating_missing"


@dataclass(frozen=True)
class Evidence:
    """What shows that an event took place; of a material, ``said`` is its reference in the tool-box."""

    kind: EvidenceKind
    said: str


@dataclass(frozen=True)
class Closing:
    """What a person says of an event that is over. A number that nobody counted is None, never zero."""

    attendance: int | None = None
    women: int | None = None
    men: int | None = None
    others: int | None = None
    rating: int | None = None
    worked: str = ""
    failed: str = ""
    evidence: Sequence[Evidence] = ()


def counts_people(kind: EventKind) -> bool:
    """Return whether an event of a kind is closed with how many people came. Pure."""
    return kind not in _WITHOUT_A_ROOM


def close(session: Session, event: Event, person: Person, closing: Closing) -> None:
    """Close an event that has begun, or write its closing anew.

    Raises EventCancelledError, EventNotBegunError, AttendanceMissingError, AttendanceInvalidError,
    AttendanceMismatchError, EvidenceMissingError, RatingMissingError and EventTooLongError.
    """
    lock(session, event)
    require_standing(event)
    if event.starts_at > now():
        raise EventNotBegunError
    event.attendance = _attendance(closing, event.kind)
    event.women, event.men, event.others = closing.women, closing.men, closing.others
    if closing.rating is None or not 1 <= closing.rating <= BEST:
        raise RatingMissingError(field="rating", best=BEST)
    event.rating = closing.rating
    for name in ("worked", "failed"):
        text = getattr(closing, name).strip()
        if len(text) > TEXT_LENGTH:
            raise EventTooLongError(field=name, most=TEXT_LENGTH)
        setattr(event, name, text)
    _set_evidence(session, event, closing.evidence)
    again = event.closed_at is not None
    event.closed_at, event.closed_by_id = now(), person.id
    event.edition += 1
    session.flush()
    notices.over(session, Subject.EVENT, [event.ref], person.id)
    act = "event_closed_anew" if again else "event_closed"
    audit.record(session, person.ref, act, "event", event.ref, rating=event.rating)


def reopen(session: Session, event: Event, person: Person) -> None:
    """Take a closing back: the event is owed one again; what it said stays written."""
    lock(session, event)
    if event.closed_at is None:
        return
    event.closed_at = event.closed_by_id = None
    event.edition += 1
    session.flush()
    audit.record(session, person.ref, "event_reopened", "event", event.ref)


def _attendance(closing: Closing, kind: EventKind) -> int | None:
    parts = {"women": closing.women, "men": closing.men, "others": closing.others}
    for name, number in {**parts, "attendance": closing.attendance}.items():
        if number is not None and not 0 <= number <= MOST_PEOPLE:
            raise AttendanceInvalidError(field=name, most=MOST_PEOPLE)
    counted = [number for number in parts.values() if number is not None]
    total = closing.attendance if closing.attendance is not None or not counted else sum(counted)
    if total is None:
        if counts_people(kind):
            raise AttendanceMissingError(field="attendance")
        return None
    if sum(counted) > total:
        raise AttendanceMismatchError(field="attendance", sum=sum(counted), total=total)
    return total


def _set_evidence(session: Session, event: Event, evidence: Sequence[Evidence]) -> None:
    if not 0 < len(evidence) <= MOST_EVIDENCE:
        raise EvidenceMissingError(field="evidence", most=MOST_EVIDENCE)
    for one in evidence:
        if len(one.said) > EVIDENCE_LENGTH:
            raise EventTooLongError(field="evidence", most=EVIDENCE_LENGTH)
    session.execute(delete(EventEvidence).where(EventEvidence.event_id == event.id))
    rows = [EventEvidence(event_id=event.id, kind=one.kind, said=one.said) for one in evidence]
    session.add_all(rows)
    session.flush()
    set_committed_value(event, "evidence", rows)
