"""What the drill sends: many publications, each part with a text of its own, over accounts of every network."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from sqlalchemy.orm import Session

from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, schedule
from scheduler import networks
from scheduler.worker import Worker
from tests.drill.networks import PREFIX, drill_networks
from tests.scheduler.scene import account, approved_post, moment

_ACCOUNTS_EACH = 2
# Of the publications to networks that take them.
_REPOSTS, _THREADS = 0.15, 0.15
# Longer than any drill: here nothing may wait because it became late, only because of a doubt.
_TOLERANCE = timedelta(hours=6)
_AT_ONCE = 200


@dataclass(frozen=True)
class Planned:
    """One publication as the drill remembers it, apart from the database."""

    id: int
    network: str
    marks: tuple[str, ...]


def words(chance: random.Random) -> str:
    """A text that is like no other."""
    return " ".join(f"{chance.getrandbits(30):06x}" for _ in range(8))


def plant(
    database: Database, worker: Worker, count: int, begins_at: datetime, span: timedelta, seed: int
) -> list[Planned]:
    """Plan ``count`` publications, due one after the other within ``span``; return them."""
    chance = random.Random(seed)  # noqa: S311 -- a plan that can be made again, no secret
    made: list[Planned] = []
    with patch.dict(networks.networks(), drill_networks()):
        with database.transaction() as session:
            accounts = _accounts(session, worker)
        for first in range(0, count, _AT_ONCE):
            with database.transaction() as session:
                for n in range(first, min(first + _AT_ONCE, count)):
                    to = session.merge(accounts[n % len(accounts)], load=False)
                    made.append(_plan(session, to, begins_at + span * (n / count), chance))
    return made


def _accounts(session: Session, worker: Worker) -> list[Account]:
    found = [account(session, slug) for slug in drill_networks() for _ in range(_ACCOUNTS_EACH)]
    return [*found, account(session, "x", worker)]


def _plan(session: Session, to: Account, due_at: datetime, chance: random.Random) -> Planned:
    payload, marks = _payload(to.network, chance)
    post, version = approved_post(session, marks[0])
    keys = [networks.new_key(to.network) for _ in payload.parts]
    made = schedule(
        session, post, version, [Destination(to.id, payload, keys)], moment(due_at), _TOLERANCE, ""
    )
    return Planned(made[0].id, to.network, marks)


def _payload(network: str, chance: random.Random) -> tuple[Payload, tuple[str, ...]]:
    """Draw what goes out, and what each of its posts is told by."""
    kinds = networks.networks()[network].kinds
    drawn = chance.random()
    if drawn < _REPOSTS and network.startswith(PREFIX):
        target = f"https://red.example/ajena/{chance.getrandbits(40)}"
        return Payload((PayloadPart("", "es"),), PostKind.REPOST, target), (f"repost {target}",)
    if drawn < _REPOSTS + _THREADS and PostKind.THREAD in kinds:
        texts = tuple(words(chance) for _ in range(chance.randint(2, 4)))
        return Payload(tuple(PayloadPart(text, "es") for text in texts), PostKind.THREAD), texts
    text = words(chance)
    return Payload((PayloadPart(text, "es"),)), (text,)
