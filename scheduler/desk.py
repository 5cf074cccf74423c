"""The desk: the worker's side of the database. It takes what is due, begins it, and records what came of it.

Each of the three is one transaction for many publications, since a commit costs more than a row. A sending is
committed, and its epoch is outside the database, before any sender gets it.
"""

import logging
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from content_calendar import batches, budget, catch_up, claiming, clock, sending
from content_calendar.batches import Ready
from content_calendar.epoch import Epoch, advance
from content_calendar.payloads import PayloadDamagedError, PayloadImage, PayloadPart, PayloadVideo
from content_calendar.sending import Claimed, Said
from content_calendar.states import HoldReason
from content_calendar.vault import VaultLockedError
from scheduler import crash_points, dossiers, gates, recording, retries
from scheduler.attempts import Try, append
from scheduler.dossiers import Dossier
from scheduler.errands import Begun, Errand, Prepared, trace
from scheduler.gates import Closed
from scheduler.models import Outcome
from scheduler.network import Answer, NotSentError, UnavailableError
from scheduler.networks import networks
from scheduler.parcels import Parcel, pack
from scheduler.powers import Charges
from scheduler.recording import Returned
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# When to look again at a post that somebody is saving.
_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class _Open:
    """A publication that no gate stops, as a parcel; ``unready`` when something comes before the sending."""

    claimed: Claimed
    parcel: Parcel
    unready: bool
    costs: tuple[budget.Cost, ...]


@dataclass(frozen=True, slots=True)
class _Later:
    """When to look again; ``answer`` is what the log keeps of what went wrong, None when nothing did."""

    at: datetime
    answer: Answer | None = None


_Aside = tuple[Claimed, Closed | _Later]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed, and the errands that came of it; what a gate stopped is not among them."""

    claimed: int
    begun: Sequence[Errand]
    unready: Sequence[Errand]
    epoch: Epoch | None

    @property
    def errands(self) -> Sequence[Errand]:
        """Return what senders get."""
        return [*self.begun, *self.unready]


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
        with self._alone() as session:
            taken = self._take(session, limit)
        return self.hand_over(taken)

    def exchange(self, returned: Sequence[Returned], limit: int) -> tuple[bool, Taken | None]:
        """Record and take in one transaction; return what both do, what is taken still to be handed over.

        For a database where one writes at a time: where rows are locked, what both lock would stand in no order.
        Nothing was taken, None, when what came back had to be written down by itself. Raises as ``record`` does.
        """
        try:
            with self._alone() as session:
                goes_on = recording.record_all(session, returned)
                taken = self._take(session, limit)
        except OperationalError:
            raise
        except Exception:
            logger.warning("%s publications are written down by themselves", len(returned), exc_info=True)
            return self.record(returned), None
        crash_points.reached("recorded")
        return goes_on, taken

    def hand_over(self, taken: Taken) -> Taken:
        """Return what was taken once senders may have it: the epoch is outside the database."""
        self._keep(taken.epoch, taken.begun)
        return taken

    def _take(self, session: Session, limit: int) -> Taken:
        """Choose what is due, and write down at once what becomes of it: begun, claimed only, or put away."""
        chosen = claiming.choose(session, self._worker.name, limit, retries.LEASE, gaps())
        open_, aside = self._examine(session, chosen, claimed=False)
        unready = [one for one in open_ if one.unready]
        ready, dear = self._afford(session, [one for one in open_ if not one.unready])
        aside += dear
        claiming.take(session, [*(one for one, _ in aside), *(one.claimed for one in unready)], retries.LEASE)
        crash_points.reached("claimed")
        _put_away(session, aside)
        begun, epoch = self._begin(session, ready, chosen=True)
        return Taken(len(chosen), begun, [Errand(one.claimed, one.parcel) for one in unready], epoch)

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
            open_, aside = self._examine(session, claims)
            ready, dear = self._afford(session, [_with(one, left[one.claimed.id]) for one in open_])
            _put_away(session, [*aside, *dear])
            begun, epoch = self._begin(session, ready)
        self._keep(epoch, begun)
        return begun

    def record(self, returned: Sequence[Returned]) -> bool:
        """Write down what came of errands; return whether something of it goes on at once.

        What cannot be written together is written one by one; what cannot be written at all is left to the
        reaper, which doubts it. Raises OperationalError when the database is away: then nothing was written,
        and it may be asked again.
        """
        try:
            with self._alone() as session:
                goes_on = recording.record_all(session, returned)
        except OperationalError:
            raise
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

    def _examine(
        self, session: Session, claims: Sequence[Claimed], *, claimed: bool = True
    ) -> tuple[list[_Open], list[_Aside]]:
        """Ask the gates; return what may go out, and what is to be put away. ``claimed``: that is written down."""
        if not claims:
            return [], []
        by_id = {one.id: one for one in claims}
        still = gates.hold_still(session, {one.post_id for one in claims})
        found = dossiers.load(session, list(by_id))
        seen = gates.look(session, found, clock.now())
        open_: list[_Open] = []
        aside: list[_Aside] = []
        for dossier in found:
            claim = by_id[dossier.id]
            if claimed and (dossier.lease_owner, dossier.lease_gen) != (claim.worker, claim.generation):
                logger.warning("publication %s is in other hands", claim.ref)
            elif claim.post_id not in still:
                # Somebody is saving the post at this moment: whoever waits for whom would be a deadlock.
                aside.append((claim, _Later(clock.now() + _MOMENT)))
            else:
                one = self._open(claim, dossier, seen)
                if isinstance(one, _Open):
                    open_.append(one)
                else:
                    aside.append((claim, one))
        return open_, aside

    def _open(self, claimed: Claimed, dossier: Dossier, seen: gates.Seen) -> _Open | Closed | _Later:
        """Return the publication if it may go out, or why not; one never harms the others."""
        try:
            packed = self._pack(dossier, gates.judge(dossier, seen))
            if isinstance(packed, Closed):
                return packed
            return _Open(claimed, packed, packed.needs_preparing(), _costs(claimed, packed))
        except Exception as error:
            logger.exception("publication %s could not be looked at, and is put off", claimed.ref)
            return _Later(clock.now() + retries.backoff(claimed.generation), trace(error))

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
        self, session: Session, open_: Sequence[_Open], *, chosen: bool = False
    ) -> tuple[list[Errand], Epoch | None]:
        if not open_:
            return [], None
        window = retries.DEADLINE.total_seconds()
        # Both clocks, from before the commit: one stands still while a machine sleeps, one can be set back.
        monotonic_end, wall_end = clock.monotonic() + window, clock.now() + retries.DEADLINE

        def may_send() -> bool:
            return clock.monotonic() < monotonic_end and clock.now() < wall_end

        ready = [Ready(one.claimed, one.parcel.part.id, one.parcel.part.prepared) for one in open_]
        sent_at, ids = batches.begin(session, ready, retries.DEADLINE, retries.LEASE, chosen=chosen)
        begun = Begun(sent_at, may_send)
        errands = [Errand(one.claimed, one.parcel, begun) for one in open_ if one.claimed.id in ids]
        not_begun = [
            (cost.publication_id, cost.part)
            for one in open_
            for cost in one.costs
            if cost.publication_id is not None and cost.publication_id not in ids
        ]
        budget.give_back(session, not_begun, budget.PUBLISHING)
        return errands, advance(session, len(errands)) if errands else None

    def _afford(self, session: Session, open_: Sequence[_Open]) -> tuple[Sequence[_Open], list[_Aside]]:
        """Write down what the sendings will cost; return those that the month's ceiling allows, and the others."""
        costs = [cost for one in open_ for cost in one.costs]
        if not costs:
            return open_, []
        dear = budget.reserve(session, costs, ZoneInfo(self._worker.settings.zone), clock.now())
        return [one for one in open_ if one.claimed.id not in dear], [
            (
                one.claimed,
                Closed(HoldReason.BUDGET, Said("over_budget", {"network": one.parcel.network.name})),
            )
            for one in open_
            if one.claimed.id in dear
        ]

    def _keep(self, epoch: Epoch | None, begun: Sequence[Errand]) -> None:
        """Keep the epoch outside the database, before any sender gets what it counts."""
        if epoch is None:
            return
        try:
            self._worker.epoch_file.keep(epoch)
        except OSError:
            logger.exception("the epoch cannot be kept: nothing is sent until it can")
            self.record([(errand, NotSentError()) for errand in begun])
            raise


def _put_away(session: Session, aside: Sequence[_Aside]) -> None:
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


def _with(one: _Open, left: Mapping[str, str]) -> _Open:
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
