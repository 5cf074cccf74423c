"""The events of a span, as a report tells them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.models.directory import Body
from content_calendar.models.events import Event, EventEvidence, EventKind, EvidenceKind
from content_calendar.models.plan import Theme


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event: ``held`` once it is over; attendance is None where nobody has told it, which is not zero."""

    kind: EventKind
    title: str
    first: date
    last: date
    place: str
    body: str
    theme: str
    held: bool
    closed: bool
    attendance: int | None
    women: int | None
    men: int | None
    others: int | None
    links: tuple[str, ...]


def events_of(
    session: Session, first: date, last: date, at: datetime, body_id: int | None = None
) -> list[EventRow]:
    """Return the events that begin on these days and were not cancelled, in order; of one body, or all. Two queries."""
    query = (
        select(Event, Body.short_name, Theme.title)
        .outerjoin(Body, Body.id == Event.body_id)
        .outerjoin(Theme, Theme.id == Event.theme_id)
        .where(Event.starts_on.between(first, last), Event.cancelled_at.is_(None))
        .order_by(Event.starts_on, Event.id)
    )
    if body_id is not None:
        query = query.where(Event.body_id == body_id)
    rows = session.execute(query).all()
    links: dict[int, list[str]] = {}
    for event_id, said in session.execute(
        select(EventEvidence.event_id, EventEvidence.said)
        .where(
            EventEvidence.event_id.in_([event.id for event, _, _ in rows]),
            EventEvidence.kind == EvidenceKind.LINK,
        )
        .order_by(EventEvidence.id)
    ):
        links.setdefault(event_id, []).append(said)
    return [
        EventRow(
            event.kind, event.title, event.starts_on, event.ends_on, event.place, body or "", theme or "",
            event.ends_at <= at, event.closed_at is not None, event.attendance, event.women, event.men, event.others,
            tuple(links.get(event.id, ())),
        )
        for event, body, theme in rows
    ]  # fmt: skip
