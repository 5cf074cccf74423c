"""Recording: what came of errands is written down, plain successes together, everything else one by one.

Every write is fenced by the claim that the errand was made under: an answer that comes over a row that has
moved on changes nothing but the list of attempts.
"""

import logging
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from content_calendar import batches, budget, clock, gaps, sending
from content_calendar.batches import Sent
from content_calendar.publications import settle_posts
from content_calendar.sending import Claimed, Proof, Said
from content_calendar.states import HoldReason
from scheduler import retries
from scheduler.attempts import Try, append, append_all, append_done, made_so_far
from scheduler.errands import NO_ANSWER, Errand, PutOff, Result, Stopped
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
from scheduler.parcels import Parcel

logger = logging.getLogger(__name__)

Returned = tuple[Errand, Result]


def left(parcel: Parcel) -> range:
    """Return the numbers of the parts that are not out, this one first."""
    return range(parcel.part.n, len(parcel.payload.parts) + 1)


def hold(session: Session, claimed: Claimed, closed: Closed, answer: Answer = NO_ANSWER) -> None:
    """Put a publication before a person because of a closed gate, with an attempt that says so."""
    if sending.record_held(session, claimed, closed.reason, closed.said):
        append(session, claimed.id, Try(Outcome.STOPPED, closed.said, claimed, answer=answer))


def record_all(session: Session, returned: Sequence[Returned]) -> bool:
    """Write down what came of errands; return whether a thread among them goes on at once.

    Raises IntegrityError when a proof among many is another publication's: alone, it is told to a person.
    """
    done = [(errand, result) for errand, result in returned if isinstance(result, Receipt)]
    others = [(errand, result) for errand, result in returned if not isinstance(result, Receipt)]
    goes_on = False
    if len(returned) == len(done) == 1:
        goes_on = _record_one_done(session, *done[0])
    elif done:
        goes_on = _record_done(session, done)
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
        hold(session, claimed, result.closed, result.answer)
    elif isinstance(result, PutOff):
        next_at = result.retry_at or clock.now() + retries.backoff(_tries(session, errand))
        if sending.release(session, claimed, next_at, result.said):
            if result.left is not None:
                batches.keep_prepared(session, errand.parcel.part.id, result.left)
            elif result.retry_at is not None:
                # Not only for this one: its account has asked for too much.
                gaps.rest(session, errand.parcel.account_id, result.retry_at)
            made = Try(Outcome.STOPPED, result.said, claimed, answer=result.answer)
            append(session, claimed.id, made)
    elif isinstance(result, NetworkError):
        if not _write_down(session, errand, result):
            _tell_stale([errand])
        elif errand.begun and isinstance(result, RefusedError | UnavailableError):
            # Networks do not charge for what they did not do.
            budget.give_back(session, [(claimed.id, n) for n in left(errand.parcel)], budget.PUBLISHING)
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
            gaps.rest(session, errand.parcel.account_id, result.retry_at)
        retry_at = result.retry_at or clock.now() + retries.backoff(_tries(session, errand))
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


def _tries(session: Session, errand: Errand) -> int:
    """Return how often this part was tried, this time included."""
    return made_so_far(session, errand.claimed.id, errand.parcel.part.n) + 1
