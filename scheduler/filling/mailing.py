"""The sweep's letters: one a body, with a link of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock
from scheduler import linked_letters
from scheduler.filling import sweeps
from scheduler.filling.models import SweepAsk
from scheduler.linked_letters import AGAIN, MOST_AT_ONCE, Round
from scheduler.mailing import Letter
from scheduler.worker import Worker


@dataclass(frozen=True)
class SweepParcel:
    """What one letter is about: to whom, for which body, with which link, and whether it is a reminder."""

    ref: str
    name: str
    email: str
    body_name: str
    words: str
    token: str
    reminders: int


WriteSweepLetter = Callable[[SweepParcel], Letter]


def tick(worker: Worker, write: WriteSweepLetter) -> int:
    """Write to the bodies that are due; return how many letters went out. Without a server, nothing happens."""
    return linked_letters.tick(worker, _LETTERS, write)


def _is_due(session: Session, at: datetime) -> bool:
    return bool(session.scalar(select(exists().where(SweepAsk.mail_at <= at))))


def _take(session: Session, at: datetime) -> list[SweepParcel]:
    asks = session.scalars(
        select(SweepAsk)
        .where(SweepAsk.mail_at <= at)
        .options(joinedload(SweepAsk.body), joinedload(SweepAsk.sweep))
        .order_by(SweepAsk.id)
        .limit(MOST_AT_ONCE)
        .with_for_update(of=SweepAsk, skip_locked=True)
    ).all()
    parcels = []
    for ask in asks:
        ask.mail_at = at + AGAIN
        parcels.append(
            SweepParcel(
                ask.ref, ask.name, ask.email, ask.body.name, ask.sweep.words,
                sweeps.new_link(session, ask), ask.reminders,
            )
        )  # fmt: skip
    return parcels


def _note(session: Session, refs: Sequence[str], code: str, rests: bool) -> None:  # noqa: FBT001 -- as ``Round`` calls it
    values: dict[str, object] = {"said_code": code}
    if rests:
        values["mail_at"] = None
    if not code:
        values["written_at"] = clock.now()
    session.execute(update(SweepAsk).where(SweepAsk.ref.in_(refs)).values(**values))


_LETTERS = Round("sweep", _is_due, _take, _note)
