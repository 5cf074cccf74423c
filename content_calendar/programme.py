"""PlanDAI: how far each participating state is with each of the seven actions, as a public traffic light."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.directory import Body, Confidence
from content_calendar.models.programme import Action, Edition, Milestone, Participation

SOON = timedelta(days=30)


class EditionNotFoundError(NotFoundError):
    """There is no such edition of PlanDAI."""

    code = "edition_not_found"


class ParticipationNotFoundError(NotFoundError):
    """That state does not take part in that edition."""

    code = "participation_not_found"


class ActionNotFoundError(NotFoundError):
    """The edition has no such action. ``position`` is what was asked for."""

    code = "action_not_found"


class DoneInFutureError(InvalidError):
    """What is done was done today or before. ``on`` is a date."""

    code = "done_in_future"


class Light(StrEnum):
    """How an action stands. The rule is printed beside the light.

    done: it was done, early or late.
    soon: due today or within 30 days.
    overdue: its day has passed.
    planned: due later than that.
    no_data: nobody said when it is due, or anything at all; never "not done".
    """

    DONE = "done"
    SOON = "soon"
    OVERDUE = "overdue"
    PLANNED = "planned"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Cell:
    """One action of one state. ``due_on`` is the state's own day or, without one, the edition's."""

    light: Light
    due_on: date | None = None
    done_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One participating state: its body, and a cell for each action in order."""

    ref: str
    slug: str
    short_name: str
    state_iso: str
    state_name: str
    source: str
    confidence: Confidence
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """The traffic light of an edition, with how many cells show each light."""

    edition: Edition
    actions: Sequence[Action]
    rows: Sequence[Row]
    absent: Sequence[str]
    counts: Mapping[Light, int]


def light(due_on: date | None, done_on: date | None, today: date) -> Light:
    """Return the light of an action. Pure."""
    if done_on is not None and done_on <= today:
        return Light.DONE
    if due_on is None:
        return Light.NO_DATA
    if due_on < today:
        return Light.OVERDUE
    return Light.SOON if due_on - today <= SOON else Light.PLANNED


def editions(session: Session) -> Sequence[Edition]:
    """Return the editions, the newest first; one without dates stands by its name."""
    return session.scalars(select(Edition).order_by(Edition.name.desc())).all()


def traffic_light(session: Session, edition_slug: str, today: date) -> Grid:
    """Return the participating states of an edition by its actions, in four queries.

    ``absent`` are the states that a source says do not take part. Raises EditionNotFoundError.
    """
    edition = _edition(session, edition_slug)
    actions = session.scalars(
        select(Action).where(Action.edition_id == edition.id).order_by(Action.position)
    ).all()
    part = session.execute(
        select(Participation, Body)
        .join(Body, Body.id == Participation.body_id)
        .where(Participation.edition_id == edition.id)
        .order_by(Body.state_name)
    ).all()
    milestones = {
        (milestone.participation_id, milestone.action_id): milestone
        for milestone in session.scalars(
            select(Milestone)
            .join(Participation, Participation.id == Milestone.participation_id)
            .where(Participation.edition_id == edition.id)
        )
    }
    rows = [
        Row(
            ref=participation.ref,
            slug=body.slug,
            short_name=body.short_name,
            state_iso=body.state_iso,
            state_name=body.state_name,
            source=participation.source,
            confidence=participation.confidence,
            cells=[_cell(milestones.get((participation.id, action.id)), action, today) for action in actions],
        )
        for participation, body in part
        if participation.takes_part
    ]
    lights = [cell.light for row in rows for cell in row.cells]
    return Grid(
        edition=edition,
        actions=actions,
        rows=rows,
        absent=[body.state_name for participation, body in part if not participation.takes_part],
        counts={each: lights.count(each) for each in Light},
    )


def _cell(milestone: Milestone | None, action: Action, today: date) -> Cell:
    if milestone is None:
        return Cell(Light.NO_DATA)
    due_on = milestone.due_on or action.due_on
    return Cell(light(due_on, milestone.done_on, today), due_on, milestone.done_on, milestone.note)


def _edition(session: Session, slug: str) -> Edition:
    edition = session.scalars(select(Edition).where(Edition.slug == slug)).one_or_none()
    if edition is None:
        raise EditionNotFoundError(slug=slug)
    return edition


def find_participation(session: Session, ref: str) -> Participation:
    """Return a state's participation with its milestones; raise ParticipationNotFoundError."""
    with_all = (joinedload(Participation.milestones), joinedload(Participation.edition))
    found = session.scalars(select(Participation).where(Participation.ref == ref).options(*with_all))
    participation = found.unique().one_or_none()
    if participation is None or not participation.takes_part:
        raise ParticipationNotFoundError(ref=ref)
    return participation


def set_participation(
    session: Session, edition: Edition, body: Body, *, takes_part: bool, source: str, actor_ref: str
) -> Participation:
    """Say whether a state takes part in an edition; without a source it stays unconfirmed."""
    participation = session.scalars(
        select(Participation).where(Participation.edition_id == edition.id, Participation.body_id == body.id)
    ).one_or_none() or Participation(edition_id=edition.id, body_id=body.id)
    participation.takes_part, participation.source = takes_part, source.strip()
    participation.confidence = Confidence.HIGH if participation.source else Confidence.UNCONFIRMED
    session.add(participation)
    session.flush()
    audit.record(
        session, actor_ref, "participation_set", "body", body.slug,
        edition=edition.slug, takes_part=takes_part,
    )  # fmt: skip
    return participation


def record_milestone(
    session: Session, participation: Participation, position: int, cell: Cell, today: date, *, actor_ref: str
) -> Milestone:
    """Write what a state has done of an action: ``cell``'s days and note; its light is computed.

    Raises ActionNotFoundError and DoneInFutureError.
    """
    if cell.done_on is not None and cell.done_on > today:
        raise DoneInFutureError(field="done_on", on=cell.done_on)
    action = session.scalars(
        select(Action).where(Action.edition_id == participation.edition_id, Action.position == position)
    ).one_or_none()
    if action is None:
        raise ActionNotFoundError(position=position)
    milestone = session.scalars(
        select(Milestone).where(
            Milestone.participation_id == participation.id, Milestone.action_id == action.id
        )
    ).one_or_none() or Milestone(participation_id=participation.id, action_id=action.id)
    milestone.due_on, milestone.done_on, milestone.note = cell.due_on, cell.done_on, cell.note.strip()
    milestone.changed_at = now()
    session.add(milestone)
    session.flush()
    audit.record(
        session, actor_ref, "milestone_recorded", "participation", participation.ref,
        action=position, done_on=cell.done_on.isoformat() if cell.done_on else "",
    )  # fmt: skip
    return milestone
