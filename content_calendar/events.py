"""Events of every kind: made, edited, cancelled and brought back; which are owed a closing.

Whether an event is held is told by the clock, not stored: what is stored is that somebody cancelled or closed it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from content_calendar import audit, notices
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.audiences import Audience
from content_calendar.models.events import Event, EventDeadline, EventKind, EventPost, event_audience
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.notices import Subject
from content_calendar.wall_time import resolve

TITLE_LENGTH, PLACE_LENGTH, NAME_LENGTH = 200, 300, 120
TEXT_LENGTH, LINK_LENGTH = 10_000, 1_000
MOST_DAYS = 400
MOST_DEADLINES = 12
# A year beyond these was typed by mistake, and the days around it may have no calendar.
YEARS = range(2000, 3000)
_A_DAY = timedelta(days=1)
_MIDNIGHT = time()


class EventNotFoundError(NotFoundError):
    """There is no event of that reference."""

    code = "event_not_found"


class EventTitleMissingError(InvalidError):
    """An event has a title."""

    code = "event_title_missing"


class EventTooLongError(InvalidError):
    """A text is longer than fits. ``most`` is how many characters do."""

    code = "event_too_long"


class EventDaysError(InvalidError):
    """An event ends after it begins, and lasts ``most`` days at most."""

    code = "event_days"


class EventLinkError(InvalidError):
    """A link begins with http:// or https:// and names a site."""

    code = "event_link"


class DeadlineIncompleteError(InvalidError):
    """A further date has a name and a day, and there are ``most`` at most."""

    code = "event_deadline_incomplete"


class EventEditedMeanwhileError(ConflictError):
    """Somebody saved the event after this person opened it."""

    code = "event_edited_meanwhile"


class EventCancelledError(ConflictError):
    """The event is cancelled: it is brought back before anything else is done with it."""

    code = "event_cancelled"


class CancelReasonMissingError(InvalidError):
    """An event is cancelled with a reason, so that whoever was invited can be told."""

    code = "event_cancel_reason_missing"


class EventClosedError(ConflictError):
    """The event took place and is closed: it cannot be cancelled any more."""

    code = "event_closed"


class Standing(StrEnum):
    """Where an event stands: to come, going on, over without a closing, closed, or cancelled."""

    PLANNED = "planned"
    ON = "on"
    OWED = "owed"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Deadline:
    """A further date of an event; ``ref`` is that of one it already has."""

    name: str
    due_on: date
    ref: str = ""


@dataclass(frozen=True)
class EventFields:
    """What a person writes of an event.

    Moments are naive, by the clocks of ``zone``; of whole days only the days count.
    """

    kind: EventKind
    title: str
    starts: datetime
    ends: datetime
    zone: str
    all_day: bool = False
    description: str = ""
    place: str = ""
    link: str = ""
    body_id: int | None = None
    theme_id: int | None = None
    audiences: Collection[Audience] = ()
    deadlines: Sequence[Deadline] = ()


def standing(event: Event, at: datetime) -> Standing:
    """Return where an event stands at a moment. Pure."""
    if event.cancelled_at is not None:
        return Standing.CANCELLED
    if event.closed_at is not None:
        return Standing.CLOSED
    if event.ends_at <= at:
        return Standing.OWED
    return Standing.ON if event.starts_at <= at else Standing.PLANNED


def find(session: Session, ref: str) -> Event:
    """Return the event of that reference with all that its page shows; raise EventNotFoundError."""
    event = session.scalars(
        select(Event)
        .where(Event.ref == ref)
        .options(
            joinedload(Event.body),
            joinedload(Event.theme),
            joinedload(Event.author),
            joinedload(Event.closed_by),
            selectinload(Event.deadlines),
            selectinload(Event.evidence),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if event is None:
        raise EventNotFoundError(ref=ref)
    return event


def make(session: Session, person: Person, fields: EventFields) -> Event:
    """Make an event.

    Raises EventTitleMissingError, EventTooLongError, EventDaysError, EventLinkError, DeadlineIncompleteError,
    and what ``wall_time.resolve`` raises.
    """
    event = Event(author_id=person.id, deadlines=[], **_checked(fields))
    session.add(event)
    session.flush()
    _set_audiences(session, event, fields.audiences)
    _set_deadlines(session, event, fields.deadlines)
    audit.record(session, person.ref, "event_made", "event", event.ref, kind=fields.kind.value)
    return event


def edit(session: Session, event: Event, person: Person, fields: EventFields, edition: int) -> None:
    """Save what was written over edition number ``edition``; raises what ``make`` raises.

    Also EventEditedMeanwhileError and EventCancelledError.
    """
    lock(session, event)
    if event.edition != edition:
        raise EventEditedMeanwhileError
    require_standing(event)
    before = event.starts_at
    for name, value in _checked(fields).items():
        setattr(event, name, value)
    event.edition += 1
    _set_audiences(session, event, fields.audiences)
    _set_deadlines(session, event, fields.deadlines)
    session.flush()
    moved = {"was": before.isoformat()} if before != event.starts_at else {}
    audit.record(session, person.ref, "event_edited", "event", event.ref, **moved)


def cancel(session: Session, event: Event, person: Person, reason: str) -> None:
    """Cancel an event; raise CancelReasonMissingError, EventTooLongError, EventCancelledError or EventClosedError."""
    said = reason.strip()
    if not said:
        raise CancelReasonMissingError(field="reason")
    _bounded("reason", said, TEXT_LENGTH)
    lock(session, event)
    require_standing(event)
    if event.closed_at is not None:
        raise EventClosedError
    event.cancelled_at, event.cancel_reason = now(), said
    event.edition += 1
    session.flush()
    notices.over(session, Subject.EVENT, [event.ref], person.id)
    audit.record(session, person.ref, "event_cancelled", "event", event.ref)


def restore(session: Session, event: Event, person: Person) -> None:
    """Bring a cancelled event back, as it was; one that stands stays."""
    lock(session, event)
    if event.cancelled_at is None:
        return
    event.cancelled_at, event.cancel_reason = None, ""
    event.edition += 1
    session.flush()
    audit.record(session, person.ref, "event_restored", "event", event.ref)


def lock(session: Session, event: Event) -> None:
    """Keep the event still until the transaction ends, and read anew how it stands."""
    session.refresh(event, ["edition", "cancelled_at", "closed_at"], with_for_update=True)


def require_standing(event: Event) -> None:
    """Raise EventCancelledError for an event that was cancelled."""
    if event.cancelled_at is not None:
        raise EventCancelledError


def between(session: Session, first: date, last: date, kind: str = "") -> Sequence[Event]:
    """Return the events that touch some days, both in them, in order of time, with body, theme and further dates."""
    query = (
        select(Event)
        .where(Event.starts_on <= last, Event.ends_on >= first)
        .options(joinedload(Event.body), joinedload(Event.theme), selectinload(Event.deadlines))
        .order_by(Event.starts_at, Event.id)
    )
    if kind in set(EventKind):
        query = query.where(Event.kind == EventKind(kind))
    return session.scalars(query).all()


def of_theme(session: Session, theme: Theme) -> Sequence[Event]:
    """Return the events of a theme with their bodies, in order of time."""
    asked = select(Event).where(Event.theme_id == theme.id).options(joinedload(Event.body))
    return session.scalars(asked.order_by(Event.starts_at, Event.id)).all()


def owed(session: Session, at: datetime, limit: int, body_ids: Collection[int] = ()) -> Sequence[Event]:
    """Return the events that are over and not closed, the oldest first, with their bodies.

    ``body_ids`` leaves only those that these bodies host.
    """
    query = select(Event).where(*_owed(at)).options(joinedload(Event.body)).order_by(Event.ends_at, Event.id)
    if body_ids:
        query = query.where(Event.body_id.in_(body_ids))
    return session.scalars(query.limit(limit)).all()


def owed_count(session: Session, at: datetime) -> int:
    """Return how many events are over and not closed."""
    return session.scalar(select(func.count()).select_from(Event).where(*_owed(at))) or 0


def audiences_of(session: Session, event: Event) -> list[Audience]:
    """Return whom an event is for, in the plan's order."""
    asked = select(event_audience.c.audience).where(event_audience.c.event_id == event.id)
    return sorted(session.scalars(asked), key=list(Audience).index)


def post_counts(session: Session, events: Collection[Event]) -> dict[int, int]:
    """Return how many posts were prepared for each of these events; one query."""
    asked = (
        select(EventPost.event_id, func.count())
        .where(EventPost.event_id.in_([one.id for one in events]))
        .group_by(EventPost.event_id)
    )
    return dict(session.execute(asked).all())


def _owed(at: datetime) -> Sequence[ColumnElement[bool]]:
    return Event.cancelled_at.is_(None), Event.closed_at.is_(None), Event.ends_at <= at


def _bounded(field: str, text: str, most: int) -> str:
    if len(text) > most:
        raise EventTooLongError(field=field, most=most)
    return text


def _checked(fields: EventFields) -> dict[str, object]:
    title = " ".join(fields.title.split())
    if not title:
        raise EventTitleMissingError(field="title")
    return {
        "kind": fields.kind,
        "title": _bounded("title", title, TITLE_LENGTH),
        "description": _bounded("description", fields.description.strip(), TEXT_LENGTH),
        "place": _bounded("place", " ".join(fields.place.split()), PLACE_LENGTH),
        "link": _link(fields.link.strip()),
        "body_id": fields.body_id,
        "theme_id": fields.theme_id,
        "all_day": fields.all_day,
        **_when(fields),
    }


def _when(fields: EventFields) -> dict[str, object]:
    starts, ends = fields.starts, fields.ends
    if fields.all_day:
        starts, ends = datetime.combine(starts, _MIDNIGHT), datetime.combine(ends, _MIDNIGHT)
    in_order = ends >= starts if fields.all_day else ends > starts
    if (
        not in_order
        or ends - starts > timedelta(days=MOST_DAYS)
        or not {starts.year, ends.year} <= set(YEARS)
    ):
        raise EventDaysError(field="ends", most=MOST_DAYS)
    first = resolve(starts, fields.zone)
    last = resolve(ends + _A_DAY if fields.all_day else ends, fields.zone)
    return {
        "starts_on": starts.date(),
        "ends_on": ends.date(),
        "starts_local": starts.isoformat(timespec="seconds"),
        "ends_local": ends.isoformat(timespec="seconds"),
        "zone": first.zone,
        "starts_at": first.utc,
        "ends_at": last.utc,
    }


def _link(said: str) -> str:
    if not said:
        return ""
    _bounded("link", said, LINK_LENGTH)
    if not is_link(said):
        raise EventLinkError(field="link")
    return said


def is_link(said: str) -> bool:
    """Return whether a text is the whole address of a page on the web. Pure."""
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and bool(parts.hostname) and said.isprintable() and " " not in said
    )


def _set_audiences(session: Session, event: Event, audiences: Collection[Audience]) -> None:
    session.execute(delete(event_audience).where(event_audience.c.event_id == event.id))
    wanted = sorted(set(audiences), key=list(Audience).index)
    if wanted:
        session.execute(insert(event_audience), [{"event_id": event.id, "audience": one} for one in wanted])


def _set_deadlines(session: Session, event: Event, wanted: Sequence[Deadline]) -> None:
    if len(wanted) > MOST_DEADLINES:
        raise DeadlineIncompleteError(field="deadlines", most=MOST_DEADLINES)
    kept = {one.ref: one for one in event.deadlines}
    for said in wanted:
        name = " ".join(said.name.split())
        if not name or said.due_on.year not in YEARS:
            raise DeadlineIncompleteError(field="deadlines", most=MOST_DEADLINES)
        row = kept.pop(said.ref, None) or EventDeadline(event_id=event.id)
        # One that is edited keeps its reference: a post may have been prepared for it.
        row.name, row.due_on = _bounded("deadlines", name, NAME_LENGTH), said.due_on
        session.add(row)
    gone = [one.id for one in kept.values()]
    session.flush()
    if gone:
        session.execute(delete(EventDeadline).where(EventDeadline.id.in_(gone)))
    asked = select(EventDeadline).where(EventDeadline.event_id == event.id)
    set_committed_value(
        event, "deadlines", session.scalars(asked.order_by(EventDeadline.due_on, EventDeadline.id)).all()
    )
