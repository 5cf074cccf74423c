"""What of events stands in the calendar, as plain values: each event on its days, each further date on its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from content_calendar.models.directory import Body
from content_calendar.models.events import Event, EventDeadline, EventKind
from content_calendar.models.plan import Theme


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which events are asked for; empty means all."""

    body_slug: str = ""
    theme_ref: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class EventFact:
    """An event, or one of its further dates when ``deadline`` names it: days, both in it.

    ``local`` and ``ends_local`` are the wall times in ``zone`` that were meant, of whole days midnights;
    ``body_name`` is empty for what the commission itself hosts.
    """

    ref: str
    kind: EventKind
    title: str
    starts_on: date
    ends_on: date
    all_day: bool
    local: str
    ends_local: str
    zone: str
    place: str
    body_name: str
    theme_ref: str
    cancelled: bool
    closed: bool
    deadline: str = ""
    deadline_ref: str = ""


_Query = Select[*tuple[Any, ...]]


def asks(first: date, last: date, chosen: Chosen) -> dict[str, _Query]:
    """Return the queries of events and further dates on some days, to be asked together (``gathering.gather``)."""
    events = (
        _joined(chosen, Event.starts_on, Event.ends_on)
        .where(Event.starts_on <= last, Event.ends_on >= first)
        .order_by(Event.starts_on, Event.starts_local, Event.id)
    )
    deadlines = (
        _joined(chosen, EventDeadline.due_on, EventDeadline.due_on)
        .add_columns(EventDeadline.name, EventDeadline.ref)
        .join(EventDeadline, EventDeadline.event_id == Event.id)
        .where(EventDeadline.due_on.between(first, last))
        .order_by(EventDeadline.due_on, EventDeadline.id)
    )
    return {"events": events, "event_deadlines": deadlines}


def told(found: Mapping[str, Sequence[tuple[Any, ...]]]) -> list[EventFact]:
    """Return what ``asks`` found, in order of days."""
    facts = [_fact(row) for name in ("events", "event_deadlines") for row in found[name]]
    return sorted(facts, key=lambda one: (one.starts_on, one.local if not one.deadline else "", one.ref))


def _fact(row: tuple[Any, ...]) -> EventFact:
    # What no body hosts, and what has no theme, comes without their names.
    return EventFact(*row[:10], *(text or "" for text in row[10:12]), *row[12:])


def _joined(chosen: Chosen, first: Any, last: Any) -> _Query:  # noqa: ANN401 -- attributes of two models
    query: _Query = (
        select(
            Event.ref,
            Event.kind,
            Event.title,
            first.label("first_day"),
            last.label("last_day"),
            Event.all_day,
            Event.starts_local,
            Event.ends_local,
            Event.zone,
            Event.place,
            Body.short_name,
            Theme.ref.label("theme_ref"),
            Event.cancelled_at.is_not(None).label("cancelled"),
            Event.closed_at.is_not(None).label("closed"),
        )
        .select_from(Event)
        .outerjoin(Body, Body.id == Event.body_id)
        .outerjoin(Theme, Theme.id == Event.theme_id)
    )
    if chosen.body_slug:
        query = query.where(Body.slug == chosen.body_slug)
    if chosen.theme_ref:
        query = query.where(Theme.ref == chosen.theme_ref)
    if chosen.kind in set(EventKind):
        query = query.where(Event.kind == EventKind(chosen.kind))
    return query
