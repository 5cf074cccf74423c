"""What the plan wants of each kind of event, and how far we are: closed events are done, the rest is planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.events import Event, EventKind, Goal, Measure
from content_calendar.models.people import Person

TITLE_LENGTH, TEXT_LENGTH = 300, 2_000
MOST = 10_000


class GoalNotFoundError(NotFoundError):
    """There is no goal of that reference."""

    code = "goal_not_found"


class GoalInvalidError(InvalidError):
    """A goal has a title of at most ``most`` characters."""

    code = "goal_title"


class GoalTargetError(InvalidError):
    """A goal is a number from 1 to ``most``, or none."""

    code = "goal_target"


class GoalDaysError(InvalidError):
    """A goal's last day is not before its first."""

    code = "goal_days"


@dataclass(frozen=True)
class GoalFields:
    """What a person writes of a goal."""

    title: str
    kind: EventKind
    measure: Measure
    target: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What of an event a goal looks at."""

    kind: EventKind
    starts_on: date
    body_id: int | None
    closed: bool


@dataclass(frozen=True)
class Progress:
    """How far a goal is. ``missing`` is None where nobody has given a number.

    ``without_body`` are events that a goal counted by bodies passes over, since no body hosts them.
    """

    done: int
    planned: int
    missing: int | None
    without_body: int = 0


@dataclass(frozen=True)
class Followed:
    """A goal and how far it is."""

    goal: Goal
    progress: Progress = field(default_factory=lambda: Progress(0, 0, None))


def progress(goal: Goal, events: Iterable[Counted]) -> Progress:
    """Return how far a goal is, given the events that were not cancelled. Pure.

    By bodies, one that has hosted a closed event is done, however often it hosts again.
    """
    ours = [one for one in events if one.kind is goal.kind and _within(goal, one.starts_on)]
    if goal.measure is Measure.BODIES:
        closed = {one.body_id for one in ours if one.closed} - {None}
        done, planned = len(closed), len({one.body_id for one in ours} - closed - {None})
    else:
        done = sum(one.closed for one in ours)
        planned = len(ours) - done
    missing = None if goal.target is None else max(0, goal.target - done - planned)
    without = sum(one.body_id is None for one in ours) if goal.measure is Measure.BODIES else 0
    return Progress(done, planned, missing, without)


def _within(goal: Goal, day: date) -> bool:
    return (goal.starts_on is None or day >= goal.starts_on) and (goal.ends_on is None or day <= goal.ends_on)


def followed(session: Session) -> list[Followed]:
    """Return every goal with how far it is; two queries."""
    goals = session.scalars(select(Goal).order_by(Goal.id)).all()
    rows = session.execute(
        select(Event.kind, Event.starts_on, Event.body_id, Event.closed_at.is_not(None)).where(
            Event.cancelled_at.is_(None)
        )
    )
    events = [Counted(kind, starts_on, body_id, bool(closed)) for kind, starts_on, body_id, closed in rows]
    return [Followed(one, progress(one, events)) for one in goals]


def events_of(session: Session, goal: Goal) -> Sequence[Event]:
    """Return the events of a goal's kind that were not cancelled, in order of time."""
    asked = (
        select(Event).where(Event.cancelled_at.is_(None), Event.kind == goal.kind).order_by(Event.starts_at)
    )
    return [one for one in session.scalars(asked) if _within(goal, one.starts_on)]


def find(session: Session, ref: str) -> Goal:
    """Return the goal of that reference; raise GoalNotFoundError."""
    goal = session.scalars(select(Goal).where(Goal.ref == ref)).one_or_none()
    if goal is None:
        raise GoalNotFoundError(ref=ref)
    return goal


def save(session: Session, person: Person, fields: GoalFields, goal: Goal | None = None) -> Goal:
    """Write a new goal, or change one; its source stays. Raises GoalInvalidError, GoalTargetError, GoalDaysError."""
    title = " ".join(fields.title.split())
    if not title or len(title) > TITLE_LENGTH or len(fields.note) > TEXT_LENGTH:
        raise GoalInvalidError(field="note" if 0 < len(title) <= TITLE_LENGTH else "title", most=TITLE_LENGTH)
    if fields.target is not None and not 1 <= fields.target <= MOST:
        raise GoalTargetError(field="target", most=MOST)
    if fields.starts_on and fields.ends_on and fields.ends_on < fields.starts_on:
        raise GoalDaysError(field="ends_on")
    row = goal or Goal()
    was = row.target
    row.title, row.kind, row.measure, row.target = title, fields.kind, fields.measure, fields.target
    row.starts_on, row.ends_on, row.note = fields.starts_on, fields.ends_on, fields.note.strip()
    session.add(row)
    session.flush()
    act = "goal_edited" if goal else "goal_made"
    audit.record(session, person.ref, act, "goal", row.ref, target=row.target, was=was)
    return row
