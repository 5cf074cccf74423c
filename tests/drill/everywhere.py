"""The drill over every network that has a counterpart: each in a process of its own, failing at random."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.publications import Publication
from content_calendar.states import HoldReason, PublicationState
from scheduler import retries
from scheduler.network import Network, Protection
from scheduler.networks import networks
from scheduler.retries import MAX_ATTEMPTS
from scheduler.worker import Worker
from tests.drill.planting import Planned, words
from tests.drill.simulator import KEPT
from tests.drill.torment import Count, Plan, herd_of, kill_at_random, maker
from tests.scheduler.networks.guests import Form, account_of, payload_for, planned, takes, worker_of
from tests.scheduler.scene import moment
from tests.simulators.counterpart import Guest
from tests.simulators.counterpart_process import StandIn, started
from tests.simulators.counterparts import slugs

# Servers of others need their time: with shorter waits they would be late without being told to.
PACE = 0.05
_GUESTS_EACH = 4
_FORMS = {Form.WORDS: 0.6, Form.PICTURE: 0.2, Form.VIDEO: 0.05, Form.THREAD: 0.15}
# Of the calls that publish, about this many meet a fault.
_FAULTY = 0.2

Guests = Mapping[str, Sequence[Guest]]


def run(database: Database, data: Path, plan: Plan) -> Count:
    """Plant, let it run under torment until everything rests, and count by what the networks hold."""
    begun = clock.monotonic()
    with ExitStack() as stack:
        nets = [stack.enter_context(started(slug, plan.seed)) for slug in slugs()]
        addresses = {net.slug: net.url for net in nets}
        worker = stack.enter_context(worker_of(database, data, **addresses))
        guests = {net.slug: [net.guest() for _ in range(_GUESTS_EACH)] for net in nets}
        begins_at = clock.now() + timedelta(seconds=5 + plan.publications / 50)
        planted = _plant(database, worker, guests, plan, begins_at)
        process = stack.enter_context(maker(plan.pace, data / "workers.log"))
        more = {
            "senders": str(plan.senders),
            "mutant": plan.mutant,
            "public_url": worker.settings.public_url,
        }
        herd = stack.enter_context(herd_of(process, database, data, addresses, **more))
        for _ in range(plan.workers):
            herd.add()
        _begin_torment(nets, plan)
        kills = kill_at_random(database, herd, plan)
        found = _count(database, planted, _out(nets, guests))
        found.kills = kills
        found.faults = dict(sum((Counter(net.ask("tell")) for net in nets), Counter()))
        found.seconds = round(clock.monotonic() - begun, 1)
        return found


def unexpected(found: Count) -> list[str]:
    """What waits for a person although the network could have been asked, and three tries had not been made."""
    known = networks()
    blind = {slug for slug, each in known.items() if each.protection is Protection.BLIND}
    kept = []
    for why in found.why:
        slug, _, said = why.partition(": ")
        asked = said.startswith(HoldReason.UNCONFIRMED.value)
        spent = int(said.rpartition(" ")[2]) >= MAX_ATTEMPTS
        if not (asked and (spent or slug in blind)):
            kept.append(why)
    return kept


def _begin_torment(nets: Sequence[StandIn], plan: Plan) -> None:
    calls = plan.publications / len(nets)
    settles = retries.FLIGHT.total_seconds() * plan.pace * KEPT / 2
    for net in nets:
        net.ask("torment", every=plan.span / (calls * _FAULTY), lasts=plan.span, settles=settles)


def _plant(
    database: Database, worker: Worker, guests: Guests, plan: Plan, begins_at: datetime
) -> list[Planned]:
    """Plan the publications, the networks taking turns, due one after the other within the span."""
    chance = random.Random(plan.seed)  # noqa: S311 -- a plan that can be made again, no secret
    made = []
    with database.transaction() as session:
        accounts = [
            account_of(session, worker, slug, guest)
            for turn in zip(*guests.values(), strict=True)
            for slug, guest in zip(guests, turn, strict=True)
        ]
        for n in range(plan.publications):
            to = accounts[n % len(accounts)]
            form = _form(networks()[to.network], chance)
            payload = payload_for(session, worker, to.network, words(chance), form)
            due_at = begins_at + timedelta(seconds=plan.span * n / plan.publications)
            one = planned(session, to, payload, moment(due_at))
            made.append(Planned(one.id, to.network, tuple(part.text for part in payload.parts)))
    return made


def _form(network: Network, chance: random.Random) -> Form:
    """Draw what a post is made of: mostly words."""
    drawn = chance.choices(list(_FORMS), list(_FORMS.values()))[0]
    return drawn if takes(network, drawn) else Form.WORDS


def _out(nets: Sequence[StandIn], guests: Guests) -> Counter[tuple[str, str]]:
    return Counter(
        (net.slug, text) for net in nets for guest in guests[net.slug] for text in net.published(guest)
    )


def _count(database: Database, planted: Sequence[Planned], out: Counter[tuple[str, str]]) -> Count:
    """Compare what was planned, what the rows say and what is out."""
    found, why = Count(len(planted)), Counter[str]()
    with database.reading() as session:
        rows = {row.id: row for row in session.execute(select(Publication)).scalars()}
    for one in planted:
        row, times = rows[one.id], [out[one.network, mark] for mark in one.marks]
        found.double += sum(max(0, each - 1) for each in times)
        if row.state is PublicationState.PUBLISHED:
            found.published += 1
            found.lost += not all(times)
        elif row.state is PublicationState.HELD and row.hold_reason is not None:
            found.waiting += 1
            why[f"{one.network}: {row.hold_reason.value} after {row.attempts}"] += 1
        else:
            found.unsettled += 1
            why[f"{one.network}: still {row.state.value} after {row.attempts}"] += 1
    expected = {(one.network, mark) for one in planted for mark in one.marks}
    found.wrong += sum(times for known, times in out.items() if known not in expected)
    found.why = dict(sorted(why.items()))
    return found
