"""A year of 33 bodies under a virtual clock: ``python -m tests.drill.year --seed 7``. The last line is the count.

Deterministic: one publication at a time, one source of chance for each thing, and no clock but the simulated
one. The worker ticks once a second; here its clock leaps to the next second in which there is anything to do,
and it is told that it looked a second before, as it would have.

Longer than 400 lines on purpose: the year, its faults and its chances are read together or not at all.
"""

import argparse
import hashlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import catch_up, clock, publications, silences
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, SilenceWindow
from content_calendar.models.publications import Publication
from content_calendar.publications import PlannedMoment
from content_calendar.seeds import plant
from content_calendar.silence import Window
from content_calendar.states import HoldReason, PublicationState
from content_calendar.wall_time import resolve, wall_time
from scheduler import crash_points, heartbeat, invariants, publishing, retries
from scheduler.networks import networks
from tests.drill.networks import drill_networks
from tests.drill.year_events import Event, Span, What, events
from tests.drill.year_world import (
    Clocks,
    Nets,
    Planned,
    Slot,
    YearNetwork,
    new_nets,
    plan_week,
    slots_of_the_bodies,
    week_from,
)
from tests.scheduler.scene import TOLERANCE, Engine, worker
from webapp.database import migrate

SECOND = timedelta(seconds=1)
HELD, PUBLISHED, UNKNOWN = PublicationState.HELD, PublicationState.PUBLISHED, PublicationState.UNKNOWN
_WAITING, _BEGUN = PublicationState.SCHEDULED, (PublicationState.CLAIMED, PublicationState.SENDING)
_DOUBTS = {HoldReason.UNCONFIRMED, HoldReason.DUPLICATE}
_PATIENCE = timedelta(days=2)
_FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


class Death(BaseException):
    """The worker's process is gone."""


@dataclass
class YearCount:
    """What came of the year. ``missed_catch_ups`` are outages after which something left by itself."""

    publications: int = 0
    published: int = 0
    waiting: int = 0
    ahead: int = 0
    cancelled: int = 0
    unresolved: int = 0
    double: int = 0
    lost: int = 0
    late: int = 0
    early: int = 0
    wrong_hour: int = 0
    in_silence: int = 0
    outages: int = 0
    catch_ups: int = 0
    missed_catch_ups: int = 0
    missing_hours: int = 0
    repeated_hours: int = 0
    broken_rules: int = 0
    decided_by_people: dict[str, int] = field(default_factory=dict)
    states_sha256: str = ""

    def good(self) -> bool:
        """Whether nothing went wrong."""
        bad = (self.double, self.lost, self.late, self.early, self.wrong_hour, self.in_silence)
        return not any((*bad, self.unresolved, self.missed_catch_ups, self.broken_rules))


class Year:
    """One year: its machine, its networks, its people."""

    def __init__(self, folder: Path, template: Path | None, seed: int, span: Span, each: int = 2) -> None:
        self.folder, self.span, self.seed, self.each = folder, span, seed, each
        self.file, self.kept = folder / "resuena.db", folder / "backup.db"
        if template is not None:
            shutil.copy(template, self.file)
        self.database = self.opened()
        if template is None:
            migrate(self.database)
        self.chance = random.Random(seed)  # noqa: S311 -- a year that can be lived again, no secret
        self.clocks = Clocks(span.begins)
        self.nets: Nets = new_nets(seed, self.clocks)
        self.count = YearCount()
        self.planned: list[Planned] = []
        self.slots: list[Slot] = []
        self.engine: Engine | None = None
        self.starts = 0
        self.die_at = ""
        self.decided: Counter[str] = Counter()

    def opened(self) -> Database:
        """The database, in a hurry: nothing here cuts the power."""
        made = Database(f"sqlite:///{self.file}")
        event.listen(made.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        return made

    def live(self) -> YearCount:
        """Let it pass, and count."""
        simulated = drill_networks(YearNetwork, nets=self.nets)
        with ExitStack() as stack:
            stack.enter_context(self.clocks.ruling())
            stack.enter_context(patch.dict(networks(), simulated))
            stack.enter_context(patch.object(crash_points, "reached", self.reached))
            self.settle_in(sorted(simulated))
            self.start()
            for one in events(self.seed, self.span, sorted(simulated)):
                self.run_until(one.at)
                self.clocks.true = max(self.clocks.true, one.at)
                self.happen(one)
            self.run_until(self.span.on(self.span.days))
            self.stop()
            found = self.judge()
        self.database.dispose()
        return found

    def settle_in(self, slugs: list[str]) -> None:
        with self.database.transaction() as session:
            plant(session, self.span.begins.date())
            self.slots = slots_of_the_bodies(session, slugs, self.chance, self.each)
            silent = sorted({body.state_iso for body in session.scalars(select(Body))})[1::7]
            for n, state in enumerate(silent):
                first = self.span.begins.date() + timedelta(days=12 + n * max(7, self.span.days // 8))
                window = Window(first, first + timedelta(days=9 + n), state, "Proceso electoral local", "INE")
                silences.add(session, window, None, actor_ref="")

    # The machine

    def reached(self, point: str) -> None:
        if point == self.die_at:
            raise Death

    def start(self) -> None:
        self.starts += 1
        made = worker(self.database, self.folder, f"w{self.starts}")
        self.engine = Engine(replace(made, settings=replace(made.settings, senders=1)))
        with self.database.reading() as session:
            due = session.scalar(
                select(func.count())
                .select_from(Publication)
                .where(Publication.state == _WAITING, Publication.next_at <= clock.now())
            )
            last = heartbeat.last_beat(session)
        silent = last is not None and clock.now() - last > timedelta(minutes=5)
        before = len(self.nets.simulated.posts)
        self.engine.tick()
        if silent and due:
            self.count.outages += 1
            with self.database.reading() as session:
                caught = catch_up.is_catching_up(session)
            self.count.catch_ups += caught
            self.count.missed_catch_ups += not caught or len(self.nets.simulated.posts) > before
        self.beat()

    def beat(self) -> None:
        if self.engine is not None:
            with self.database.transaction() as session:
                heartbeat.beat(session, self.engine.worker.name, self.engine.worker.started_at)

    def stop(self, crash_at: str = "") -> None:
        """End the worker; with a point's name, by death there if there is anything to do."""
        if self.engine is None:
            return
        self.beat()
        if crash_at:
            self.die_at = crash_at
            with suppress(Death):
                publishing.serve_one(self.engine.worker)
            self.die_at = ""
        self.engine.close()
        self.engine = None

    def run_until(self, end: datetime) -> None:
        """Let the worker do all that is to be done before ``end``."""
        while self.engine is not None:
            at = max(self._next(), self.clocks.wall()) + SECOND
            if at - self.clocks.wrong_by >= end:
                return
            self.leap(at - self.clocks.wrong_by)
            self.engine.tick()
            self.engine.look()

    def leap(self, at: datetime) -> None:
        """Go to a moment as a worker does that looked each second on the way."""
        if self.engine is None:
            raise RuntimeError("nobody works")
        self.clocks.true = max(self.clocks.true, at - SECOND)
        self.beat()
        watch = self.engine.publisher._watch  # noqa: SLF001 -- what it did a second ago, had we not leapt
        watch._wall, watch._monotonic = clock.now(), clock.monotonic()  # noqa: SLF001 -- as above
        self.clocks.true = at

    def _next(self) -> datetime:
        """Return when there is something to do next, by the machine's clock."""
        with self.database.reading() as session:
            waiting = session.execute(
                select(Publication.next_at, Account.free_at)
                .join(Account, Account.id == Publication.account_id)
                .where(Publication.state == _WAITING)
                .order_by(Publication.next_at)
                .limit(5)
            )
            rows = [max(row.next_at, row.free_at or row.next_at) for row in waiting]
            rows.append(
                session.scalar(
                    select(func.min(Publication.next_check_at)).where(Publication.state == UNKNOWN)
                )
            )
            rows.append(
                session.scalar(select(func.min(Publication.lease_until)).where(Publication.state.in_(_BEGUN)))
            )
        return min((row for row in rows if row is not None), default=_FOREVER)

    # What happens

    def happen(self, one: Event) -> None:
        """Let one event happen."""
        acts: dict[What, Callable[[Event], object]] = {
            What.PLANNING: lambda _: self.plan(),
            What.PERSON: lambda _: self.decide(),
            What.WORKER_STOPS: lambda told: self.stop(told.told),
            What.WORKER_STARTS: lambda _: self.start(),
            What.NETWORK_FALLS: lambda told: self.nets.down.update([told.told]),
            What.NETWORK_RISES: lambda told: self.nets.down.pop(told.told, None),
            What.CLOCK_JUMPS: self.jump,
            What.BACKUP: lambda _: self.backup(),
            What.RESTORE: lambda _: self.restore(),
        }
        acts[one.what](one)

    def jump(self, one: Event) -> None:
        """Set the machine's clock; the worker notices when it looks next."""
        if self.engine is None:
            self.clocks.set(one.told)
            return
        self.leap(self.clocks.true)
        self.clocks.set(one.told)
        self.clocks.true += SECOND
        self.engine.tick()

    def backup(self) -> None:
        with sqlite3.connect(self.file) as living, sqlite3.connect(self.kept) as kept:
            living.backup(kept)

    def restore(self) -> None:
        """Put the older database back; the epoch's file stays where it is."""
        self.stop()
        self.database.dispose()
        for left in self.folder.glob("resuena.db*"):
            left.unlink()
        shutil.copy(self.kept, self.file)
        self.database = self.opened()
        self.start()
        with self.database.reading() as session:
            self.count.catch_ups += catch_up.is_catching_up(session)
            self.count.missed_catch_ups += not catch_up.is_catching_up(session)
            self.count.outages += 1

    def plan(self) -> None:
        with self.database.transaction() as session:
            made, missing = plan_week(session, self.slots, week_from(self.clocks.true), self.chance)
        self.planned += made
        self.count.missing_hours += missing
        for one in made:
            again = one.local.replace(tzinfo=ZoneInfo(one.zone), fold=1)
            self.count.repeated_hours += again.utcoffset() != again.replace(fold=0).utcoffset()

    # The people

    def decide(self) -> None:
        """Look at everything that waits, and say truly what is there."""
        with self.database.transaction() as session:
            rows = session.scalars(
                select(Publication)
                .where(Publication.state == HELD)
                .options(joinedload(Publication.account).joinedload(Account.owner))
                .order_by(Publication.id)
            ).all()
            for n, row in enumerate(rows):
                if row.hold_reason is not None:
                    self.decided[f"{row.hold_reason.value}: {self.decide_on(session, row, n)}"] += 1

    def decide_on(self, session: Session, row: Publication, n: int) -> str:
        mark = next(one.mark for one in self.planned if one.id == row.id)
        if row.hold_reason in _DOUBTS:
            self.nets.simulated.settle()
            out = next((post for post in self.nets.simulated.posts if post.mark == mark), None)
            if out is None:
                publications.resend(session, row, TOLERANCE, "")
                return "sent again"
            publications.confirm_published(session, row, out.id, out.told()["url"], "")
            return "confirmed"
        at = clock.now() + timedelta(hours=1, minutes=7 * n)
        if row.hold_reason is HoldReason.SILENCE:
            at += timedelta(days=25)
        elif clock.now() - row.due_at > _PATIENCE:
            publications.cancel(session, row, "", "ya pasó")
            return "cancelled"
        local = wall_time(at, row.due_zone).replace(microsecond=0)
        moment = PlannedMoment(at, local.isoformat(timespec="seconds"), row.due_zone)
        publications.replan(session, row, moment, TOLERANCE, "")
        return "planned again"

    # The count

    def judge(self) -> YearCount:
        """Compare what was planned, what the rows say and what is out."""
        found, net = self.count, self.nets.simulated
        net.settle()
        out = Counter(post.mark for post in net.posts)
        # By the machine's clock, right or wrong: no program knows a better one.
        when = {post.mark: self.clocks.shown(datetime.fromtimestamp(post.at, UTC)) for post in net.posts}
        found.publications = len(self.planned)
        found.double = sum(times - 1 for times in out.values())
        with self.database.reading() as session:
            found.broken_rules = len(invariants.look(session))
            rows = {
                row.id: row
                for row in session.scalars(
                    select(Publication).options(joinedload(Publication.account).joinedload(Account.owner))
                )
            }
            windows = session.scalars(select(SilenceWindow)).all()
            told = []
            for one in self.planned:
                row = rows.get(one.id)
                if row is None:
                    found.lost += 1
                    continue
                self.judge_one(one, row, when.get(one.mark), windows)
                told.append((one.mark, row.state, row.hold_reason, row.attempts, str(row.published_at)))
        found.decided_by_people = dict(sorted(self.decided.items()))
        found.states_sha256 = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return found

    def judge_one(
        self, one: Planned, row: Publication, out_at: datetime | None, windows: Sequence[SilenceWindow]
    ) -> None:
        found = self.count
        if row.state is PUBLISHED:
            found.published += 1
            found.lost += out_at is None
        elif row.state is HELD and row.hold_reason is not None:
            found.waiting += 1
        elif row.state is PublicationState.CANCELLED:
            found.cancelled += 1
        elif row.state is _WAITING and row.next_at > clock.now():
            found.ahead += 1
        else:
            found.unresolved += 1
        if out_at is None:
            return
        # A call that began in time may take effect a little later, as long as the network's flight lasts.
        found.late += out_at > row.late_after + retries.quiet_time(retries.FLIGHT)
        found.early += out_at < row.due_at - SECOND
        local = out_at.astimezone(ZoneInfo(row.due_zone)).replace(tzinfo=None)
        due = datetime.fromisoformat(row.due_local)
        found.wrong_hour += resolve(due, row.due_zone).utc != row.due_at.replace(microsecond=0) or (
            row.due_at == resolve(one.local, one.zone).utc
            and row.late_after == row.due_at + TOLERANCE
            and not timedelta(0) <= local - due <= timedelta(minutes=34)
        )
        day, owner = out_at.astimezone(ZoneInfo(row.account.owner.zone)).date(), row.account.owner
        state = owner.state_iso if isinstance(owner, Body) else None
        found.in_silence += any(
            window.starts_on <= day <= window.ends_on and window.state_iso in {None, state}
            for window in windows
        )


def main() -> int:
    """Live a year; fail when anything went wrong in it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--days", type=int, default=365)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="resuena-year-") as folder:
        found = Year(Path(folder), None, said.seed, Span(days=said.days)).live()
    sys.stdout.write(f"{json.dumps(vars(found), ensure_ascii=False)}\n")
    return 0 if found.good() else 1


if __name__ == "__main__":
    sys.exit(main())
