"""Letters to bodies with a link of their own each, through the mail server of the settings: a round of them at a time.

At least once, not exactly once: a worker that dies between the server's yes and its own note writes again.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from content_calendar import clock
from scheduler.mailing import Deliver, Letter, LetterRefusedError, MailError, compose, connected
from scheduler.worker import Worker

_log = logging.getLogger(__name__)
MOST_AT_ONCE = 20
AGAIN = timedelta(minutes=10)
"""A letter that was taken and did not leave is tried again after this."""
UNWRITABLE = "mail_letter_unwritable"


class Parcel(Protocol):
    """What one letter is about, and to whom it goes; ``ref`` is of the row that asks for it."""

    @property
    def ref(self) -> str:
        """Return the reference of the row that asks for the letter."""

    @property
    def name(self) -> str:
        """Return who it goes to."""

    @property
    def email(self) -> str:
        """Return where it goes."""

    @property
    def token(self) -> str:
        """Return what opens its link."""


P = TypeVar("P", bound=Parcel)


@dataclass(frozen=True)
class Round(Generic[P]):
    """One kind of letter: whether any is due, taking what is due for a while, and noting what came of it.

    ``note`` is given references and a code, empty when the letter went out, and whether the letter rests: it went out,
    or nothing that a machine does will make it go.
    """

    kind: str
    is_due: Callable[[Session, datetime], bool]
    take: Callable[[Session, datetime], Sequence[P]]
    note: Callable[[Session, Sequence[str], str, bool], None]


def tick(worker: Worker, letters: Round[P], write: Callable[[P], Letter]) -> int:
    """Write to the bodies that are due; return how many letters went out. Without a server, nothing happens."""
    if not worker.settings.mail_host or not worker.settings.public_url:
        return 0
    with worker.database.reading() as session:
        if not letters.is_due(session, clock.now()):
            return 0
    with worker.database.transaction() as session:
        parcels = list(letters.take(session, clock.now()))
    sent = 0
    try:
        with connected(worker.settings) as deliver:
            while parcels:
                sent += _mail(worker, letters, write, deliver, parcels[0])
                parcels.pop(0)
    except MailError as error:
        # They are tried again by themselves; why no mail goes out is told by whoever mails the notices.
        _log.warning("no letter of %s goes out: %s", letters.kind, error)
        _note(worker, letters, [one.ref for one in parcels], error.code, rests=False)
    return sent


def _mail(
    worker: Worker, letters: Round[P], write: Callable[[P], Letter], deliver: Deliver, parcel: P
) -> int:
    try:
        letter_id = hashlib.sha256(f"{letters.kind} {parcel.token}".encode()).hexdigest()[:32]
        deliver(compose(worker.settings, parcel.name, parcel.email, write(parcel), letter_id))
    except LetterRefusedError as error:
        _note(worker, letters, [parcel.ref], error.code, rests=True)
        return 0
    except MailError:
        raise
    except Exception:  # noqa: BLE001 -- one letter that cannot be written must not keep those of the others
        _log.exception("a letter of %s could not be written", letters.kind)
        _note(worker, letters, [parcel.ref], UNWRITABLE, rests=True)
        return 0
    _note(worker, letters, [parcel.ref], "", rests=True)
    return 1


def _note(worker: Worker, letters: Round[P], refs: Sequence[str], code: str, *, rests: bool) -> None:
    with worker.database.transaction() as session:
        letters.note(session, refs, code, rests)
