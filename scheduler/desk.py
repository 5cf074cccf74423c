"""The desk: the worker's side of the database. It takes what is due, begins it, and records what came of it.

Each of the three is one transaction for many publications, since a commit costs more than a row. A sending is
committed, and its epoch is outside the database, before any sender gets it.
"""

import logging
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import batches, budget, catch_up, clock, sending
from content_calendar.batches import Ready, Sent
from content_calendar.epoch import Epoch, advance
from content_calendar.payloads import PayloadDamagedError
from content_calendar.publications import settle_posts
from content_calendar.sending import Claimed, Proof, Said
from content_calendar.states import HoldReason
from content_calendar.vault import VaultLockedError
from scheduler import crash_points, dossiers, gates, retries
from scheduler.attempts import Try, append, append_all, append_done
from scheduler.dossiers import Dossier
from scheduler.errands import NO_ANSWER, Begun, Errand, Prepared, PutOff, Result, Stopped
from scheduler.gates import Closed
from scheduler.models import Outcome
from scheduler.network import (
    Answer,
    DuplicateError,
    NetworkError,
    Receipt,
    RefusedError,
    UnavailableError,
)
from scheduler.networks import networks
from scheduler.parcels import Parcel, pack
from scheduler.powers import Charges
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

Returned = tuple[Errand, Result]
# What a charge is for, in its row.
PUBLISHING = "publish"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed, and the errands that came of it; what a gate stopped is not among them."""

    claimed: int
    errands: Sequence[Errand]


def gaps() -> dict[str, timedelta]:
    """Return by network how far apart one account's publications are, where it matters."""
    return {slug: one.pace.gap for slug, one in networks().items() if one.pace}


class Desk:
    """One worker's desk."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        # How many seconds the last transaction kept others from writing.
        self.held = 0.0

    def take(self, limit: int) -> Taken:
        """Claim at most ``limit`` publications; begin those that need no preparing."""
        epoch = None
        with self._alone() as session:
            claimed = sending.claim(session, self._worker.name, limit, retries.LEASE, gaps())
            crash_points.reached("claimed")
            parcels = self._examine(session, claimed)
            unready = [one for one in parcels if one[1].needs_preparing()]
            waiting = {one.id for one, _ in unready}
            begun, epoch = self._begin(session, [one for one in parcels if one[0].id not in waiting])
        self._keep(epoch)
        return Taken(len(claimed), [*begun, *(Errand(one, parcel) for one, parcel in unready)])

    def begin(self, prepared: Sequence[tuple[Errand, Prepared]]) -> list[Errand]:
        """Begin what was prepared; the gates are asked again, since time has passed."""
        if not prepared:
            return []
        left = {errand.claimed.id: result.left for errand, result in prepared}
        claims = [errand.claimed for errand, _ in prepared]
        epoch = None
        with self._alone() as session:
            if catch_up.is_catching_up(session):
                for claimed in claims:
                    sending.release(session, claimed, clock.now(), sending.NOTHING)
                return []
            parcels = [
                (one, replace(parcel, part=replace(parcel.part, prepared=left[one.id])))
                for one, parcel in self._examine(session, claims)
            ]
            begun, epoch = self._begin(session, parcels)
        self._keep(epoch)
        return begun

    def record(self, returned: Sequence[Returned]) -> bool:
        """Write down what came of errands; return whether something of it goes on at once.

        What cannot be written together is written one by one; what cannot be written at all is left to the
        reaper, which doubts it.
        """
        try:
            with self._alone() as session:
                goes_on = _record_all(session, returned)
        except Exception:
            if len(returned) == 1:
                logger.exception("publication %s was left to the reaper", returned[0][0].claimed.ref)
                return False
            logger.warning("what came of %s publications is written down one by one", len(returned))
            each = [self.record([one]) for one in returned]
            goes_on = any(each)
        crash_points.reached("recorded")
        return goes_on

    @contextmanager
    def _alone(self) -> Iterator[Session]:
        with self._worker.database.transaction() as session:
            session.connection()  # where one writes at a time, this is where one waits
            begun = clock.monotonic()
            yield session
        self.held = clock.monotonic() - begun

    def _examine(self, session: Session, claims: Sequence[Claimed]) -> list[tuple[Claimed, Parcel]]:
        """Ask the gates; return what may go out as parcels, and put away what may not."""
        if not claims:
            return []
        gates.hold_still(session, [one.post_id for one in claims])
        by_id = {one.id: one for one in claims}
        found = dossiers.load(session, list(by_id))
        seen = gates.look(session, found, clock.now())
        open_, stopped = [], []
        for dossier in found:
            claimed = by_id[dossier.id]
            if (dossier.lease_owner, dossier.lease_gen) != (claimed.worker, claimed.generation):
                logger.warning("publication %s is in other hands", claimed.ref)
                continue
            packed = self._pack(dossier, gates.judge(dossier, seen))
            if isinstance(packed, Closed):
                stopped.append((claimed, packed))
            else:
                open_.append((claimed, packed))
        for claimed, closed in stopped:
            _hold(session, claimed, closed)
        return open_

    def _pack(self, dossier: Dossier, closed: Closed | None) -> Parcel | Closed:
        if closed is not None:
            return closed
        try:
            parcel = pack(self._worker, dossier)
        except VaultLockedError as error:
            return Closed(HoldReason.ACCESS, Said(error.code))
        except PayloadDamagedError as error:
            return Closed(HoldReason.CONTENT, Said(error.code))
        if not parcel.network.automatic:
            return Closed(HoldReason.BY_HAND, Said("publish_by_hand"))
        return parcel

    def _begin(
        self, session: Session, parcels: Sequence[tuple[Claimed, Parcel]]
    ) -> tuple[list[Errand], Epoch | None]:
        parcels = self._afford(session, parcels)
        if not parcels:
            return [], None
        window = retries.DEADLINE.total_seconds()
        # Both clocks, from before the commit: one stands still while a machine sleeps, one can be set back.
        monotonic_end, wall_end = clock.monotonic() + window, clock.now() + retries.DEADLINE

        def may_send() -> bool:
            return clock.monotonic() < monotonic_end and clock.now() < wall_end

        ready = [Ready(claimed, parcel.part.id, parcel.part.prepared) for claimed, parcel in parcels]
        sent_at, ids = batches.begin(session, ready, retries.DEADLINE, retries.LEASE)
        begun = Begun(sent_at, may_send)
        errands = [Errand(claimed, parcel, begun) for claimed, parcel in parcels if claimed.id in ids]
        return errands, advance(session, len(errands)) if errands else None

    def _afford(
        self, session: Session, parcels: Sequence[tuple[Claimed, Parcel]]
    ) -> list[tuple[Claimed, Parcel]]:
        """Write down what the sendings will cost; put away what the month's ceiling no longer allows.

        All parts of a thread that are left: the ceiling must not stop it half-way.
        """
        costs = [
            budget.Cost(
                claimed.id,
                n,
                parcel.account_id,
                parcel.network.slug,
                PUBLISHING,
                charging.price(parcel.payload.parts[n - 1].text).mills,
            )
            for claimed, parcel in parcels
            if (charging := _charging(cast("Hashable", parcel.network))) is not None
            for n in _left(parcel)
        ]
        if not costs:
            return list(parcels)
        dear = budget.reserve(session, costs, ZoneInfo(self._worker.settings.zone), clock.now())
        for claimed, parcel in parcels:
            if claimed.id in dear:
                said = Said("over_budget", {"network": parcel.network.name})
                _hold(session, claimed, Closed(HoldReason.BUDGET, said))
        return [one for one in parcels if one[0].id not in dear]

    def _keep(self, epoch: Epoch | None) -> None:
        if epoch is not None:
            self._worker.epoch_file.keep(epoch)


def _left(parcel: Parcel) -> range:
    """Return the numbers of the parts that are not out, this one first."""
    return range(parcel.part.n, len(parcel.payload.parts) + 1)


@cache
def _charging(network: Hashable) -> Charges | None:
    """Return the network when it charges; once for each, since asking for a protocol is slow."""
    return network if isinstance(network, Charges) else None


def _hold(session: Session, claimed: Claimed, closed: Closed, answer: Answer = NO_ANSWER) -> None:
    if sending.record_held(session, claimed, closed.reason, closed.said):
        append(session, claimed.id, Try(Outcome.STOPPED, closed.said, claimed, answer=answer))


def _record_all(session: Session, returned: Sequence[Returned]) -> bool:
    done = [(errand, result) for errand, result in returned if isinstance(result, Receipt)]
    others = [(errand, result) for errand, result in returned if not isinstance(result, Receipt)]
    try:
        goes_on = _record_done(session, done) if done else False
    except IntegrityError:
        goes_on = False
        for errand, receipt in done:
            goes_on |= _record_one_done(session, errand, receipt)
    for errand, result in others:
        _record_other(session, errand, result)
    settle_posts(session, sorted({errand.claimed.post_id for errand, _ in returned}))
    return goes_on


def _record_done(session: Session, done: Sequence[tuple[Errand, Receipt]]) -> bool:
    sent = [
        Sent(errand.claimed, errand.parcel.part.id, errand.parcel.last, _proof(receipt))
        for errand, receipt in done
    ]
    moved = batches.record_all_published(session, sent)
    _append_done(session, done)
    _tell_stale(errand for errand, _ in done if errand.claimed.id not in moved)
    return any(not errand.parcel.last for errand, _ in done)


def _append_done(session: Session, done: Sequence[tuple[Errand, Receipt]]) -> None:
    """Write down the successes: those that say alike together, those with a word of the network's own alone."""
    alike: dict[tuple[object, ...], list[tuple[Errand, Receipt]]] = {}
    own = []
    for errand, receipt in done:
        if receipt.request_id:
            own.append((errand.claimed.id, _try(errand, receipt)))
        else:
            claimed, begun = errand.claimed, errand.begun
            key = (claimed.generation, claimed.claimed_at, begun.sent_at if begun else None)
            alike.setdefault(key, []).append((errand, receipt))
    for group in alike.values():
        append_done(session, [errand.parcel.part.id for errand, _ in group], _try(*group[0]))
    append_all(session, own)


def _record_one_done(session: Session, errand: Errand, receipt: Receipt) -> bool:
    """Record a proof alone: one that is another publication's is told to a person."""
    if not sending.record_published(session, errand.claimed, errand.parcel.part.n, _proof(receipt)):
        _tell_stale([errand])
    append(session, errand.claimed.id, _try(errand, receipt))
    return not errand.parcel.last


def _record_other(session: Session, errand: Errand, result: Result) -> None:
    claimed = errand.claimed
    if isinstance(result, Stopped):
        _hold(session, claimed, result.closed, result.answer)
    elif isinstance(result, PutOff):
        next_at = result.retry_at or clock.now() + retries.backoff(claimed.generation)
        if sending.release(session, claimed, next_at, result.said):
            if result.left is not None:
                batches.keep_prepared(session, errand.parcel.part.id, result.left)
            made = Try(Outcome.STOPPED, result.said, claimed, answer=result.answer)
            append(session, claimed.id, made)
    elif isinstance(result, NetworkError):
        if not _write_down(session, errand, result):
            _tell_stale([errand])
        if errand.begun and isinstance(result, RefusedError | UnavailableError):
            # Networks do not charge for what they did not do.
            budget.give_back(session, [(claimed.id, n) for n in _left(errand.parcel)], PUBLISHING)
        append(session, claimed.id, _try(errand, result))


def _write_down(session: Session, errand: Errand, result: NetworkError) -> bool:
    claimed, said = errand.claimed, Said(result.code, result.params)
    if isinstance(result, RefusedError):
        # Of a thread that has begun, what is out stays out: a person decides about the rest.
        hold = result.hold or (HoldReason.CONTENT if errand.parcel.before else None)
        if hold is not None:
            return sending.record_held(session, claimed, hold, said)
        return sending.record_refused(session, claimed, said)
    if isinstance(result, UnavailableError):
        if result.retry_at is not None:
            sending.rest(session, errand.parcel.account_id, result.retry_at)
        retry_at = result.retry_at or clock.now() + retries.backoff(claimed.generation)
        return sending.record_unavailable(session, claimed, retry_at, said)
    equal = isinstance(result, DuplicateError)
    return sending.record_doubt(session, claimed, said, refused_as_equal=equal)


def _try(errand: Errand, result: Receipt | NetworkError) -> Try:
    part, sent_at = errand.parcel.part.n, errand.begun.sent_at if errand.begun else None
    if isinstance(result, Receipt):
        answer = Answer(request_id=result.request_id)
        return Try(Outcome.DONE, Said("published"), errand.claimed, part, sent_at, answer)
    outcome = Outcome.REFUSED if isinstance(result, RefusedError | UnavailableError) else Outcome.UNKNOWN
    return Try(outcome, Said(result.code, result.params), errand.claimed, part, sent_at, result.answer)


def _proof(receipt: Receipt) -> Proof:
    return Proof(receipt.remote_id, receipt.url, receipt.published_at)


def _tell_stale(errands: Iterable[Errand]) -> None:
    for errand in errands:
        logger.error("publication %s: an answer came over a row that had moved on", errand.claimed.ref)
