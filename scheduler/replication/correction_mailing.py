"""The letters of corrections: one a body, with a link of its own, through the mail server of the settings.

At least once, not exactly once: a worker that dies between the server's yes and its own note writes again.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import joinedload

from content_calendar import clock, deputies
from scheduler.mailing import Deliver, Letter, LetterRefusedError, MailError, compose, connected
from scheduler.replication import corrections
from scheduler.replication.correction_models import Correction, CorrectionTask
from scheduler.worker import Worker

_log = logging.getLogger(__name__)
_MOST_AT_ONCE = 20
# A letter that was taken and did not leave is tried again after this.
_AGAIN = timedelta(minutes=10)


@dataclass(frozen=True)
class CorrectionParcel:
    """What one letter is about: to whom, for which body, what was wrong, with which link, and which reminder it is."""

    task_ref: str
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
    if not worker.settings.mail_host or not worker.settings.public_url:
        return 0
    with worker.database.reading() as session:
        if not session.scalar(select(exists().where(CorrectionTask.mail_at <= clock.now()))):
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
        _log.warning("no letter of a correction goes out: %s", error)
        _note(worker, [one.task_ref for one in parcels], mail_code=error.code)
    return sent


def _take(worker: Worker) -> list[CorrectionParcel]:
    at = clock.now()
    with worker.database.transaction() as session:
        due = session.scalars(
            select(CorrectionTask)
            .where(CorrectionTask.mail_at <= at)
            .options(
                joinedload(CorrectionTask.body),
                joinedload(CorrectionTask.correction).joinedload(Correction.post),
            )
            .order_by(CorrectionTask.id)
            .limit(_MOST_AT_ONCE)
            .with_for_update(of=CorrectionTask, skip_locked=True)
        ).all()
        answering = deputies.answering(session, [one.body_id for one in due], at.date())
        parcels = []
        for task in due:
            who = next(
                (one.person for one in answering.get(task.body_id, ()) if one.since <= at.date()), None
            )
            if who is None or not task.open:
                # Staff was told that nobody answers for it, and copies the link by hand.
                task.mail_at = None
                continue
            task.mail_at, made = at + _AGAIN, task.correction
            parcels.append(
                CorrectionParcel(
                    task.ref, who.name, who.email, task.body.name, made.post.title or made.said[:90], made.why,
                    made.said, made.right, task.doubtful, corrections.new_link(session, task), task.reminders,
                )
            )  # fmt: skip
        return parcels


def _mail(worker: Worker, write: WriteCorrectionLetter, deliver: Deliver, parcel: CorrectionParcel) -> int:
    try:
        letter_id = hashlib.sha256(f"correction {parcel.token}".encode()).hexdigest()[:32]
        deliver(compose(worker.settings, parcel.name, parcel.email, write(parcel), letter_id))
    except LetterRefusedError as error:
        _note(worker, [parcel.task_ref], mail_code=error.code, mail_at=None)
        return 0
    except MailError:
        raise
    except Exception:  # noqa: BLE001 -- one letter that cannot be written must not keep those of the others
        _log.exception("a letter of a correction could not be written")
        return 0
    _note(worker, [parcel.task_ref], mail_code="", mail_at=None, mailed_at=clock.now())
    return 1


def _note(worker: Worker, refs: Sequence[str], **values: object) -> None:
    with worker.database.transaction() as session:
        session.execute(update(CorrectionTask).where(CorrectionTask.ref.in_(refs)).values(**values))
