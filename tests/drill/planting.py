"""What the drill sends: many publications, each part with a text of its own, over accounts of every network."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.payloads import Payload, PayloadPart
from content_calendar.publications import Destination, schedule
from scheduler import networks
from scheduler.worker import Worker
from tests.drill.networks import drill_networks
from tests.scheduler.scene import account, approved_post, moment

_ACCOUNTS_EACH = 2
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
    text = words(chance)
    post, version = approved_post(session, text)
    destination = Destination(
        to.id, Payload((PayloadPart(text, "es"),)), [networks.new_key(to.network)]
    )
    planned = schedule(session, post, version, [destination], moment(due_at), _TOLERANCE, "")[0]
    return Planned(planned.id, to.network, (text,))
