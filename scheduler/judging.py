"""Judging: from a dossier to what may go out as a parcel, or to why it may not, and what is written down then."""

import logging
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import cast

from sqlalchemy.orm import Session

from content_calendar import budget, clock, sending
from content_calendar.payloads import PayloadDamagedError, PayloadImage, PayloadPart, PayloadVideo
from content_calendar.sending import Claimed, Said
from content_calendar.states import HoldReason
from content_calendar.vault import VaultLockedError
from scheduler import gates, recording, retries
from scheduler.attempts import Try, append
from scheduler.dossiers import Dossier
from scheduler.errands import trace
from scheduler.gates import Closed
from scheduler.models import Outcome
from scheduler.network import Answer, UnavailableError
from scheduler.parcels import Parcel, pack
from scheduler.powers import Charges
from scheduler.worker import Worker

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Open:
    """A publication that no gate stops, as a parcel; ``unready`` when something comes before the sending."""

    claimed: Claimed
    parcel: Parcel
    unready: bool
    costs: tuple[budget.Cost, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """When to look again; ``answer`` is what the log keeps of what went wrong, None when nothing did."""

    at: datetime
    answer: Answer | None = None


Aside = tuple[Claimed, Closed | Later]


def judge(worker: Worker, claimed: Claimed, dossier: Dossier, seen: gates.Seen) -> Open | Closed | Later:
    """Return the publication if it may go out, or why not; one never harms the others."""
    try:
        packed = _pack(worker, dossier, gates.judge(dossier, seen))
        if isinstance(packed, Closed):
            return packed
        return Open(claimed, packed, packed.needs_preparing(), _costs(claimed, packed))
    except Exception as error:
        logger.exception("publication %s could not be looked at, and is put off", claimed.ref)
        return Later(clock.now() + retries.backoff(claimed.generation), trace(error))


def _pack(worker: Worker, dossier: Dossier, closed: Closed | None) -> Parcel | Closed:
    if closed is not None:
        return closed
    try:
        parcel = pack(worker, dossier)
    except VaultLockedError as error:
        return Closed(HoldReason.ACCESS, Said(error.code))
    except PayloadDamagedError as error:
        return Closed(HoldReason.CONTENT, Said(error.code))
    if not parcel.network.automatic:
        return Closed(HoldReason.BY_HAND, Said("publish_by_hand"))
    return parcel


def put_away(session: Session, aside: Sequence[Aside]) -> None:
    """Put claimed publications before a person, or back for later."""
    for claimed, why in aside:
        if isinstance(why, Closed):
            recording.hold(session, claimed, why)
        elif why.answer is None:
            sending.release(session, claimed, why.at, sending.NOTHING)
        else:
            said = Said(UnavailableError.code)
            if sending.release(session, claimed, why.at, said):
                append(session, claimed.id, Try(Outcome.STOPPED, said, claimed, answer=why.answer))


def with_left(one: Open, left: Mapping[str, str]) -> Open:
    """Return it with what preparing left."""
    return replace(one, parcel=replace(one.parcel, part=replace(one.parcel.part, prepared=left)))


def _costs(claimed: Claimed, parcel: Parcel) -> tuple[budget.Cost, ...]:
    """Return what publishing costs: all parts of a thread that are left, for the ceiling must not stop it half-way."""
    charging = _charging(cast("Hashable", parcel.network))
    if charging is None:
        return ()
    return tuple(
        budget.Cost(
            claimed.id,
            n,
            parcel.account_id,
            parcel.network.slug,
            budget.PUBLISHING,
            charging.price(part.text, sum(bool(medium.alt_text) for medium in _media(part))).mills,
        )
        for n in recording.left(parcel)
        for part in [parcel.payload.parts[n - 1]]
    )


def _media(part: PayloadPart) -> list[PayloadImage | PayloadVideo]:
    return [*part.images, *([part.video] if part.video else [])]


@cache
def _charging(network: Hashable) -> Charges | None:
    """Return the network when it charges; once for each, since asking for a protocol is slow."""
    return network if isinstance(network, Charges) else None
