"""The world of a simulated year: its clocks, its networks in this process, and the plan of its 33 bodies."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, ClassVar
from unittest.mock import patch

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.models.directory import Account, Body, Confidence, OwnerKind, Standing
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, PlannedMoment, schedule
from content_calendar.wall_time import MissingTimeError, resolve
from scheduler.network import DoubtError, NotSentError, UnavailableError
from scheduler.networks import network
from scheduler.wire import Call, Reply
from tests.drill.networks import DrillNetwork
from tests.drill.planting import words
from tests.drill.simulator import Simulated
from tests.drill.year_events import DAY, YEAR
from tests.scheduler.scene import TOLERANCE, approved_post

# Border towns keep the hours of the United States; each changes its clocks twice in 2026.
BORDER = ("America/Tijuana", "America/Ciudad_Juarez", "America/Matamoros")
FAULTS = {
    "lost_request": 0.01,
    "lost_answer": 0.02,
    "5xx_before": 0.01,
    "5xx_after": 0.01,
    "delayed": 0.02,
    "rate_limit": 0.01,
}


@dataclass
class Clocks:
    """The true time, which only goes on, and the machine's, which somebody may set wrong."""

    true: datetime = YEAR
    wrong_by: timedelta = timedelta(0)
    was: list[tuple[datetime, timedelta]] = field(default_factory=list)

    def set(self, by: timedelta) -> None:
        """Set the machine's clock forwards or back."""
        self.wrong_by += by
        self.was.append((self.true, self.wrong_by))

    def shown(self, at: datetime) -> datetime:
        """Return what the machine's clock showed at a true moment."""
        return at + next((by for since, by in reversed(self.was) if since <= at), timedelta(0))

    def wall(self) -> datetime:
        return self.true + self.wrong_by

    def true_seconds(self) -> float:
        return self.true.timestamp()

    def seconds(self) -> float:
        return (self.true - YEAR).total_seconds()

    @contextmanager
    def ruling(self) -> Iterator[None]:
        with (
            patch.object(clock, "_now", self.wall),
            patch.object(clock, "db_now", lambda _session: self.wall()),
            patch.object(clock, "monotonic", self.seconds),
            patch.object(clock, "rest", lambda _seconds: None),
        ):
            yield


@dataclass
class Nets:
    """All networks of the year; ``down`` tells which do not answer, and how."""

    simulated: Simulated
    down: dict[str, str] = field(default_factory=dict)


class YearNetwork(DrillNetwork):
    """A drill's network whose simulator is in this process, and which can be away for hours."""

    nets: ClassVar[Nets]

    def carry(self, call: Call, may_send: Callable[[], bool]) -> Reply:
        net, how = self.nets.simulated, self.nets.down.get(self.slug)
        if how == "refused":
            raise UnavailableError
        if not may_send():
            raise NotSentError
        if how == "silent":
            raise DoubtError if call.url.endswith("/posts") and call.method == "POST" else UnavailableError
        if call.method == "GET":
            params = {name: [value] for name, value in (call.params or {}).items()}
            return _reply(200, {"posts": net.read_back(params)})
        asked: dict[str, Any] = dict(call.json)  # type: ignore[call-overload] # what this class's parent asks
        if call.url.endswith("/containers"):
            net.containers[f"c{len(net.containers) + 1}"] = asked
            return _reply(201, {"id": f"c{len(net.containers)}"})
        status, said = net.publish(asked)
        if status <= 0:
            raise DoubtError
        return _reply(status, said)


def _reply(status: int, said: dict[str, Any]) -> Reply:
    return Reply(status, {"x-reset": str(said.get("reset", ""))}, orjson.dumps(said))


@dataclass(frozen=True)
class Slot:
    """A recurrent hour of an account: a weekday (Monday is 0) and a wall time in a zone."""

    account_id: int
    network: str
    weekday: int
    at: time
    zone: str


@dataclass
class Planned:
    """What the year remembers of a publication, apart from the database."""

    id: int
    network: str
    mark: str
    zone: str
    local: datetime


def slots_of_the_bodies(
    session: Session, networks: list[str], chance: random.Random, each: int
) -> list[Slot]:
    """Give each body of today an account and its hours, and three of them hours of a border town too."""
    by_state = {body.state_iso: body for body in session.scalars(select(Body).order_by(Body.slug))}
    for iso, body in by_state.items():
        if body.valid_to is not None or body.dissolved_on:
            by_state[iso] = _heir_of(session, body)
    slots = []
    for n, body in enumerate(by_state[iso] for iso in sorted(by_state)):
        slug = networks[n % len(networks)]
        to = Account(
            owner=body, network=slug, handle=f"año{n}", handle_folded=f"ano{n}",
            standing=Standing.IN_FORCE, connected_at=YEAR,
        )  # fmt: skip
        session.add(to)
        session.flush()
        hours = [
            (chance.randrange(7), time(chance.randrange(7, 21), chance.choice((0, 15, 30))))
            for _ in range(each)
        ]
        slots += [Slot(to.id, slug, weekday, at, body.zone) for weekday, at in dict(hours).items()]
        if n < len(BORDER):
            slots += [Slot(to.id, slug, 6, at, BORDER[n]) for at in (time(1, 30), time(2, 30))]
    return slots


def _heir_of(session: Session, body: Body) -> Body:
    """Add the body that follows one that was dissolved, as the laws of 2025 say that one does."""
    heir = Body(
        kind=OwnerKind.BODY,
        slug=f"{body.slug}-sigue",
        short_name=body.short_name,
        name=f"Autoridad garante de {body.state_name}",
        zone=body.zone,
        state_iso=body.state_iso,
        state_name=body.state_name,
        name_confidence=Confidence.LOW,
        confidence=Confidence.LOW,
    )
    session.add(heir)
    session.flush()
    return heir


def plan_week(
    session: Session, slots: list[Slot], days: list[datetime], chance: random.Random
) -> tuple[list[Planned], int]:
    """Plan the slots of these days; return what was planned, and how many wall times do not exist."""
    made, missing = [], 0
    for day in days:
        for slot in slots:
            if slot.weekday != day.weekday():
                continue
            local = datetime.combine(day.date(), slot.at)
            try:
                found = resolve(local, slot.zone)
            except MissingTimeError as error:
                missing += 1
                local = datetime.fromisoformat(str(error.params["next_valid"]))
                found = resolve(local, slot.zone)
            if found.utc <= clock.now():
                continue
            text = words(chance)
            post, version = approved_post(session, text)
            destination = Destination(
                slot.account_id, Payload((PayloadPart(text, "es"),)), [network(slot.network).new_key()]
            )
            moment = PlannedMoment(found.utc, local.isoformat(timespec="seconds"), slot.zone)
            row = schedule(session, post, version, [destination], moment, TOLERANCE, "")[0]
            made.append(Planned(row.id, slot.network, text, slot.zone, local))
    return made, missing


def week_from(at: datetime) -> list[datetime]:
    """Return the seven days after the day of ``at``."""
    return [at + n * DAY for n in range(1, 8)]


def new_nets(seed: int, clocks: Clocks) -> Nets:
    """Return the networks' common simulator, by the true clock."""
    chance = random.Random(seed + 1)  # noqa: S311 -- as the plan's
    return Nets(Simulated(chance, FAULTS, 120, 30, 60, 0, now=clocks.true_seconds))
