"""Contributions that are owed: their body is reminded before the day and after it, then the commission is told.

Twice at most, and only of what is owed: who was invited, or offered by themselves, is reminded of nothing.
"""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import contribution_notices
from content_calendar.clock import now
from content_calendar.models.plan import Bimester, Contribution, ContributionStage
from content_calendar.wall_time import zone_named

BEFORE, AFTER = timedelta(days=3), timedelta(days=1)
# After the day, and after the last reminder: nobody is reported the morning after they were asked.
PATIENCE, REST = timedelta(days=4), timedelta(days=2)
MOST_REMINDERS = 2
_MOST_AT_ONCE = 2000
_OPEN = (ContributionStage.ASKED, ContributionStage.RETURNED)


class Step(StrEnum):
    """What is done about a contribution that has not come."""

    REMIND = "remind"
    ESCALATE = "escalate"


def next_step(due_on: date, today: date, reminders: int, reminded_on: date | None) -> Step | None:
    """Return what is to be done today, None for nothing; all days are the body's. Pure."""
    if reminded_on is not None and today < reminded_on + REST:
        return None
    if reminders >= MOST_REMINDERS:
        return Step.ESCALATE if today >= due_on + PATIENCE else None
    begins = due_on - BEFORE if reminders == 0 else due_on + AFTER
    return Step.REMIND if today >= begins else None


def chase(session: Session) -> int:
    """Remind and escalate what is due for it; return how many contributions that were.

    Whoever else does the same at once waits here, and then finds it done.
    """
    at = now()
    due_on = func.coalesce(Contribution.due_on, Bimester.ends_on)
    rows = session.execute(
        select(Contribution, due_on)
        .join(Bimester, Bimester.id == Contribution.bimester_id)
        .where(
            Contribution.owed.is_(True),
            Contribution.stage.in_(_OPEN),
            Contribution.escalated_at.is_(None),
            # A day more than any zone is away.
            due_on <= at.date() + BEFORE + timedelta(days=1),
        )
        .options(joinedload(Contribution.theme), joinedload(Contribution.body))
        .order_by(Contribution.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update(of=Contribution)
    ).all()
    slow, late = {}, []
    for one, day in rows:
        zone = zone_named(one.body.zone)
        reminded_on = one.reminded_at.astimezone(zone).date() if one.reminded_at else None
        step = next_step(day, at.astimezone(zone).date(), one.reminders, reminded_on)
        if step is Step.REMIND:
            one.reminders, one.reminded_at = one.reminders + 1, at
            slow[one] = {"due_on": day.isoformat()}
        elif step is Step.ESCALATE:
            one.escalated_at = at
            late.append(one)
    session.flush()
    contribution_notices.chased(session, slow, late)
    return len(slow) + len(late)
