"""A short round of what ``make drill`` asks twenty thousand times: hostile requests, files and feeds."""

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from content_calendar import clock
from content_calendar.models.people import WebSession
from tests.fuzz import hearing, requesting, uploading
from tests.fuzz.asking import Asked, learn, make
from tests.fuzz.requesting import Rows, changed, of_others
from tests.fuzz.tally import Tally
from tests.fuzz.world import World, frozen, let_nothing_stay, opened, shared_folder
from webapp.session import public

SEED = 7


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration, for all that is asked here."""
    with opened(shared_folder(tmp_path_factory), tmp_path_factory.mktemp("fuzz")) as found:
        yield found


@pytest.fixture(autouse=True)
def _same_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask on the day on which the world was planted, whatever day it is."""
    monkeypatch.setattr(clock, "_now", frozen)


# Of a form that is cut off in the middle of a file, Werkzeug leaves the file to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_thousand_hostile_requests_are_answered_and_none_by_a_fault(world: World) -> None:
    tally = requesting.run(world, 1000, SEED)
    assert tally.faults == []
    # A tenth more is asked as a liaison whose transactions stay.
    assert sum(tally.answers.values()) == 1100
    # Else nothing behind the doors would have been reached.
    assert sum(tally.answers[code] for code in ("200", "201", "303", "422")) > sum(tally.answers.values()) / 5


def test_a_row_that_the_database_refuses_is_seen_by_commit_and_by_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_nothing_stay(monkeypatch)
    with world.database.open(writes=True) as session:
        session.add(WebSession(token_hash="w" * 64, person_id=None))
        with pytest.raises(IntegrityError):
            session.commit()
    with pytest.raises(IntegrityError), world.database.transaction() as session:
        session.add(WebSession(token_hash="w" * 64, person_id=None))


def test_a_view_that_fails_is_seen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise IntegrityError("", {}, ValueError("planted"))

    monkeypatch.setitem(world.app.view_functions, "account.enter", public(fail))
    tally = Tally("requests")
    with requesting.listening() as faults:
        requesting.ask(world, Asked(0, "", "GET", "/entrar"), faults, tally)
    assert len(tally.faults) == 1
    assert "answered 500 IntegrityError" in tally.faults[0]


@pytest.mark.drill
def test_a_spoiled_file_is_refused_in_a_sentence(world: World) -> None:
    assert uploading.run(world, 120, SEED).faults == []


def test_a_spoiled_feed_stops_neither_the_worker_nor_the_others(world: World) -> None:
    tally = hearing.run(world, 120, SEED)
    assert tally.faults == []
    assert tally.answers["heard"]
    assert tally.answers["refused"]


def test_a_request_is_had_again_by_its_seed_and_number(world: World) -> None:
    known = learn(world)
    assert [make(known, SEED, n) for n in range(50)] == [make(known, SEED, n) for n in range(50)]
    assert make(known, SEED, 3) != make(known, SEED + 1, 3)


def test_a_row_of_another_body_that_changed_is_found() -> None:
    before: Rows = {"event": frozenset({("1", "5")})}
    assert list(changed(before, before)) == []
    assert list(changed(before, {"event": frozenset({("1", "6")})})) != []


def test_what_is_compared_is_most_of_what_bodies_have(world: World) -> None:
    with world.database.reading() as session:
        found = of_others(session, 20)
    assert {"contribution", "replication", "account", "participation"} <= set(found)
    assert sum(map(len, found.values())) > 100
