"""Reconciling: publications that may be out or not are looked up, one at a time, until nothing is in doubt."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from content_calendar import catch_up, clock, doubts
from content_calendar.doubts import Doubtful
from content_calendar.errors import ResuenaError
from content_calendar.publications import settle_posts
from content_calendar.sending import Proof, Said
from content_calendar.states import HoldReason
from scheduler import dossiers, renewing, retries
from scheduler.attempts import Try, append
from scheduler.models import Outcome
from scheduler.network import Protection, Receipt, RefusedError, UnavailableError
from scheduler.parcels import Parcel, pack
from scheduler.retries import Decision, Doubt, Next, after_doubt
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# A post may be dated a little before we noted the call: clocks differ.
_CLOCKS_DIFFER = timedelta(seconds=5)
_MOST_AT_ONCE = 50
# A look reads a few pages, each within the time a call may take.
_LOOK_LEASE = timedelta(minutes=5)
_ASK = Decision(Next.HOLD, reason=HoldReason.UNCONFIRMED)


def tick(worker: Worker) -> int:
    """Look at what is in doubt and due for a look; return how many doubts were looked at."""
    for count in range(_MOST_AT_ONCE):
        with worker.database.transaction() as session:
            taken = doubts.take(session, 1, _LOOK_LEASE)
        if not taken:
            return count
        try:
            _settle(worker, taken[0])
        except Exception:
            # It is looked at again once the lease of this look has run out.
            logger.exception("the doubt about publication %s was left as it is", taken[0].ref)
    return _MOST_AT_ONCE


def _settle(worker: Worker, doubtful: Doubtful) -> None:
    with worker.database.reading() as session:
        now = clock.db_now(session)
        doubt = _doubt(doubtful, held_back=catch_up.is_catching_up(session))
        try:
            parcel = pack(worker, dossiers.load(session, [doubtful.id])[0])
        except ResuenaError as error:
            # An account that we cannot open any more is one that we cannot read.
            logger.warning("publication %s cannot be looked up: %s", doubtful.ref, error)
            parcel, said = None, Said(error.code)
    if parcel is None:
        blind = after_doubt(Protection.BLIND, doubt, now, retries.FLIGHT, timedelta(0))
        _apply(worker, doubtful, blind, said)
        return
    network = parcel.network
    decision = after_doubt(network.protection, doubt, now, network.flight, network.key_life)
    if decision.next in {Next.LOOK, Next.LAST_LOOK}:
        _look(worker, doubtful, parcel, last=decision.next is Next.LAST_LOOK)
    else:
        _apply(worker, doubtful, decision, Said("unconfirmed"))


def _doubt(doubtful: Doubtful, *, held_back: bool) -> Doubt:
    return Doubt(
        begun_at=doubtful.sent_at or doubtful.unknown_since,
        since=doubtful.unknown_since,
        attempts=doubtful.attempts,
        absent_reads=doubtful.absent_reads,
        refused_as_equal=doubtful.refused_as_equal,
        late=held_back or clock.now() > doubtful.late_after,
    )


def _apply(worker: Worker, doubtful: Doubtful, decision: Decision, said: Said) -> None:
    with worker.database.transaction() as session:
        if decision.next is Next.WAIT and decision.until is not None:
            doubts.look_later(session, doubtful, decision.until)
        elif decision.next is Next.RESEND:
            looked = doubtful.absent_reads >= retries.READS_NEEDED
            doubts.record_resend(session, doubtful, looked=looked)
        elif decision.reason is not None:
            said = Said("refused_as_equal") if decision.reason is HoldReason.DUPLICATE else said
            if doubts.record_given_up(session, doubtful, decision.reason, said):
                append(session, doubtful.id, Try(Outcome.UNKNOWN, said))


def _look(worker: Worker, doubtful: Doubtful, parcel: Parcel, *, last: bool) -> None:
    """Read the account, with no transaction open, and record what was seen.

    When the ``last`` look cannot be made, a person is asked. Not before: the worker may have stood still while
    the time for looking passed.
    """
    # From the hour it was due: an earlier try that seemed absent may have appeared since.
    since = doubtful.due_at - _CLOCKS_DIFFER
    outgoing = parcel.outgoing(parcel.part.prepared, doubtful.sent_at or since, lambda: True)
    try:
        access = parcel.access
        if parcel.to_renew:
            access = replace(access, secrets=renewing.opened(worker, parcel.account_id))
        found = parcel.network.find(access, outgoing, since)
    except RefusedError as error:
        _apply(worker, doubtful, _ASK, Said(error.code))
        return
    except UnavailableError as error:
        logger.info("publication %s could not be looked up now: %s", doubtful.ref, error)
        if last:
            _apply(worker, doubtful, _ASK, Said("unconfirmed"))
            return
        with worker.database.transaction() as session:
            later = error.retry_at or clock.db_now(session) + retries.LATER_LOOKS
            doubts.look_later(session, doubtful, later)
        return
    with worker.database.transaction() as session:
        _record_look(session, doubtful, parcel, found)


def _record_look(session: Session, doubtful: Doubtful, parcel: Parcel, found: Sequence[Receipt]) -> None:
    taken = doubts.taken_remote_ids(session, doubtful.account_id, [one.remote_id for one in found])
    ours = [one for one in found if one.remote_id not in taken]
    if ours:
        first = min(ours, key=lambda one: (one.published_at or doubtful.due_at, one.remote_id))
        proof = Proof(first.remote_id, first.url, first.published_at)
        if doubts.record_found(session, doubtful, parcel.part.n, proof):
            append(session, doubtful.id, Try(Outcome.DONE, Said("found_by_looking"), part=parcel.part.n))
            settle_posts(session, [doubtful.post_id])
        if len(ours) > 1:
            logger.error("publication %s is out %s times", doubtful.ref, len(ours))
        return
    now = clock.db_now(session)
    begun_at = doubtful.sent_at or doubtful.unknown_since
    counts = retries.absence_counts(begun_at, now, parcel.network.flight, parcel.network.read_lag)
    enough = counts and doubtful.absent_reads + 1 >= retries.READS_NEEDED
    next_check_at = now if enough else retries.next_look(begun_at, now)
    doubts.record_absent(session, doubtful, next_check_at, counts=counts)
