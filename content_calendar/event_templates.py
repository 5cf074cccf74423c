"""The posts that each kind of event asks for: when each goes out, counted from the event's days, and what it says.

The house's own are a seed file; what people changed stands in the database over it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.events import Anchor, Event, EventDeadline, EventKind, EventTemplate, Step
from content_calendar.models.people import Person
from content_calendar.seeds import sheets

LONGEST = 2_000
MOST_DAYS = 366
GAPS = ("titulo", "cuando", "dia", "donde", "organismo", "enlace", "plazo", "fecha")
_GAP = re.compile(r"\{(\w+)\}")
_WITHOUT_HOUR = time(10)


class TemplateNotFoundError(NotFoundError):
    """That kind of event has no such post."""

    code = "event_template_not_found"


class TemplateTextError(InvalidError):
    """A post of a template says something, in ``most`` characters at most."""

    code = "event_template_text"


class TemplateDaysError(InvalidError):
    """A post goes out ``most`` days before or after, at most."""

    code = "event_template_days"


class TemplateHourError(InvalidError):
    """An hour is written like 10:00, or left empty."""

    code = "event_template_hour"


class TemplateGapError(InvalidError):
    """There is no such gap to fill; ``gap`` is what was written between braces."""

    code = "event_template_gap"


@dataclass(frozen=True)
class Template:
    """A post of a kind's template. ``hour`` is by the event's clock; none is the hour at which it begins.

    ``campaigns`` are the slugs of those whose tags and rules it carries.
    """

    kind: EventKind
    step: Step
    anchor: Anchor
    days: int
    hour: time | None
    body: str
    campaigns: tuple[str, ...]
    changed: bool = False


def every(session: Session) -> Sequence[Template]:
    """Return the templates in force, by kind and in the order in which their posts go out; one query."""
    rows = session.execute(
        select(
            EventTemplate.kind, EventTemplate.step, EventTemplate.days, EventTemplate.hour, EventTemplate.body
        )
    )
    changed = {(kind, step): (days, _hour(hour), body) for kind, step, days, hour, body in rows}
    return [
        replace(one, days=said[0], hour=said[1], body=said[2], changed=True)
        if (said := changed.get((one.kind, one.step)))
        else one
        for one in _seeded()
    ]


def of_kind(session: Session, kind: EventKind) -> list[Template]:
    """Return the templates in force of one kind; one query."""
    return [one for one in every(session) if one.kind is kind]


def find(session: Session, kind: str, step: str) -> Template:
    """Return the template in force of a kind's step; raise TemplateNotFoundError."""
    for one in every(session):
        if (one.kind.value, one.step.value) == (kind, step):
            return one
    raise TemplateNotFoundError


def change(session: Session, person: Person, one: Template, days: int, hour: str, body: str) -> None:
    """Change when a post goes out and what it says, from now on.

    Raises TemplateTextError, TemplateDaysError, TemplateHourError or TemplateGapError.
    """
    said = body.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise TemplateTextError(field="body", most=LONGEST)
    if abs(days) > MOST_DAYS:
        raise TemplateDaysError(field="days", most=MOST_DAYS)
    for gap in _GAP.findall(said):
        if gap not in GAPS:
            raise TemplateGapError(field="body", gap=gap)
    try:
        at = _hour(hour.strip())
    except ValueError as error:
        raise TemplateHourError(field="hour") from error
    row = session.scalars(_stored(one)).one_or_none() or EventTemplate(kind=one.kind, step=one.step)
    row.days, row.hour, row.body = days, at.strftime("%H:%M") if at else "", said
    row.changed_by_id, row.changed_at = person.id, now()
    session.add(row)
    session.flush()
    audit.record(session, person.ref, "event_template_changed", "event_template", f"{one.kind}/{one.step}")


def forget(session: Session, person: Person, one: Template) -> None:
    """Go back to the house's own words for a post."""
    session.execute(
        delete(EventTemplate).where(EventTemplate.kind == one.kind, EventTemplate.step == one.step)
    )
    audit.record(session, person.ref, "event_template_forgotten", "event_template", f"{one.kind}/{one.step}")


def moment(event: Event, one: Template, deadline: EventDeadline | None = None) -> datetime:
    """Return when a post of the template goes out, by the event's clock. Pure."""
    day = _day(event, one.anchor, deadline) + timedelta(days=one.days)
    begins = _WITHOUT_HOUR if event.all_day else datetime.fromisoformat(event.starts_local).time()
    return datetime.combine(day, one.hour or (_WITHOUT_HOUR if deadline else begins))


def fill(body: str, values: Mapping[str, str]) -> str:
    """Return a template's words with their gaps filled; a line of which a gap has nothing is left out. Pure."""
    lines = []
    for line in body.splitlines():
        gaps = _GAP.findall(line)
        if all(values.get(gap, "").strip() for gap in gaps):
            lines.append(_GAP.sub(lambda found: values[found.group(1)], line))
    return "\n".join(lines).strip()


def _day(event: Event, anchor: Anchor, deadline: EventDeadline | None) -> date:
    if deadline is not None:
        return deadline.due_on
    return event.ends_on if anchor is Anchor.END else event.starts_on


def _stored(one: Template) -> Select[EventTemplate]:
    return select(EventTemplate).where(EventTemplate.kind == one.kind, EventTemplate.step == one.step)


def _hour(said: str) -> time | None:
    return time.fromisoformat(said) if said else None


@lru_cache(maxsize=1)
def _seeded() -> Sequence[Template]:
    return [
        Template(
            EventKind(row["kind"]),
            Step(row["step"]),
            Anchor(row["anchor"]),
            int(row["days"]),
            _hour(row["hour"]),
            row["body"].replace("\\n", "\n"),
            tuple(row["campaigns"].split()),
        )
        for row in sheets.read("event_posts")
    ]
