"""The sweep's letters: one a body, with a link of its own, through the mail server of the settings.

At least once, not exactly once: a worker that dies between the server's yes and its own note writes again.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from content_calendar import clock
from scheduler.filling import sweeps
from scheduler.filling.models import SweepAsk
from scheduler.mailing import Deliver, Letter, LetterRefusedError, MailError, compose, connected
from scheduler.worker import Worker

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 20
# A letter that was taken and did not leave is tried again after this.
_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class SweepParcel:
    """What one letter is about: to whom, for which body, with which link, and whether it is a reminder."""

    ask_ref: str
    name: str
    email: str
    body_name: str
    words: str
    token: str
    reminders: int


WriteSweepLetter = Callable[[SweepParcel], Letter]


def tick(worker: Worker, write: WriteSweepLetter) -> int:
    """Write to the bodies that are due; return how many letters went out. Without a server, nothing happens."""
    if not worker.settings.mail_host or not worker.settings.public_url:
        return 0
    at = clock.now()
    with worker.database.reading() as session:
        if not session.scalar(select(exists().where(SweepAsk.mail_at <= at))):
            return 0
    parcels = _take(worker)
    sent = 0
    try:
        with connected(worker.settings) as deliver:
            while parcels:
                sent += _mail(worker, write, deliver, parcels[0])
                parcels.pop(0)
    except MailError as error:
        # They are tried again by themselves; why no mail goes out is told by whoever mails the notices.
        _log.warning("no letter of the sweep goes out: %s", error)
        _note(worker, [one.ask_ref for one in parcels], said_code=error.code)
    return sent


def _take(worker: Worker) -> list[SweepParcel]:
    at = clock.now()
    with worker.database.transaction() as session:
        asks = session.scalars(
            select(SweepAsk)
            .where(SweepAsk.mail_at <= at)
            .options(joinedload(SweepAsk.body), joinedload(SweepAsk.sweep))
            .order_by(SweepAsk.id)
            .limit(_MOST_AT_ONCE)
            .with_for_update(of=SweepAsk, skip_locked=True)
        ).all()
        parcels = []
        for ask in asks:
            ask.mail_at = at + _AGAIN
            parcels.append(
                SweepParcel(
                    ask.ref, ask.name, ask.email, ask.body.name, ask.sweep.words,
                    sweeps.new_link(session, ask), ask.reminders,
                )
            )  # fmt: skip
        return parcels


def _mail(worker: Worker, write: WriteSweepLetter, deliver: Deliver, parcel: SweepParcel) -> int:
    try:
        deliver(
            compose(worker.settings, parcel.name, parcel.email, write(parcel), _letter_id(parcel))
        )  # fmt: skip
    except LetterRefusedError as error:
        _note(worker, [parcel.ask_ref], said_code=error.code, mail_at=None)
        return 0
    except MailError:
        raise
    except Exception:  # noqa: BLE001 -- one letter that cannot be written must not keep those of the others
        _log.exception("a letter of the sweep could not be written")
        return 0
    _note(worker, [parcel.ask_ref], said_code="", mail_at=None, written_at=clock.now())
    return 1


def _note(worker: Worker, refs: Sequence[str], **values: object) -> None:
    with worker.database.transaction() as session:
        session.execute(update(SweepAsk).where(SweepAsk.ref.in_(refs)).values(**values))


def _letter_id(parcel: SweepParcel) -> str:
    return hashlib.sha256(f"sweep {parcel.token}".encode()).hexdigest()[:32]
