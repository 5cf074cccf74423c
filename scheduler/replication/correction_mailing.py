"""The letters of corrections: one a body, with a link of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock, deputies
from scheduler import linked_letters
from scheduler.linked_letters import AGAIN, MOST_AT_ONCE, Round
from scheduler.mailing import Letter
from scheduler.replication import corrections
from scheduler.replication.correction_models import Correction, CorrectionTask
from scheduler.worker import Worker


@dataclass(frozen=True)
class CorrectionParcel:
    """What one letter is about: to whom, for which body, what was wrong, with which link, and which reminder it is."""

    ref: str
    name: str
    email: str
    body_name: str
    title: str
    why: str
    said: str
    right: str
    doubtful: bool
    token: str
    reminders: int


WriteCorrectionLetter = Callable[[CorrectionParcel], Letter]


def tick(worker: Worker, write: WriteCorrectionLetter) -> int:
    """Write to the bodies that are due; return how many letters went out. Without a server, nothing happens."""
    return linked_letters.tick(worker, _LETTERS, write)


def _is_due(session: Session, at: datetime) -> bool:
    return bool(session.scalar(select(exists().where(CorrectionTask.mail_at <= at))))


def _take(session: Session, at: datetime) -> list[CorrectionParcel]:
    due = session.scalars(
        select(CorrectionTask)
        .where(CorrectionTask.mail_at <= at)
        .options(
            joinedload(CorrectionTask.body),
            joinedload(CorrectionTask.correction).joinedload(Correction.post),
        )
        .order_by(CorrectionTask.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=CorrectionTask, skip_locked=True)
    ).all()
    answering = deputies.answering(session, [one.body_id for one in due], at.date())
    parcels = []
    for task in due:
        who = next((one.person for one in answering.get(task.body_id, ()) if one.since <= at.date()), None)
        if who is None or not task.open:
            # Staff was told that nobody answers for it, and copies the link by hand.
            task.mail_at = None
            continue
        task.mail_at, made = at + AGAIN, task.correction
        parcels.append(
            CorrectionParcel(
                task.ref, who.name, who.email, task.body.name, made.post.title or made.said[:90], made.why,
                made.said, made.right, task.doubtful, corrections.new_link(session, task), task.reminders,
            )
        )  # fmt: skip
    return parcels


def _note(session: Session, refs: Sequence[str], code: str, rests: bool) -> None:  # noqa: FBT001 -- as ``Round`` calls it
    values: dict[str, object] = {"mail_code": code}
    if rests:
        values["mail_at"] = None
    if not code:
        values["mailed_at"] = clock.now()
    session.execute(update(CorrectionTask).where(CorrectionTask.ref.in_(refs)).values(**values))


_LETTERS = Round("correction", _is_due, _take, _note)
