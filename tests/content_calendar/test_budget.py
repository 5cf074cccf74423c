"""What networks charge in a month, and a ceiling that several workers together do not pass."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content_calendar import budget
from content_calendar.budget import Cost
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.money import Charge
from content_calendar.models.people import AuditEvent
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.publications import cancel
from content_calendar.states import HoldReason, PartState, PublicationState
from tests.conftest import CountQueries
from tests.scheduler.scene import account, person, planned

MEXICO = ZoneInfo("America/Mexico_City")
NOON = datetime(2026, 11, 22, 18, tzinfo=UTC)
MONTH = date(2026, 11, 22)
NET = "red"


def publication(session: Session) -> Publication:
    return planned(session, account(session, "rehearsal"), now() + timedelta(hours=1))


def cost(of: Publication, mills: int = 15, part: int = 1, network: str = NET) -> Cost:
    return Cost(of.id, part, of.account_id, network, "post", mills)


def spent(session: Session) -> int:
    return budget.spent(session, {NET}, MONTH, MEXICO)[NET]


def ceiling(session: Session, mills: int) -> None:
    budget.set_ceiling(session, person(session), NET, mills)


def test_a_month_is_that_of_the_commissions_zone(session: Session) -> None:
    of = publication(session)
    for at, mills in (
        (datetime(2026, 11, 1, 5, 59, tzinfo=UTC), 1),  # still October in Mexico
        (datetime(2026, 11, 1, 6, 0, tzinfo=UTC), 10),
        (datetime(2026, 12, 1, 5, 59, tzinfo=UTC), 100),
        (datetime(2026, 12, 1, 6, 0, tzinfo=UTC), 1000),
    ):
        session.add(Charge(network=NET, account_id=of.account_id, what="post", mills=mills, at=at))
    session.flush()
    assert spent(session) == 110
    assert budget.spent(session, {NET}, date(2026, 12, 31), MEXICO) == {NET: 1000}
    assert budget.spent(session, {"nadie"}, MONTH, MEXICO) == {"nadie": 0}


def test_what_reaches_the_ceiling_fits_and_a_mill_more_does_not(session: Session) -> None:
    first, second, third = (publication(session) for _ in range(3))
    ceiling(session, 30)
    rows = [cost(first), cost(second), cost(third, mills=1)]
    assert budget.reserve(session, rows, MEXICO, NOON) == {third.id}
    assert spent(session) == 30
    assert budget.over(session, {NET: 1}, MEXICO, NOON) == {NET}
    assert budget.over(session, {NET: 0, "otra": 9}, MEXICO, NOON) == set()
    assert budget.reserve(session, [cost(third, mills=1)], MEXICO, datetime(2026, 12, 2, tzinfo=UTC)) == set()


def test_without_a_ceiling_everything_fits_and_a_ceiling_of_nothing_lets_nothing_out(
    session: Session,
) -> None:
    first, second = publication(session), publication(session)
    assert budget.reserve(session, [cost(first, mills=10**9)], MEXICO, NOON) == set()
    ceiling(session, 0)
    assert budget.reserve(session, [cost(second)], MEXICO, NOON) == {second.id}
    assert budget.reserve(session, [cost(second, mills=0)], MEXICO, NOON) == set()


def test_all_parts_of_a_thread_fit_or_none_is_written(session: Session) -> None:
    thread, small = publication(session), publication(session)
    ceiling(session, 40)
    parts = [cost(thread, part=n) for n in (1, 2, 3)]
    assert budget.reserve(session, [*parts, cost(small)], MEXICO, NOON) == {thread.id}
    assert spent(session) == 15


def test_a_part_is_charged_once_and_what_was_refused_is_given_back(session: Session) -> None:
    thread = publication(session)
    parts = [cost(thread, part=n) for n in (1, 2)]
    for _ in range(2):
        assert budget.reserve(session, parts, MEXICO, NOON) == set()
    assert spent(session) == 30
    budget.charge(session, [Cost(thread.id, 2, thread.account_id, NET, "look", 5)])
    budget.give_back(session, [(thread.id, 2)], "post")
    budget.give_back(session, [], "post")
    rows = session.execute(select(Charge.part, Charge.what, Charge.mills).order_by(Charge.id)).all()
    assert [tuple(row) for row in rows] == [(1, "post", 15), (2, "look", 5)]
    assert budget.reserve(session, parts, MEXICO, NOON) == set()
    assert session.scalar(select(func.sum(Charge.mills))) == 35


def test_withdrawing_gives_back_what_was_reserved_for_parts_that_were_not_sent(session: Session) -> None:
    of, other = publication(session), publication(session)
    mine = Cost(of.id, 1, of.account_id, NET, budget.PUBLISHING, 15)
    looked = Cost(of.id, 1, of.account_id, NET, "look", 5)
    theirs = Cost(other.id, 1, other.account_id, NET, budget.PUBLISHING, 15)
    in_doubt = publication(session)
    session.execute(
        update(PublicationPart)
        .where(PublicationPart.publication_id == in_doubt.id)
        .values(state=PartState.UNKNOWN)  # told here only: no move of the engine is meant
    )
    doubted = Cost(in_doubt.id, 1, in_doubt.account_id, NET, budget.PUBLISHING, 15)
    budget.reserve(session, [mine, theirs, doubted], MEXICO, NOON)
    budget.charge(session, [looked])
    cancel(session, of, "")
    budget.give_back_unsent(session, [in_doubt.id])
    left = session.execute(select(Charge.publication_id, Charge.what).order_by(Charge.id)).all()
    assert [tuple(row) for row in left] == [
        (other.id, budget.PUBLISHING),
        (in_doubt.id, budget.PUBLISHING),
        (of.id, "look"),
    ]


def test_a_hundred_cost_as_many_queries_as_one(session: Session, count_queries: CountQueries) -> None:
    of = publication(session)
    ceiling(session, 50 * 15)
    rows = [Cost(of.id, n, of.account_id, NET, "post", 15) for n in range(50)]
    with count_queries() as asked:
        assert budget.reserve(session, rows, MEXICO, NOON) == set()
    assert len(asked) == 3


def test_a_ceiling_is_audited_with_the_one_before_it(session: Session) -> None:
    admin = person(session)
    assert budget.set_ceiling(session, admin, NET, 24_500) is None
    assert budget.set_ceiling(session, admin, NET, 24_500) == 24_500
    assert budget.set_ceiling(session, admin, NET, None) == 24_500
    assert budget.set_ceiling(session, admin, NET, None) is None
    assert budget.ceilings(session) == {}
    told = session.scalars(select(AuditEvent.details).where(AuditEvent.act == "ceiling_set")).all()
    assert told == [{"mills": 24_500, "was": None}, {"mills": None, "was": 24_500}]
    for mills in (-1, budget.MOST_MILLS + 1):
        with pytest.raises(budget.CeilingInvalidError):
            budget.set_ceiling(session, admin, NET, mills)


def test_how_a_network_stands_is_told_with_what_waits_for_money(session: Session) -> None:
    held = publication(session)
    held.state, held.hold_reason = PublicationState.HELD, HoldReason.BUDGET
    admin = person(session)
    for mills in (10, 20):
        budget.set_ceiling(session, admin, "rehearsal", mills)
    budget.charge(session, [cost(held, network="rehearsal")])
    found = budget.stands(session, ["rehearsal", NET], MEXICO, now())
    assert found["rehearsal"] == budget.Stand(spent=15, ceiling=20, was=10, waiting=1)
    assert found[NET] == budget.Stand(spent=0, ceiling=None, was=None, waiting=0)


@pytest.mark.parametrize("locked", [True, False])
def test_workers_that_reserve_at_once_never_pass_the_ceiling(database: Database, *, locked: bool) -> None:
    """Twenty at once, room for seven; without the lock PostgreSQL lets more through (SQLite has one writer)."""
    with database.transaction() as session:
        ids = [(of.id, of.account_id) for of in (publication(session) for _ in range(20))]
        ceiling(session, 7 * 15)
    everybody = Barrier(len(ids))
    plain = budget.spent

    def all_have_looked(*asked: object) -> Mapping[str, int]:
        found = plain(*asked)  # type: ignore[arg-type] # what it is called with is passed on
        if not database.is_sqlite:
            everybody.wait()
        return found

    def reserve(one: tuple[int, int]) -> set[int]:
        if locked:
            everybody.wait()
        with database.transaction() as session:
            row = Cost(one[0], 1, one[1], NET, "post", 15)
            return budget.reserve(session, [row], MEXICO, NOON)

    def reserve_all() -> Sequence[set[int]]:
        with ThreadPoolExecutor(len(ids)) as pool:
            return list(pool.map(reserve, ids))

    if locked:
        refused = reserve_all()
    else:
        with (
            patch.object(budget, "_held_ceilings", budget.ceilings),
            patch.object(budget, "spent", all_have_looked),
        ):
            refused = reserve_all()
    with database.reading() as session:
        total = spent(session)
    if locked or database.is_sqlite:
        assert (total, sum(map(len, refused))) == (7 * 15, 13)
    else:
        assert total == 20 * 15
