"""Reading replies to the posts of a series, where a network gives them for nothing; elsewhere a person pastes them.

Every publication is looked at hourly for two days, then ever more rarely, for four weeks; a tick looks at a few.
Only what is said to us is kept, not what people say to each other below it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from content_calendar import clock, replies
from content_calendar.inserting import insert_absent
from content_calendar.models.dialogue import ReplyLook, SeriesNumber
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.replies import Told
from content_calendar.states import PublicationState
from scheduler import dossiers, readings, retries
from scheduler.dossiers import Dossier
from scheduler.listening.identity import link_key
from scheduler.network import RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.powers import ReadsReplies, RemoteReply
from scheduler.readings import FAILED, NOTHING, REFUSED, Failed
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# How old a publication is, and how long after one look the next comes.
PACE: Final = (
    (timedelta(days=2), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=6)),
    (timedelta(days=28), timedelta(days=1)),
)
_LONGEST: Final = PACE[-1][0]
_FIRST = timedelta(minutes=15)
_LEASE, _LONGEST_BACKOFF = timedelta(minutes=10), timedelta(hours=12)
_MOST_PLANNED, _MOST_AT_ONCE = 500, 20
_MOST_KEPT = 300


def next_look(published_at: datetime, now: datetime) -> datetime | None:
    """Return when to look again, None for never any more. Pure."""
    age = now - published_at
    return next((now + pause for until, pause in PACE if age < until), None)


def reading_networks() -> list[str]:
    """Return the networks whose replies are read."""
    return [slug for slug, one in networks().items() if isinstance(one, ReadsReplies)]


def plan(session: Session) -> None:
    """Plan the first look at what came out of late in a series; planned twice is planned once."""
    rows = session.execute(
        select(Publication.id, Publication.published_at)
        .join(Account, Account.id == Publication.account_id)
        .join(SeriesNumber, SeriesNumber.post_id == Publication.post_id)
        .where(
            Publication.due_at > clock.now() - _LONGEST,
            Publication.state == PublicationState.PUBLISHED,
            Publication.published_at.is_not(None),
            SeriesNumber.out_at.is_(None),
            Account.network.in_(reading_networks()),
            ~exists().where(ReplyLook.publication_id == Publication.id),
        )
        .limit(_MOST_PLANNED)
    ).all()
    planned = [{"publication_id": row.id, "next_at": row.published_at + _FIRST} for row in rows]
    insert_absent(session, ReplyLook, planned)


def tick(worker: Worker) -> int:
    """Plan what is new, and look at what is due; return how many publications were looked at."""
    with worker.database.transaction() as session:
        plan(session)
        taken = _take(session)
        found = dossiers.load(session, sorted(taken)) if taken else []
        series = _series(session, [one.post_id for one in found])
        published = dict(
            session.execute(
                select(Publication.id, Publication.published_at).where(Publication.id.in_(taken))
            ).all()
        )
    for one in found:
        said = _look(worker, one)
        try:
            with worker.database.transaction() as session:
                _note(session, one, said, series.get(one.post_id), published[one.id])
        except Exception:
            # What one server says must not keep the others from being heard, whatever it shows of our code.
            logger.exception("the replies to publication %s could not be kept", one.id)
            with worker.database.transaction() as session:
                _put_off(session, one.id, Failed(FAILED))
    return len(found)


def _note(
    session: Session,
    one: Dossier,
    said: Sequence[RemoteReply] | Failed,
    series_id: int | None,
    published_at: datetime | None,
) -> None:
    """Keep what was heard of a publication, and plan its next look."""
    if isinstance(said, Failed):
        _put_off(session, one.id, said)
        return
    if series_id is not None:
        _keep(session, one, series_id, said)
    at = clock.now()
    _set(session, one.id, next_look(published_at or at, at), NOTHING.code, failures=0, looked_at=at)


def _take(session: Session) -> set[int]:
    """Take what is due: the next look is put off at once, so that nobody else looks meanwhile."""
    now = clock.now()
    due = (
        select(ReplyLook.publication_id)
        .where(ReplyLook.next_at <= now)
        .order_by(ReplyLook.next_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = session.scalars(
        update(ReplyLook)
        .where(ReplyLook.publication_id.in_(select(due.c.publication_id)), ReplyLook.next_at <= now)
        .values(next_at=now + _LEASE)
        .returning(ReplyLook.publication_id)
        .execution_options(synchronize_session=False)
    )
    return set(taken)


def _series(session: Session, post_ids: Sequence[int]) -> dict[int, int]:
    rows = session.execute(
        select(SeriesNumber.post_id, SeriesNumber.series_id).where(
            SeriesNumber.post_id.in_(post_ids), SeriesNumber.out_at.is_(None)
        )
    )
    return dict(rows.all())


def _look(worker: Worker, dossier: Dossier) -> Sequence[RemoteReply] | Failed:
    """Ask the network, with no transaction open."""
    account = dossier.account
    network: object = networks().get(account.network)
    # The parts of a thread answer its first one: below that stands everything.
    first = next((part.remote_id for part in dossier.parts if part.remote_id), "")
    if not isinstance(network, ReadsReplies) or not first:
        return ()
    access = readings.opened(worker, account)
    if isinstance(access, Failed):
        return access
    try:
        return network.read_replies(access, first)
    except RefusedError as error:
        logger.warning("the network refuses the replies of account %s: %s", account.ref, error)
        return Failed(REFUSED)
    except UnavailableError as error:
        return Failed(FAILED, error.retry_at)
    except Exception:
        logger.exception("the replies of account %s could not be read", account.ref)
        return Failed(FAILED)


def _keep(session: Session, dossier: Dossier, series_id: int, said: Sequence[RemoteReply]) -> None:
    """Keep what others said to us, and call answered what we have answered."""
    ours = {one.link for one in said if one.own}
    theirs = {one.link: one for one in said if not one.own}
    to_us = [one for one in theirs.values() if not one.answers or one.answers in ours]
    told = [
        Told(
            series_id,
            dossier.account.network,
            one.handle,
            one.text,
            one.said_at,
            one.url,
            (link_key(one.link), link_key(one.url)),
            dossier.post_id,
        )
        for one in to_us[:_MOST_KEPT]
    ]
    replies.take(session, told)
    answers = {link_key(one.answers): one.url for one in said if one.own and one.answers in theirs}
    replies.settle_answered(session, answers)


def _put_off(session: Session, publication_id: int, failed: Failed) -> None:
    failures = session.scalars(
        select(ReplyLook.failures).where(ReplyLook.publication_id == publication_id)
    ).one()
    now = clock.now()
    asked = failed.retry_at - now if failed.retry_at else timedelta(0)
    wait = min(max(retries.backoff(failures + 1), asked), _LONGEST_BACKOFF)
    _set(session, publication_id, now + wait, failed.said.code, failures=failures + 1, looked_at=None)


def _set(
    session: Session,
    publication_id: int,
    next_at: datetime | None,
    said_code: str,
    *,
    failures: int,
    looked_at: datetime | None,
) -> None:
    values = {"next_at": next_at, "said_code": said_code, "failures": failures}
    session.execute(
        update(ReplyLook)
        .where(ReplyLook.publication_id == publication_id)
        .values(**values, **({"looked_at": looked_at} if looked_at else {}))
        .execution_options(synchronize_session=False)
    )
