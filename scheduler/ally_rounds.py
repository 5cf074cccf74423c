"""The allies' rounds: the week's pack is prepared at its hour, and letters go out, each at most once.

Connected first, then one letter at a time: taken and written down, committed, mailed, recorded. So a worker that
dies anywhere has at most one letter in hand, of which nobody knows; that one waits for a person. No transaction is
open while the server is spoken to. What a letter says is written by whoever starts the worker.
"""

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta

from content_calendar import ally_letters, ally_weeks, catch_up, clock, notice_mail
from content_calendar.ally_letters import AllyParcel
from content_calendar.errors import ConflictError
from content_calendar.sending import Said
from scheduler import crash_points
from scheduler.mailing import (
    Deliver,
    Letter,
    LetterRefusedError,
    MailError,
    MailUnreachableError,
    compose,
    connected,
)
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 200
# Later than this a pack that would go by itself waits for a person, as everything does that missed its hour.
STILL_IN_TIME = timedelta(hours=6)

WriteLetter = Callable[[AllyParcel], Letter]


def tick(worker: Worker, write: WriteLetter) -> int:
    """Prepare the week's pack when it is time, and mail what waits; return how many letters went out."""
    prepare(worker)
    return mail(worker, write)


def prepare(worker: Worker) -> bool:
    """Prepare this week's pack if its hour has come; return whether that was done now."""
    (weekday, at), zone = worker.settings.ally_pack, worker.settings.zone
    with worker.database.reading() as session:
        if ally_weeks.due(session, weekday, at, zone) is None:
            return False
    with worker.database.transaction() as session:
        starts_on = ally_weeks.due(session, weekday, at, zone)
        if starts_on is None:
            return False
        ally_weeks.prepare(session, starts_on, zone)
        week = ally_weeks.find(session, starts_on)
        late = clock.now() - ally_weeks.begins_at(starts_on, weekday, at, zone) > STILL_IN_TIME
        by_itself = worker.settings.ally_pack_by_itself and mails(worker)
        if not by_itself or late or catch_up.is_catching_up(session):
            ally_weeks.tell_ready(session, week)
            return True
        try:
            ally_weeks.send(session, week, None)
        except ConflictError:
            # Nothing to send, or nobody to send it to: a person sees it on its page.
            ally_weeks.tell_ready(session, week)
    return True


def mails(worker: Worker) -> bool:
    """Return whether letters to allies can go out: there is a server, and an address for their links."""
    return bool(worker.settings.mail_host and worker.settings.public_url)


def mail(worker: Worker, write: WriteLetter) -> int:
    """Mail the letters that wait; return how many went out."""
    if not mails(worker):
        return 0
    with worker.database.reading() as session:
        if not ally_letters.is_due(session) or catch_up.is_catching_up(session):
            return 0
    with worker.database.transaction() as session:
        ally_letters.settle_hung(session)
        if not ally_letters.any_may_go(session):
            return 0
    sent = 0
    try:
        with connected(worker.settings) as deliver:
            for _ in range(MOST_AT_ONCE):
                done = _mail_one(worker, write, deliver)
                if done is None:
                    break
                sent += done
    except MailError as error:
        logger.warning("no letter to an ally goes out: %s", error)
        with worker.database.transaction() as session:
            notice_mail.note_trouble(session, Said(error.code, error.params))
    return sent


def _mail_one(worker: Worker, write: WriteLetter, deliver: Deliver) -> int | None:
    """Mail the next letter; return 1 if it went out, 0 if not, None when there is none. Raises MailError."""
    with worker.database.transaction() as session:
        parcel = ally_letters.take(session)
    if parcel is None:
        return None
    crash_points.reached("letter_taken")
    try:
        message = compose(
            worker.settings, parcel.name, parcel.email, write(parcel), message_id(parcel.letter_ref)
        )
    except LetterRefusedError as error:
        return _refused(worker, parcel, error)
    except Exception:
        logger.exception("a letter to an ally could not be written")
        return _refused(worker, parcel, LetterRefusedError(status=0))
    try:
        deliver(message)
    except LetterRefusedError as error:
        return _refused(worker, parcel, error)
    except MailUnreachableError:
        # The connection broke with the letter in hand: the server may have it.
        with worker.database.transaction() as session:
            ally_letters.record_doubt(session, parcel.letter_id)
        raise
    except MailError:
        with worker.database.transaction() as session:
            ally_letters.put_back(session, parcel.letter_id)
        raise
    crash_points.reached("letter_mailed")
    with worker.database.transaction() as session:
        ally_letters.record_sent(session, parcel.letter_id)
    return 1


def _refused(worker: Worker, parcel: AllyParcel, error: LetterRefusedError) -> int:
    logger.warning("a letter to an ally was refused: %s", error.code)
    with worker.database.transaction() as session:
        ally_letters.record_refused(session, parcel.letter_id, Said(error.code, error.params))
    return 0


def message_id(letter_ref: str) -> str:
    """Return the same id for the same letter: if a person sends it again, many mailboxes show it once."""
    return hashlib.sha256(f"ally {letter_ref}".encode()).hexdigest()[:32]
