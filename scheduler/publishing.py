"""Publishing: a tick takes what is due, lets senders carry it out, and records what came of it, until nothing is left.

One thread speaks with the database, in batches; the senders speak with the networks, one publication each.
On SQLite a batch is as large as can be written in a few milliseconds, with a gap after it: while one writes,
nobody else can, and the people who use the calendar come first.
"""

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from content_calendar import batches, catch_up, clock, logs, sending
from content_calendar.sending import Claimed, Said
from scheduler import retries
from scheduler.attempts import Try, append, append_all
from scheduler.desk import Desk
from scheduler.errands import NO_ANSWER, Errand, Prepared, PutOff, carry_out
from scheduler.models import Outcome
from scheduler.network import NotSentError, UnavailableError
from scheduler.recording import Returned
from scheduler.watching import Watch
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# How long one transaction may keep others from writing to SQLite, and how long they then have.
_HOLD_SECONDS, _GAP_SECONDS = 0.006, 0.0012
# Fewer than these cost hardly less than these: each transaction has its own price.
_FEWEST, _MOST = 32, 200
_MIND_SECONDS = 1.0
# One for so many senders is taken ahead: whoever comes back finds the next one, while what it brought is written
# down. Few, since those that wait when a process dies are in doubt as if they had been sent.
_AHEAD = 4
_KEEP_SECONDS = retries.LEASE.total_seconds() / 6


class Stint:
    """How many publications one transaction takes: as many as can be written while nobody needs to wait long."""

    def __init__(self, *, alone: bool) -> None:
        # Where rows are locked and not the whole database, nobody waits.
        self.bounded = alone
        self.size = _FEWEST if alone else _MOST
        self._ended = -_GAP_SECONDS

    def give_way(self) -> None:
        """Leave others their gap after the last transaction, if it is not over yet."""
        left = self._ended + _GAP_SECONDS - clock.monotonic()
        if self.bounded and left > 0:
            clock.rest(left)

    def learn(self, wrote: int, seconds: float) -> None:
        """Learn from one transaction, which has just ended."""
        if not self.bounded:
            return
        self._ended = clock.monotonic()
        if seconds > _HOLD_SECONDS:
            self.size = max(_FEWEST, int(wrote * _HOLD_SECONDS / seconds))
        elif wrote >= self.size:
            self.size = min(_MOST, self.size + _FEWEST // 4)


class Publisher:
    """Sends at most ``senders`` publications at the same time, and takes a few more than those."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._desk = Desk(worker, ahead=True)
        self._watch = Watch(worker, partial(reap, worker=worker))
        self._senders = worker.settings.senders
        self._ahead = self._senders // _AHEAD
        self._stint = Stint(alone=worker.database.is_sqlite)
        self._errands: SimpleQueue[Errand | None] = SimpleQueue()
        self._returned: SimpleQueue[Returned | Errand] = SimpleQueue()
        self._to_record: list[Returned] = []
        self._to_begin: list[tuple[Errand, Prepared]] = []
        self._threads: list[threading.Thread] = []
        self._away = 0
        self._preparing: dict[int, Claimed] = {}
        self._kept = clock.monotonic()
        self._closed = False
        self._turn = threading.Lock()

    def look(self) -> None:
        """Look how long nobody was at work, before this worker gives its first sign of life."""
        with self._turn:
            self._watch.look()

    def tick(self) -> int:
        """Publish what is due, until nothing of it is left; return how many publications were taken."""
        with self._turn:
            return self._publish()

    def claim_no_more(self) -> None:
        """Claim nothing more; what a tick has claimed already is still sent."""
        self._closed = True

    def settle(self) -> None:
        """Claim nothing more, and wait for what is on its way."""
        self.claim_no_more()
        with self._turn:
            self._publish()

    def close(self) -> None:
        """Claim nothing more, wait for what is on its way, and end the senders."""
        self.claim_no_more()
        with self._turn:
            self._publish()
            for _ in self._threads:
                self._errands.put(None)
            for thread in self._threads:
                thread.join()
            self._threads.clear()
            self._desk.close()

    def _publish(self) -> int:
        taken, minded = 0, clock.monotonic()
        self._desk.forget()
        may_take = self._mind()
        while True:
            self._gather()
            if clock.monotonic() - minded > _MIND_SECONDS:
                minded, may_take = clock.monotonic(), self._mind()
            self._begin()
            claimed, due = -1, False
            if self._stint.bounded and self._to_record and may_take and not self._closed and self._idle() > 0:
                claimed, due = self._exchange(self._idle())
            else:
                due = self._record()
                may_take |= due
                if may_take and not self._closed and self._idle() > 0:
                    claimed = self._take(self._idle())
            if claimed >= 0:
                taken += claimed
                # A thread goes on at once: what it is to send next was not due when the others were looked up.
                may_take = claimed > 0 or due
            elif due or self._to_record or self._to_begin:
                continue
            elif self._away:
                self._wait()
            else:
                return taken

    def _idle(self) -> int:
        """Return how many more may be taken now."""
        return min(self._senders + self._ahead - self._away - len(self._to_begin), self._stint.size)

    def _mind(self) -> bool:
        """Look for what keeps everything from leaving, and miss what is late; return whether anything may leave."""
        self._keep_leases()
        if self._closed:
            return False
        self._watch.look()
        with self._worker.database.transaction() as session:
            if catch_up.go_on(session):
                return False
            settle_late(session)
        return True

    def _keep_leases(self) -> None:
        """Give a sign of life for what is being prepared: a long upload is not a silent worker."""
        if self._preparing and clock.monotonic() - self._kept >= _KEEP_SECONDS:
            self._kept = clock.monotonic()
            with self._worker.database.transaction() as session:
                batches.keep(session, self._preparing.values(), retries.LEASE)

    def _take(self, most: int) -> int:
        foreseen = self._desk.foresee(most)
        if foreseen is not None and not foreseen.rows:
            return 0
        self._stint.give_way()
        taken = self._desk.take(most, foreseen)
        self._hand_out(taken.errands)
        if taken.claimed:
            self._stint.learn(taken.claimed, self._desk.held)
        return taken.claimed

    def _exchange(self, most: int) -> tuple[int, bool]:
        """Record and take in one transaction; return how many were taken, less than none when that is still to come.

        And whether something is due at once because of what was recorded.
        """
        foreseen = self._desk.foresee(most)
        self._stint.give_way()
        with self._recording() as some:
            due, taken = self._desk.exchange(some, most, foreseen)
        claimed = -1
        if taken is not None:
            self._hand_out(self._desk.hand_over(taken).errands)
            claimed = taken.claimed
        self._stint.learn(max(len(some), claimed), self._desk.held)
        return claimed, due

    def _record(self) -> bool:
        """Record what senders brought back; return whether something is due at once because of it."""
        if not self._to_record:
            return False
        self._stint.give_way()
        with self._recording() as some:
            due = self._desk.record(some)
        self._stint.learn(len(some), self._desk.held)
        return due

    @contextmanager
    def _recording(self) -> Iterator[list[Returned]]:
        """Give what is recorded now. While the database is away it is kept, and written down once it is there."""
        some, self._to_record = self._to_record[: self._stint.size], self._to_record[self._stint.size :]
        try:
            yield some
        except OperationalError:
            self._to_record = some + self._to_record
            raise

    def _begin(self) -> None:
        """Begin what senders prepared."""
        if self._to_begin:
            size = self._stint.size
            ready, self._to_begin = self._to_begin[:size], self._to_begin[size:]
            self._stint.give_way()
            self._hand_out(self._desk.begin(ready))
            self._stint.learn(len(ready), self._desk.held)

    def _hand_out(self, errands: Sequence[Errand]) -> None:
        for errand in errands:
            self._away += 1
            if errand.begun is None:
                self._preparing[errand.claimed.id] = errand.claimed
            if self._away > len(self._threads) and len(self._threads) < self._senders:
                self._start_sender()
            if self._threads:
                self._errands.put(errand)
            else:
                self._returned.put((errand, NotSentError() if errand.begun else _no_sender()))

    def _start_sender(self) -> None:
        thread = threading.Thread(target=self._send, name=f"sender-{len(self._threads)}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            logger.exception("no more than %s senders can be started", len(self._threads))
        else:
            self._threads.append(thread)

    def _send(self) -> None:
        """Carry out errands until there are no more; each comes back, whatever happened to it."""
        while (errand := self._errands.get()) is not None:
            back: Returned | Errand = errand
            try:
                with logs.about(publication=errand.claimed.ref):
                    back = (errand, carry_out(errand))
            except Exception:
                # The row stays as it is: the reaper gives it back if it was only prepared, and doubts it if not.
                logger.exception("publication %s was left to the reaper", errand.claimed.ref)
            finally:
                self._returned.put(back)

    def _wait(self) -> None:
        try:
            self._file(self._returned.get(timeout=_MIND_SECONDS))
        except Empty:
            return

    def _gather(self) -> None:
        while not self._returned.empty():
            self._file(self._returned.get())

    def _file(self, back: "Returned | Errand") -> None:
        self._away -= 1
        self._preparing.pop((back if isinstance(back, Errand) else back[0]).claimed.id, None)
        if isinstance(back, Errand):
            return
        errand, result = back
        if isinstance(result, Prepared):
            self._to_begin.append((errand, result))
        else:
            self._to_record.append(back)


def _no_sender() -> PutOff:
    return PutOff(None, Said(UnavailableError.code), NO_ANSWER)


def serve_one(worker: Worker) -> int:
    """Carry one due publication to its end in this thread; return how many were taken."""
    desk = Desk(worker)
    taken = desk.take(1)
    for first in taken.errands:
        errands = [first]
        for errand in errands:
            result = carry_out(errand)
            if isinstance(result, Prepared):
                errands.extend(desk.begin([(errand, result)]))
            else:
                desk.record([(errand, result)])
    return taken.claimed


def settle_late(session: Session) -> None:
    """Put before a person what is past its tolerance, with an attempt that says so."""
    missed = sending.miss_late(session)
    append_all(session, [(publication_id, Try(Outcome.STOPPED, Said("late"))) for publication_id in missed])


def reap(session: Session, worker: Worker) -> None:
    """Take from silent workers what they held, with an attempt for each doubt."""
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
