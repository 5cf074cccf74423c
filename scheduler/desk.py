"""The desk: the worker's side of the database. It takes what is due, begins it, and records what came of it.

Each of the three is one transaction for many publications, since a commit costs more than a row. A sending is
committed, and its epoch is outside the database, before any sender gets it.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from content_calendar import batches, budget, catch_up, claiming, clock, sending
from content_calendar.batches import Ready
from content_calendar.epoch import Epoch, advance
from content_calendar.gaps import Row
from content_calendar.sending import Claimed, Said
from content_calendar.states import HoldReason
from scheduler import crash_points, dossiers, foresight, gates, recording, retries
from scheduler.errands import Begun, Errand, Prepared
from scheduler.foresight import Foreseen
from scheduler.gates import Closed
from scheduler.judging import Aside, Later, Open, judge, put_away, with_left
from scheduler.network import NotSentError
from scheduler.networks import networks
from scheduler.recording import Returned
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# When to look again at a post that somebody is saving.
_MOMENT = timedelta(seconds=2)


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
    """One worker's desk; with ``ahead`` it looks up what is next in a thread of its own, until it is closed."""

    def __init__(self, worker: Worker, *, ahead: bool = False) -> None:
        self._worker = worker
        self._scout = foresight.Scout(worker)
        self._apart = ThreadPoolExecutor(1, "scout") if ahead and worker.database.is_sqlite else None
        self._foreseeing: Future[Foreseen | None] | None = None
        # How many seconds the last transaction kept others from writing.
        self.held = 0.0

    def foresee(self, limit: int) -> Foreseen | None:
        """Look up what is due, at most ``limit``, before it is this worker's turn to write; None: it cannot be told.

        Where the last time left something, that is looked up while the disk was writing.
        """
        if not self._worker.database.is_sqlite:  # where rows are locked nobody waits for who writes
            return None
        foreseeing, self._foreseeing = self._foreseeing, None
        try:
            if foreseeing is not None:
                return foreseeing.result()
            return self._scout.look(limit, gaps())
        except OperationalError:
            raise
        except Exception:
            logger.warning("what is due could not be looked up beforehand", exc_info=True)
            return None

    def _foresee_next(self, limit: int, rows: Sequence[Row], apart: Mapping[str, timedelta]) -> None:
        """Look up what is due after these, while they are committed: the disk is what is waited for meanwhile."""
        if self._apart is not None and rows:
            taken = frozenset(row.id for row in rows)
            self._foreseeing = self._apart.submit(self._scout.look, limit, apart, taken)

    def forget(self) -> None:
        """Forget what was foreseen: time has passed."""
        if self._foreseeing is not None:
            wait([self._foreseeing])
        self._foreseeing = None

    def close(self) -> None:
        """End the thread that looks ahead."""
        self.forget()
        if self._apart is not None:
            self._apart.shutdown()

    def take(self, limit: int, foreseen: Foreseen | None = None) -> Taken:
        """Claim at most ``limit`` publications, those that were foreseen; begin those that need no preparing."""
        with self._alone() as session:
            taken = self._take(session, limit, foreseen)
        return self.hand_over(taken)

    def exchange(
        self, returned: Sequence[Returned], limit: int, foreseen: Foreseen | None = None
    ) -> tuple[bool, Taken | None]:
        """Record and take in one transaction; return what both do, what is taken still to be handed over.

        For a database where one writes at a time: where rows are locked, what both lock would stand in no order.
        Nothing was taken, None, when what came back had to be written down by itself. Raises as ``record`` does.
        """
        try:
            with self._alone() as session:
                goes_on = recording.record_all(session, returned)
                taken = self._take(session, limit, foreseen)
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

    def _take(self, session: Session, limit: int, foreseen: Foreseen | None) -> Taken:
        """Choose what is due, and write down at once what becomes of it: begun, claimed only, or put away."""
        apart = gaps()
        if foreseen is None or not foresight.still_holds(session, foreseen):
            rows, foreseen = claiming.look(session, limit, retries.LEASE, apart), foresight.NOTHING
        else:
            rows = list(foreseen.rows[:limit])
        chosen = claiming.choose(session, self._worker.name, rows, apart)
        plain = {one.claimed.id: one for one in foreseen.plain}
        to_judge = [one for one in chosen if one.id not in plain]
        open_, aside = self._examine(session, to_judge, claimed=False)
        unready = [one for one in open_ if one.unready]
        ready, dear = self._afford(session, [one for one in open_ if not one.unready])
        aside += dear
        claiming.take(session, [*(one for one, _ in aside), *(one.claimed for one in unready)], retries.LEASE)
        crash_points.reached("claimed")
        put_away(session, aside)
        at_once = [plain[one.id] for one in chosen if one.id in plain]
        begun, epoch = self._begin(session, [*at_once, *ready], chosen=True)
        if foreseen.full:
            self._foresee_next(limit, rows, apart)
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
            ready, dear = self._afford(session, [with_left(one, left[one.claimed.id]) for one in open_])
            put_away(session, [*aside, *dear])
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
    ) -> tuple[list[Open], list[Aside]]:
        """Ask the gates; return what may go out, and what is to be put away. ``claimed``: that is written down."""
        if not claims:
            return [], []
        by_id = {one.id: one for one in claims}
        still = gates.hold_still(session, {one.post_id for one in claims})
        found = dossiers.load(session, list(by_id))
        seen = gates.look(session, found, clock.now())
        open_: list[Open] = []
        aside: list[Aside] = []
        for dossier in found:
            claim = by_id[dossier.id]
            if claimed and (dossier.lease_owner, dossier.lease_gen) != (claim.worker, claim.generation):
                logger.warning("publication %s is in other hands", claim.ref)
            elif claim.post_id not in still:
                # Somebody is saving the post at this moment: whoever waits for whom would be a deadlock.
                aside.append((claim, Later(clock.now() + _MOMENT)))
            else:
                one = judge(self._worker, claim, dossier, seen)
                if isinstance(one, Open):
                    open_.append(one)
                else:
                    aside.append((claim, one))
        return open_, aside

    def _begin(
        self, session: Session, open_: Sequence[Open], *, chosen: bool = False
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

    def _afford(self, session: Session, open_: Sequence[Open]) -> tuple[Sequence[Open], list[Aside]]:
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
