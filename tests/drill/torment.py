"""The drill itself: real workers that are killed at random, networks that fail at random, and a count at the end."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
from sqlalchemy import func, select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import AT_REST, PublicationState
from scheduler import retries
from tests.drill.networks import drill_networks
from tests.drill.pace import PACE
from tests.drill.planting import Planned, plant
from tests.drill.simulator import KEPT
from tests.scheduler.scene import worker as scene_worker
from tests.simulators.x_server import XServer

ROOT = Path(__file__).parents[2]
FAULTS = {
    "lost_request": 0.02,
    "lost_answer": 0.03,
    "5xx_before": 0.02,
    "5xx_after": 0.02,
    "cut_answer": 0.01,
    "delayed": 0.03,
    "rate_limit": 0.03,
}
# X's simulator has a name of its own for half an answer.
X_FAULTS = {{"cut_answer": "bad_json"}.get(name, name): rate for name, rate in FAULTS.items()}
_RESTING = (*AT_REST, PublicationState.HELD)


@dataclass(frozen=True)
class Plan:
    """What a drill does. ``kill_every`` and ``span`` are in seconds, ``latency`` the network's longest."""

    publications: int = 300
    seed: int = 1
    workers: int = 3
    senders: int = 8
    pace: float = 0.02
    span: float = 15.0
    latency: float = 0.3
    kill_every: float = 0.7
    patience: float = 300.0
    mutant: str = ""

    @property
    def most_kills(self) -> int:
        """Then they are left in peace, or the last doubts would be killed again and again."""
        return max(8, self.publications // 10)


@dataclass
class Count:
    """What came of it; ``faults`` are those that the networks say they made."""

    publications: int
    kills: int = 0
    published: int = 0
    waiting: int = 0
    unsettled: int = 0
    double: int = 0
    lost: int = 0
    wrong: int = 0
    why: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def line(self) -> str:
        """Everything as one line of JSON."""
        return json.dumps(vars(self))


def run(database: Database, data: Path, plan: Plan) -> Count:
    """Plant, let it run under torment until everything rests, and count by what the networks hold."""
    flight, read, lag = (
        span.total_seconds() * plan.pace for span in (retries.FLIGHT, retries.READ, retries.READ_LAG)
    )
    with ExitStack() as stack:
        net = stack.enter_context(
            simulator(
                "tests.drill.simulator",
                FAULTS,
                seed=plan.seed,
                latency=plan.latency,
                flight=flight,
                read=read,
                lag=lag,
            )
        )
        x = stack.enter_context(
            simulator(
                "tests.simulators.x_server", X_FAULTS, seed=plan.seed, delay=flight * KEPT, reset=flight
            )
        )
        planning = scene_worker(database, data, x=x)
        begun = clock.monotonic()
        begins_at = clock.now() + timedelta(seconds=5 + plan.publications / 50)
        planted = plant(
            database, planning, plan.publications, begins_at, timedelta(seconds=plan.span), plan.seed
        )
        process = stack.enter_context(maker(plan.pace, data / "workers.log"))
        addresses = {"x": x, **dict.fromkeys(drill_networks(), net)}
        herd = stack.enter_context(
            herd_of(process, database, data, addresses, senders=str(plan.senders), mutant=plan.mutant)
        )
        for _ in range(plan.workers):
            herd.add()
        kills = kill_at_random(database, herd, plan)
        found = _count(database, planted, posts_of(net, x))
        found.kills, found.faults = kills, _met(net, x)
        found.seconds = round(clock.monotonic() - begun, 1)
        return found


@contextmanager
def simulator(
    module: str, faults: Mapping[str, float] = MappingProxyType({}), **told: float
) -> Iterator[str]:
    """A simulator as a process of its own; its address. What is told are its options, spans in seconds."""
    command = [sys.executable, "-m", module, *(f"--{name}={value}" for name, value in told.items())]
    command.append("--faults=" + ",".join(f"{name}={rate}" for name, rate in faults.items()))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own program
        try:
            yield str(json.loads(process.stdout.readline())["url"]) if process.stdout else ""
        finally:
            process.kill()


class Herd:
    """The workers that live, and the process that makes new ones."""

    def __init__(self, maker: "subprocess.Popen[str]", environ: Mapping[str, str], mutant: str) -> None:
        self._maker, self._environ, self._mutant = maker, environ, mutant
        self.alive: list[int] = []

    def add(self, crash_at: str = "") -> int:
        """Make a worker, which dies by itself at a named point if it is told one; return its process id."""
        if self._maker.stdin is None or self._maker.stdout is None:
            raise RuntimeError("no pipes")
        order = {"crash_at": crash_at, "mutant": self._mutant, "environ": dict(self._environ)}
        self._maker.stdin.write(f"{json.dumps(order)}\n")
        self._maker.stdin.flush()
        self.alive.append(int(self._maker.stdout.readline()))
        return self.alive[-1]

    def kill(self, pid: int) -> None:
        """End it as a power cut would."""
        self.alive.remove(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def maker(pace: float, log: Path) -> Iterator["subprocess.Popen[str]"]:
    """The process that makes workers with short waits."""
    environment = {"PATH": os.environ["PATH"], PACE: str(pace)}
    with log.open("w") as written, subprocess.Popen(
        [sys.executable, "-m", "tests.drill.worker"],
        cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def herd_of(
    process: "subprocess.Popen[str]",
    database: Database,
    data: Path,
    addresses: Mapping[str, str],
    **more: str,
) -> Iterator[Herd]:
    """A herd over one database; whoever lives at the end is killed. ``more``: senders, mutant, public_url."""
    environ = {
        "RESUENA_DATABASE_URL": database.url.render_as_string(hide_password=False),
        "RESUENA_DATA": str(data),
        "RESUENA_NETWORK_URLS": ",".join(f"{slug}={url}" for slug, url in addresses.items()),
        "RESUENA_SENDERS": more.get("senders", "2"),
        "RESUENA_PUBLIC_URL": more.get("public_url", ""),
    }
    herd = Herd(process, environ, more.get("mutant", ""))
    try:
        yield herd
    finally:
        for pid in list(herd.alive):
            herd.kill(pid)


def kill_at_random(database: Database, herd: Herd, plan: Plan) -> int:
    """Kill and replace workers until everything rests; return how many were killed."""
    chance = random.Random(plan.seed)  # noqa: S311 -- who is killed, no secret
    kills, until = 0, clock.monotonic() + plan.patience
    # The first second is theirs: a worker that is killed while it starts proves nothing.
    time.sleep(1)
    while _restless(database) and clock.monotonic() < until:
        time.sleep(plan.kill_every * chance.uniform(0.5, 1.5))
        if kills < plan.most_kills:
            herd.kill(chance.choice(herd.alive))
            herd.add()
            kills += 1
    return kills


def _restless(database: Database) -> int:
    with database.reading() as session:
        counted = select(func.count()).select_from(Publication).where(Publication.state.not_in(_RESTING))
        return session.execute(counted).scalar_one()


def posts_of(net: str, x: str = "") -> list[tuple[str, str, str]]:
    """Every post that is out, as the networks tell it: network, id, what tells it from others."""
    theirs = _ask(net)["posts"]
    xs = XServer(x).posts() if x else []
    return [
        *((post["network"], post["id"], post["mark"]) for post in theirs),
        *(("x", post["id"], post["text"]) for post in xs),
    ]


def _met(net: str, x: str) -> dict[str, int]:
    return dict(Counter(_ask(net)["met"]) + Counter(XServer(x).told()["faults"]))


def _ask(net: str) -> dict[str, Any]:
    said: dict[str, Any] = requests.get(f"{net}/_admin", timeout=60).json()
    return said


def _count(database: Database, planted: Sequence[Planned], posts: Sequence[tuple[str, str, str]]) -> Count:
    """Compare what was planned, what the rows say and what the networks hold."""
    found = Count(len(planted))
    out = Counter((network, mark) for network, _, mark in posts)
    held = {(network, remote_id): mark for network, remote_id, mark in posts}
    with database.reading() as session:
        rows = {row.id: row for row in session.execute(select(Publication)).scalars()}
        parts: dict[int, list[PublicationPart]] = {}
        for part in session.execute(select(PublicationPart).order_by(PublicationPart.n)).scalars():
            parts.setdefault(part.publication_id, []).append(part)
    why: Counter[str] = Counter()
    for one in planted:
        row = rows.get(one.id)
        found.double += sum(max(0, out[one.network, mark] - 1) for mark in one.marks)
        if row is None:
            found.lost += 1
        elif row.state is PublicationState.PUBLISHED:
            found.published += 1
            proofs = [held.get((one.network, part.remote_id or "")) for part in parts[one.id]]
            found.lost += any(proof is None for proof in proofs)
            found.wrong += any(
                proof not in {None, mark} for proof, mark in zip(proofs, one.marks, strict=True)
            )
        elif row.state is PublicationState.HELD and row.hold_reason is not None:
            found.waiting += 1
            why[f"{one.network}: {row.hold_reason.value} after {row.attempts}"] += 1
        else:
            found.unsettled += 1
            why[f"{one.network}: still {row.state.value} after {row.attempts}"] += 1
    expected = {(one.network, mark) for one in planted for mark in one.marks}
    found.wrong += sum(1 for known in out if known not in expected)
    found.why = dict(sorted(why.items()))
    return found
