"""What a state did of PlanDAI's actions: said by its liaison, confirmed by the coordination.

Every word of anybody is kept as a claim; the milestone is what counts of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.local_plans import LocalPlan, MilestoneClaim
from content_calendar.models.people import Person
from content_calendar.models.programme import Action, Milestone, Participation
from content_calendar.programme import ActionNotFoundError
from content_calendar.programme_rules import FINAL_REPORT, last_day_of_plan

NOTE_LENGTH = 2_000


class DoneInFutureError(InvalidError):
    """What is done was done today or before. ``on`` is a date."""

    code = "done_in_future"


class DoneDayMissingError(InvalidError):
    """What was done was done on a day."""

    code = "done_day_missing"


class MilestoneNoteError(InvalidError):
    """A note or an answer is longer than ``most`` characters."""

    code = "milestone_note"


class FinalReportLateError(InvalidError):
    """The final report is due before the local plan's twelfth month ends. ``until`` is a date."""

    code = "final_report_late"


class ClaimNotFoundError(NotFoundError):
    """There is no such claim."""

    code = "claim_not_found"


class ClaimDecidedError(ConflictError):
    """Somebody answered it already."""

    code = "claim_decided"


class AnswerMissingError(InvalidError):
    """What is returned is returned with a reason."""

    code = "claim_answer_missing"


@dataclass(frozen=True)
class Told:
    """What somebody says of an action: on which day it was done, and a note."""

    done_on: date | None
    note: str = ""


def find_action(session: Session, participation: Participation, position: int) -> Action:
    """Return an action of the edition that a state takes part in; raise ActionNotFoundError."""
    action = session.scalars(
        select(Action).where(Action.edition_id == participation.edition_id, Action.position == position)
    ).one_or_none()
    if action is None:
        raise ActionNotFoundError(position=position)
    return action


def claim(
    session: Session, participation: Participation, action: Action, told: Told, today: date, by: Person
) -> MilestoneClaim:
    """Write down that a state says it did an action; what it said before and nobody answered is superseded.

    Raises DoneDayMissingError, DoneInFutureError, MilestoneNoteError.
    """
    _check(told, today, needs_day=True)
    for earlier in _open(session, participation, action):
        _decide(earlier, by, accepted=False)
    row = _claim(participation, action, told, by)
    session.add(row)
    session.flush()
    audit.record(
        session, by.ref, "milestone_claimed", "participation", participation.ref, action=action.position
    )
    return row


def accept(session: Session, row: MilestoneClaim, by: Person) -> Milestone:
    """Confirm what a state said: from now on it counts. Raises ClaimDecidedError."""
    if row.accepted is not None:
        raise ClaimDecidedError
    _decide(row, by, accepted=True)
    milestone = _milestone(session, row.participation_id, row.action_id)
    milestone.done_on, milestone.changed_at = row.done_on, now()
    milestone.note = row.note or milestone.note
    session.flush()
    audit.record(session, by.ref, "milestone_confirmed", "claim", row.ref)
    return milestone


def give_back(session: Session, row: MilestoneClaim, answer: str, by: Person) -> None:
    """Return what a state said, with a reason. Raises AnswerMissingError, MilestoneNoteError, ClaimDecidedError."""
    if row.accepted is not None:
        raise ClaimDecidedError
    if not answer.strip():
        raise AnswerMissingError(field="answer")
    if len(answer) > NOTE_LENGTH:
        raise MilestoneNoteError(field="answer", most=NOTE_LENGTH)
    _decide(row, by, accepted=False)
    row.answer = answer.strip()
    session.flush()
    audit.record(session, by.ref, "milestone_returned", "claim", row.ref)


def record(
    session: Session, participation: Participation, action: Action, told: Told, today: date, by: Person
) -> MilestoneClaim:
    """Write what counts of an action, as the coordination does: no day means that it is not done after all.

    Raises DoneInFutureError, MilestoneNoteError.
    """
    _check(told, today, needs_day=False)
    for earlier in _open(session, participation, action):
        _decide(earlier, by, accepted=False)
    row = _claim(participation, action, told, by)
    _decide(row, by, accepted=True)
    session.add(row)
    milestone = _milestone(session, participation.id, action.id)
    milestone.done_on, milestone.note, milestone.changed_at = told.done_on, told.note.strip(), now()
    session.flush()
    audit.record(
        session, by.ref, "milestone_recorded", "participation", participation.ref,
        action=action.position, done_on=told.done_on.isoformat() if told.done_on else "",
    )  # fmt: skip
    return row


def set_due(
    session: Session, participation: Participation, action: Action, due_on: date | None, by: Person
) -> None:
    """Give a state a day of its own for an action, or none again. Raises FinalReportLateError."""
    if action.position == FINAL_REPORT and due_on is not None:
        starts_on = session.scalar(
            select(LocalPlan.starts_on).where(LocalPlan.participation_id == participation.id)
        )
        if starts_on is not None and due_on > last_day_of_plan(starts_on):
            raise FinalReportLateError(field="due_on", until=last_day_of_plan(starts_on))
    milestone = _milestone(session, participation.id, action.id)
    milestone.due_on, milestone.changed_at = due_on, now()
    session.flush()
    audit.record(
        session, by.ref, "milestone_due_set", "participation", participation.ref,
        action=action.position, due_on=due_on.isoformat() if due_on else "",
    )  # fmt: skip


def take_back(session: Session, row: MilestoneClaim, by: Person) -> None:
    """Undo one's own last word on an action: a claim is withdrawn, a record goes back to what counted before.

    Raises ClaimDecidedError where somebody has said something since, or it is somebody else's.
    """
    newest = session.scalar(
        select(MilestoneClaim.id)
        .where(
            MilestoneClaim.participation_id == row.participation_id, MilestoneClaim.action_id == row.action_id
        )
        .order_by(MilestoneClaim.id.desc())
        .limit(1)
    )
    if newest != row.id or row.said_by_id != by.id or row.accepted is False:
        raise ClaimDecidedError
    if row.accepted:
        if row.decided_by_id != by.id:
            raise ClaimDecidedError
        before = session.scalars(
            select(MilestoneClaim)
            .where(
                MilestoneClaim.participation_id == row.participation_id,
                MilestoneClaim.action_id == row.action_id,
                MilestoneClaim.accepted.is_(True),
                MilestoneClaim.id < row.id,
            )
            .order_by(MilestoneClaim.id.desc())
            .limit(1)
        ).first()
        milestone = _milestone(session, row.participation_id, row.action_id)
        milestone.done_on, milestone.changed_at = before.done_on if before else None, now()
        milestone.note = before.note if before else ""
    _decide(row, by, accepted=False)
    session.flush()
    audit.record(session, by.ref, "milestone_taken_back", "claim", row.ref)


def find_claim(session: Session, ref: str) -> MilestoneClaim:
    """Return the claim of that reference; raise ClaimNotFoundError."""
    row = session.scalars(select(MilestoneClaim).where(MilestoneClaim.ref == ref)).one_or_none()
    if row is None:
        raise ClaimNotFoundError(ref=ref)
    return row


def history(session: Session, participation: Participation) -> Sequence[MilestoneClaim]:
    """Return everything that was said of a state's actions, the newest first, with who said it."""
    return session.scalars(
        select(MilestoneClaim)
        .where(MilestoneClaim.participation_id == participation.id)
        .options(joinedload(MilestoneClaim.said_by), joinedload(MilestoneClaim.decided_by))
        .order_by(MilestoneClaim.id.desc())
    ).all()


def _check(told: Told, today: date, *, needs_day: bool) -> None:
    if needs_day and told.done_on is None:
        raise DoneDayMissingError(field="done_on")
    if told.done_on is not None and told.done_on > today:
        raise DoneInFutureError(field="done_on", on=told.done_on)
    if len(told.note) > NOTE_LENGTH:
        raise MilestoneNoteError(field="note", most=NOTE_LENGTH)


def _claim(participation: Participation, action: Action, told: Told, by: Person) -> MilestoneClaim:
    return MilestoneClaim(
        participation_id=participation.id, action_id=action.id, done_on=told.done_on,
        note=told.note.strip(), said_by_id=by.id, said_at=now(),
    )  # fmt: skip


def _decide(row: MilestoneClaim, by: Person, *, accepted: bool) -> None:
    row.accepted, row.decided_by_id, row.decided_at = accepted, by.id, now()


def _open(session: Session, participation: Participation, action: Action) -> Sequence[MilestoneClaim]:
    return session.scalars(
        select(MilestoneClaim)
        .where(
            MilestoneClaim.participation_id == participation.id,
            MilestoneClaim.action_id == action.id,
            MilestoneClaim.accepted.is_(None),
        )
        .with_for_update()
    ).all()


def _milestone(session: Session, participation_id: int, action_id: int) -> Milestone:
    insert_absent(session, Milestone, [{"participation_id": participation_id, "action_id": action_id}])
    return session.scalars(
        select(Milestone).where(
            Milestone.participation_id == participation_id, Milestone.action_id == action_id
        )
    ).one()
