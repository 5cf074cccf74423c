"""What bodies owe."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.models.plan import Contribution, ContributionStage
from webapp.session import db

_SOON = timedelta(days=14)
_MOST = 40


def owed(today: date, body_ids: Sequence[int] | None = None) -> Sequence[Contribution]:
    """Return contributions that are asked for and due soon or overdue, the most overdue first."""
    query = (
        select(Contribution)
        .where(
            Contribution.stage.in_((ContributionStage.ASKED, ContributionStage.RETURNED)),
            Contribution.due_on <= today + _SOON,
        )
        .options(joinedload(Contribution.body), joinedload(Contribution.theme))
        .order_by(Contribution.due_on, Contribution.id)
        .limit(_MOST)
    )
    if body_ids is not None:
        query = query.where(Contribution.body_id.in_(body_ids))
    return db().scalars(query).all()
