"""Through the whole engine: near-identical texts, a month's ceiling, and consents at the moment of sending."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from assets import consents
from assets.clearance import ConsentBy, People
from assets.consents import Kept, Told
from assets.models import Asset
from content_calendar import budget
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.states import HoldReason, PublicationState
from scheduler.networks import networks
from scheduler.powers import Price
from tests.content_calendar.likeness_pairs import BASE, LONG
from tests.scheduler.scene import Engine, Time, account, now_of, person, picture, planned, worker
from tests.scheduler.test_threads import SLUG, Threads, thread

MEXICO = ZoneInfo("America/Mexico_City")
HELD, PUBLISHED = PublicationState.HELD, PublicationState.PUBLISHED
MILLS = 15


class Strict(Threads):
    """A network that charges for each part, and minds equal texts where ``identical_window`` says so."""

    identical_window: ClassVar[timedelta] = timedelta(hours=24)
    look_mills: ClassVar[int] = 5
    price_source: ClassVar[str] = "https://red.example/precios"

    def price(self, text: str, images: int = 0) -> Price:  # noqa: ARG002 -- the contract
        return Price(MILLS, MILLS)


class Lax(Strict):
    identical_window: ClassVar[timedelta] = timedelta(0)


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


@pytest.fixture(params=[Strict])
def network(request: pytest.FixtureRequest) -> Iterator[Strict]:
    made: Strict = request.param()
    with patch.dict(networks(), {SLUG: made}):
        yield made


@pytest.fixture
def engine(database: Database, tmp_path: Path, time: Time, network: Strict) -> Iterator[Engine]:  # noqa: ARG001 -- they rule
    made = Engine(worker(database, tmp_path / "data"))
    made.tick()
    yield made
    made.close()


def due(engine: Engine, time: Time, *texts: str) -> list[Publication]:
    """Publications of these texts, each of another account, due in a minute; time is then past their hour."""
    with engine.worker.database.transaction() as session:
        made = [
            planned(session, account(session, SLUG), time.at + timedelta(minutes=1), text) for text in texts
        ]
    time.pass_by(seconds=61)
    return made


def stands(engine: Engine, made: list[Publication]) -> list[tuple[PublicationState, str]]:
    found = [now_of(engine.worker.database, one) for one in made]
    return [(one.state, one.said_code) for one in found]


def spent(engine: Engine, time: Time) -> int:
    with engine.worker.database.reading() as session:
        return budget.spent(session, {SLUG}, time.at.astimezone(MEXICO).date(), MEXICO)[SLUG]


def set_ceiling(engine: Engine, mills: int) -> None:
    with engine.worker.database.transaction() as session:
        budget.set_ceiling(session, person(session), SLUG, mills)


@pytest.mark.parametrize(("network", "out"), [(Strict, 1), (Lax, 2)], indirect=["network"])
def test_of_two_texts_that_are_alike_one_goes_out_where_the_network_minds(
    engine: Engine, time: Time, network: Strict, out: int
) -> None:
    made = due(engine, time, BASE, f"{BASE} #SNT")
    engine.tick()
    assert len(network.posts) == out
    assert stands(engine, made)[0] == (PUBLISHED, "")
    if out == 1:
        assert stands(engine, made)[1] == (HELD, "text_alike")
        assert now_of(engine.worker.database, made[1]).hold_reason is HoldReason.ALIKE


def test_what_another_gate_stops_holds_no_text_back(engine: Engine, time: Time, network: Strict) -> None:
    made = due(engine, time, BASE, BASE)
    with engine.worker.database.transaction() as session:
        session.get_one(Account, made[0].account_id).valid_to = date(2020, 1, 1)
    engine.tick()
    assert [state for state, _ in stands(engine, made)] == [HELD, PUBLISHED]
    assert len(network.posts) == 1


def test_what_would_pass_the_ceiling_waits_for_a_person(engine: Engine, time: Time, network: Strict) -> None:
    set_ceiling(engine, 2 * MILLS)
    made = due(engine, time, BASE, LONG, "Mañana hay foro sobre archivos municipales en Mérida")
    engine.tick()
    assert [state for state, _ in stands(engine, made)] == [PUBLISHED, PUBLISHED, HELD]
    assert stands(engine, made)[2] == (HELD, "over_budget")
    assert (len(network.posts), spent(engine, time)) == (2, 2 * MILLS)


def test_what_the_network_refused_is_not_charged(engine: Engine, time: Time, network: Strict) -> None:
    network.fate[BASE] = "refused"
    due(engine, time, BASE)
    engine.tick()
    assert (network.posts, spent(engine, time)) == ([], 0)


def test_what_may_be_out_is_charged_once(engine: Engine, time: Time, network: Strict) -> None:
    network.fate[BASE] = "lost_request"
    made = due(engine, time, BASE)
    for _ in range(24):
        engine.tick()
        engine.look()
        time.pass_by(seconds=30)
    assert [state for state, _ in stands(engine, made)] == [PUBLISHED]
    assert (len(network.posts), spent(engine, time)) == (1, MILLS)


def test_the_ceiling_stops_no_thread_half_way(engine: Engine, time: Time, network: Strict) -> None:
    set_ceiling(engine, 2 * MILLS)
    made = thread(engine, time)
    engine.tick()
    assert stands(engine, [made]) == [(HELD, "over_budget")]
    assert (network.posts, spent(engine, time)) == ([], 0)


def test_of_a_thread_that_was_refused_half_way_only_what_is_out_is_charged(
    engine: Engine, time: Time, network: Strict
) -> None:
    network.fate["Dos"] = "refused"
    thread(engine, time)
    engine.tick()
    assert (len(network.posts), spent(engine, time)) == (1, MILLS)


@pytest.mark.parametrize("again", [False, True])
def test_a_consent_that_was_withdrawn_stops_what_was_scheduled_with_it(
    engine: Engine, time: Time, network: Strict, *, again: bool
) -> None:
    with engine.worker.database.transaction() as session:
        image = picture(session, engine.worker, "Una niña lee")
        asset = session.scalars(select(Asset).where(Asset.ref == image.asset_ref)).one()
        asset.people = People.MINORS
        editor = person(session)
        told = Told(ConsentBy.GUARDIANS, "Niña de rojo")
        given = consents.add(session, asset.ref, told, Kept("0" * 64), editor)
        made = planned(session, account(session, SLUG), time.at + timedelta(minutes=1), BASE, (image,))
    with engine.worker.database.transaction() as session:
        consents.withdraw(session, image.asset_ref, given.ref, editor)
        if again:
            consents.restore(session, image.asset_ref, given.ref, editor)
    time.pass_by(seconds=61)
    engine.tick()
    assert stands(engine, [made]) == [(PUBLISHED, "") if again else (HELD, "consent_withdrawn")]
    assert len(network.posts) == again
