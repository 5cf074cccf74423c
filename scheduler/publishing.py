"""Publishing: a tick claims what is due, and each claim is prepared, sent once, and recorded.

No transaction is open while a network is called. What comes of a call is one of three: done, refused (or
certainly not sent, to be tried again), unknown. Anything unforeseen is unknown.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from assets.storage import FileMissingError
from content_calendar import catch_up, clock, sending
from content_calendar.epoch import advance
from content_calendar.errors import ResuenaError
from content_calendar.moves import StateChangedError
from content_calendar.payloads import PayloadDamagedError
from content_calendar.publications import settle_posts
from content_calendar.sending import Claimed, Proof, Said
from content_calendar.states import HoldReason
from content_calendar.vault import VaultLockedError
from scheduler import crash_points, gates, retries
from scheduler.attempts import Try, append
from scheduler.models import Outcome
from scheduler.network import (
    Answer,
    DoubtError,
    DuplicateError,
    NetworkError,
    Outgoing,
    Receipt,
    RefusedError,
    UnavailableError,
)
from scheduler.parcels import MaterialChangedError, Parcel, pack
from scheduler.watching import Watch
from scheduler.worker import Worker

logger = logging.getLogger(__name__)


class Publisher:
    """Sends at most ``senders`` publications at the same time, and claims no more than it can send."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._watch = Watch(worker, partial(_reap, worker=worker))
        self._senders = worker.settings.senders
        self._pool = ThreadPoolExecutor(self._senders, thread_name_prefix="sender")
        self._lock = threading.Lock()
        self._busy = 0
        self._closed = False

    def tick(self) -> list[Future[None]]:
        """Reap, miss what is late, claim what is due; return the sendings that were begun."""
        with self._lock:
            idle = 0 if self._closed else self._senders - self._busy
        self._watch.look()
        with self._worker.database.transaction() as session:
            claimed = []
            if not catch_up.go_on(session):
                settle_late(session)
                if idle:
                    claimed = sending.claim(session, self._worker.name, idle, retries.LEASE)
        return [self._submit(one) for one in claimed]

    def claim_no_more(self) -> None:
        """Claim nothing more; what a tick is claiming right now is still sent."""
        with self._lock:
            self._closed = True

    def close(self) -> None:
        """Claim nothing more, and wait for what is on its way."""
        self.claim_no_more()
        self._pool.shutdown(wait=True)

    def _submit(self, claimed: Claimed) -> Future[None]:
        with self._lock:
            self._busy += 1
        future = self._pool.submit(self._deliver_while_due, claimed)
        future.add_done_callback(self._free)
        return future

    def _deliver_while_due(self, claimed: Claimed | None) -> None:
        # A sender that is done takes the next one itself: the tick only wakes the idle.
        while claimed is not None:
            _deliver_or_tell(self._worker, claimed)
            claimed = self._next()

    def _next(self) -> Claimed | None:
        with self._lock:
            if self._closed:
                return None
        try:
            with self._worker.database.transaction() as session:
                return next(iter(sending.claim(session, self._worker.name, 1, retries.LEASE)), None)
        except SQLAlchemyError:
            logger.exception("no next publication could be claimed; the tick will try again")
            return None

    def _free(self, _done: Future[None]) -> None:
        with self._lock:
            self._busy -= 1


def settle_late(session: Session) -> None:
    """Put before a person what is past its tolerance, with an attempt that says so."""
    for publication_id in sending.miss_late(session):
        append(session, publication_id, Try(Outcome.STOPPED, Said("late")))


def _reap(session: Session, worker: Worker) -> None:
    reaped = sending.reap(session)
    for publication_id in reaped.doubted:
        append(session, publication_id, Try(Outcome.UNKNOWN, Said("worker_silent")))
    if reaped.doubted or reaped.released:
        logger.warning(
            "%s took over from silent workers: %s released, %s doubted",
            worker.name,
            len(reaped.released),
            len(reaped.doubted),
        )


def _deliver_or_tell(worker: Worker, claimed: Claimed) -> None:
    try:
        deliver(worker, claimed)
    except Exception:
        # The row stays as it is: the reaper gives it back if it was only prepared, and doubts it if not.
        logger.exception("publication %s was left to the reaper", claimed.ref)


def deliver(worker: Worker, claimed: Claimed) -> None:
    """Carry one claimed publication to its end."""
    crash_points.reached("claimed")
    parcel = _pick_up(worker, claimed)
    if parcel is None:
        return
    prepared = _prepare(worker, claimed, parcel)
    if prepared is None:
        return
    crash_points.reached("prepared")
    begun = _begin(worker, claimed, parcel.part, prepared)
    if begun is None:
        return
    crash_points.reached("sending")
    result = _call(parcel, parcel.outgoing(prepared, begun.sent_at, begun.may_send))
    crash_points.reached("sent")
    _record(worker, claimed, parcel, begun, result)
    crash_points.reached("recorded")


def _pick_up(worker: Worker, claimed: Claimed) -> Parcel | None:
    """Return the publication as plain values; None when a gate is closed, and then it was put away."""
    with worker.database.reading() as session:
        publication = gates.load(session, claimed.id)
        closed = gates.judge(session, publication, clock.now())
        try:
            parcel = None if closed else pack(session, worker, publication)
        except VaultLockedError as error:
            closed = gates.Closed(HoldReason.ACCESS, Said(error.code))
        except PayloadDamagedError as error:
            closed = gates.Closed(HoldReason.CONTENT, Said(error.code))
    if closed is None and parcel is not None and not parcel.network.automatic:
        closed = gates.Closed(HoldReason.BY_HAND, Said("publish_by_hand"))
    if closed is not None:
        _stop(worker, claimed, closed)
        return None
    return parcel


def _stop(worker: Worker, claimed: Claimed, closed: gates.Closed) -> None:
    with worker.database.transaction() as session:
        if sending.record_held(session, claimed, closed.reason, closed.said):
            append(session, claimed.id, Try(Outcome.STOPPED, closed.said, claimed))


def _prepare(worker: Worker, claimed: Claimed, parcel: Parcel) -> Mapping[str, str] | None:
    """Let the network do what can be repeated; None when it could not, and then it was put away."""
    outgoing = parcel.outgoing(parcel.prepared, clock.now(), lambda: True)
    try:
        return parcel.network.prepare(parcel.access, outgoing)
    except RefusedError as error:
        said = _said(error)
        if error.hold is not None:
            _stop(worker, claimed, gates.Closed(error.hold, said))
            return None
        with worker.database.transaction() as session:
            if sending.record_refused(session, claimed, said):
                append(session, claimed.id, Try(Outcome.REFUSED, said, claimed, answer=error.answer))
                settle_posts(session, [claimed.post_id])
    except (FileMissingError, MaterialChangedError) as error:
        _stop(worker, claimed, gates.Closed(HoldReason.MATERIAL, Said(error.code)))
    except UnavailableError as error:
        _put_off(worker, claimed, error.retry_at, _said(error), error.answer)
    except Exception as error:
        # Nothing was published yet, so whatever it was may be tried again.
        logger.exception("preparing publication %s failed", claimed.ref)
        _put_off(worker, claimed, None, Said(UnavailableError.code), _trace(error))
    return None


def _put_off(worker: Worker, claimed: Claimed, retry_at: datetime | None, said: Said, answer: Answer) -> None:
    next_at = retry_at or clock.now() + retries.backoff(claimed.generation)
    with worker.database.transaction() as session:
        if sending.release(session, claimed, next_at, said):
            append(session, claimed.id, Try(Outcome.STOPPED, said, claimed, answer=answer))


@dataclass(frozen=True)
class _Begun:
    """A sending that is written down; ``may_send`` answers no once its deadline has passed."""

    sent_at: datetime
    may_send: Callable[[], bool]


def _begin(worker: Worker, claimed: Claimed, part: int, prepared: Mapping[str, str]) -> _Begun | None:
    """Run the gates again and write down that it is being sent; None when it must not be."""
    window = retries.DEADLINE.total_seconds()
    # Both clocks, from before the transaction: one stands still while a machine sleeps, one can be set back.
    monotonic_end, wall_end = clock.monotonic() + window, clock.now() + retries.DEADLINE
    try:
        with worker.database.transaction() as session:
            gates.hold_still(session, claimed.post_id)
            if catch_up.is_catching_up(session):
                sending.release(session, claimed, clock.now(), sending.NOTHING)
                return None
            closed = gates.judge(session, gates.load(session, claimed.id), clock.now())
            if closed is not None:
                if sending.record_held(session, claimed, closed.reason, closed.said):
                    append(session, claimed.id, Try(Outcome.STOPPED, closed.said, claimed))
                return None
            sent_at = sending.begin_sending(session, claimed, part, retries.DEADLINE, retries.LEASE, prepared)
            epoch = advance(session)
    except StateChangedError:
        logger.warning("publication %s is in other hands", claimed.ref)
        return None
    worker.epoch_file.keep(epoch)
    return _Begun(sent_at, lambda: clock.monotonic() < monotonic_end and clock.now() < wall_end)


def _call(parcel: Parcel, outgoing: Outgoing) -> Receipt | NetworkError:
    """Call the network; return its receipt, or what it raised. Anything unforeseen is a doubt."""
    try:
        receipt = parcel.network.publish(parcel.access, outgoing)
    except NetworkError as error:
        return error
    except Exception as error:
        logger.exception(
            "the network's answer was not foreseen; publication %s is in doubt", parcel.publication_id
        )
        return DoubtError(_trace(error))
    return receipt if receipt.remote_id else DoubtError(Answer(raw="a receipt without an id"))


def _record(
    worker: Worker, claimed: Claimed, parcel: Parcel, begun: _Begun, result: Receipt | NetworkError
) -> None:
    with worker.database.transaction() as session:
        recorded = _write_down(session, claimed, parcel, result)
        made = _outcome(result)
        append(
            session,
            claimed.id,
            Try(made, _said(result), claimed, parcel.part, begun.sent_at, _answer(result)),
        )
        settle_posts(session, [claimed.post_id])
    if not recorded:
        logger.error("publication %s: %s came over a row that had moved on", claimed.ref, made)


def _write_down(session: Session, claimed: Claimed, parcel: Parcel, result: Receipt | NetworkError) -> bool:
    if isinstance(result, Receipt):
        proof = Proof(result.remote_id, result.url, result.published_at)
        return sending.record_published(session, claimed, parcel.part, proof)
    said = _said(result)
    if isinstance(result, RefusedError):
        if result.hold is not None:
            return sending.record_held(session, claimed, result.hold, said)
        return sending.record_refused(session, claimed, said)
    if isinstance(result, UnavailableError):
        retry_at = result.retry_at or clock.now() + retries.backoff(claimed.generation)
        return sending.record_unavailable(session, claimed, retry_at, said)
    equal = isinstance(result, DuplicateError)
    return sending.record_doubt(session, claimed, said, refused_as_equal=equal)


def _outcome(result: Receipt | NetworkError) -> Outcome:
    if isinstance(result, Receipt):
        return Outcome.DONE
    if isinstance(result, RefusedError | UnavailableError):
        return Outcome.REFUSED
    return Outcome.UNKNOWN


def _said(result: Receipt | ResuenaError) -> Said:
    return Said("published") if isinstance(result, Receipt) else Said(result.code, result.params)


def _answer(result: Receipt | NetworkError) -> Answer:
    return Answer(request_id=result.request_id) if isinstance(result, Receipt) else result.answer


def _trace(error: Exception) -> Answer:
    return Answer(raw=f"{type(error).__name__}: {error}"[:900])
