"""Errands: what a sender does with a parcel while no transaction is open, and what comes of it.

An errand either prepares (all of it can be repeated) or sends, once. Anything unforeseen while sending is a
doubt; while preparing, nothing was published, and it may be tried again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from assets.storage import FileMissingError
from content_calendar import clock
from content_calendar.sending import Claimed, Said
from content_calendar.states import HoldReason
from content_calendar.vault import VaultLockedError
from scheduler import crash_points, renewing
from scheduler.gates import Closed
from scheduler.network import (
    Answer,
    DoubtError,
    NetworkError,
    Receipt,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.parcels import MaterialChangedError, Parcel

logger = logging.getLogger(__name__)

_RAW = 900
NO_ANSWER = Answer()


@dataclass(frozen=True, slots=True)
class Begun:
    """A sending that is written down; ``may_send`` answers no once its deadline has passed."""

    sent_at: datetime
    may_send: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Errand:
    """One parcel in a sender's hands; without ``begun`` it is only prepared."""

    claimed: Claimed
    parcel: Parcel
    begun: Begun | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """It is ready to be sent; ``left`` is what preparing left for the sending."""

    left: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Stopped:
    """It may not go out as it is: a person decides."""

    closed: Closed
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class PutOff:
    """Nothing was published, and it is worth another try; ``left`` is what that try takes up again."""

    retry_at: datetime | None
    said: Said
    answer: Answer
    left: Mapping[str, str] | None = None


Result = Receipt | NetworkError | Prepared | Stopped | PutOff


def carry_out(errand: Errand) -> Result:
    """Prepare or send; return what came of it, whatever it was."""
    if errand.begun is None:
        result = _prepare(errand)
        crash_points.reached("prepared")
        return result
    crash_points.reached("sending")
    sent = _send(errand, errand.begun)
    crash_points.reached("sent")
    return sent


def _prepare(errand: Errand) -> Result:
    parcel = errand.parcel
    try:
        return Prepared(_left_by_preparing(parcel))
    except RefusedError as error:
        said = Said(error.code, error.params)
        return error if error.hold is None else Stopped(Closed(error.hold, said), error.answer)
    except (VaultLockedError, FileMissingError, MaterialChangedError) as error:
        reason = HoldReason.ACCESS if isinstance(error, VaultLockedError) else HoldReason.MATERIAL
        return Stopped(Closed(reason, Said(error.code)))
    except UnavailableError as error:
        left = error.prepared if isinstance(error, UnfinishedError) else None
        return PutOff(error.retry_at, Said(error.code, error.params), error.answer, left)
    except Exception as error:
        logger.exception("preparing publication %s failed", errand.claimed.ref)
        return PutOff(None, Said(UnavailableError.code), trace(error))


def _left_by_preparing(parcel: Parcel) -> Mapping[str, str]:
    """Renew what opens the account when it is time, and let the network prepare; raise what that raises."""
    access = parcel.access
    if parcel.to_renew:
        access = replace(access, secrets=renewing.opened(parcel.worker, parcel.account_id))
    if not parcel.has_to_prepare():
        return parcel.part.prepared
    outgoing = parcel.outgoing(parcel.part.prepared, clock.now(), lambda: True)
    return parcel.network.prepare(access, outgoing)


def _send(errand: Errand, begun: Begun) -> Receipt | NetworkError:
    parcel = errand.parcel
    try:
        outgoing = parcel.outgoing(parcel.part.prepared, begun.sent_at, begun.may_send)
        receipt = parcel.network.publish(parcel.access, outgoing)
    except NetworkError as error:
        return error
    except Exception as error:
        logger.exception(
            "the network's answer was not foreseen; publication %s is in doubt", errand.claimed.ref
        )
        return DoubtError(trace(error))
    return receipt if receipt.remote_id else DoubtError(Answer(raw="a receipt without an id"))


def trace(error: Exception) -> Answer:
    """Return what the log keeps of an exception."""
    return Answer(raw=f"{type(error).__name__}: {error}"[:_RAW])
