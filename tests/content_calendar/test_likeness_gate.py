"""Near-identical texts to several accounts of one network: what holds another back, found by few queries."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.likeness_gate import Row, forget, others_alike, out_of_reach, remember, take_turns
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication, PublicationPart, TextKey
from content_calendar.states import HoldReason, PartState, PublicationState
from tests.conftest import CountQueries
from tests.content_calendar.likeness_pairs import BASE, LONG
from tests.scheduler.scene import Time, account, planned

DAY = timedelta(hours=24)
SAME = f"📢 {BASE.upper()} #SNT"
_S = PublicationState


@pytest.fixture
def time() -> Iterator[Time]:
    with Time().ruling() as ruling:
        yield ruling


def out(
    session: Session, to: Account, time: Time, text: str = BASE, state: _S = _S.PUBLISHED, **since: float
) -> Publication:
    """A publication that went out, or may have, that long ago."""
    made = planned(session, to, time.at + timedelta(minutes=1), text)
    made.state = state
    made.sent_at = time.at - timedelta(**since)
    made.published_at = made.sent_at if state is _S.PUBLISHED else None
    session.flush()
    remember(session, [made], {to.id: to.network})
    return made


def going(session: Session, to: Account, time: Time, text: str = SAME, window: timedelta = DAY) -> Row:
    made = planned(session, to, time.at + timedelta(minutes=1), text)
    remember(session, [made], {to.id: to.network})
    return Row(made.id, to.network, to.id, text, window)


def test_what_another_account_of_the_network_sent_within_the_window_holds_it_back(
    session: Session, time: Time
) -> None:
    first, second = account(session, "x"), account(session, "x")
    sent = out(session, first, time, hours=23)
    row = going(session, second, time)
    (found,) = others_alike(session, [row], time.at).values()
    assert (found.ref, found.handle, found.when) == (sent.ref, first.handle, sent.published_at)


@pytest.mark.parametrize("state", [_S.SENDING, _S.UNKNOWN, _S.PUBLISHED])
def test_what_may_be_out_counts_as_out(session: Session, time: Time, state: PublicationState) -> None:
    out(session, account(session, "x"), time, state=state, hours=1)
    assert others_alike(session, [going(session, account(session, "x"), time)], time.at)


@pytest.mark.parametrize(
    ("reason", "part", "holds"),
    [
        (HoldReason.UNCONFIRMED, PartState.UNKNOWN, True),
        (HoldReason.LATE, PartState.WAITING, False),
        (HoldReason.ACCESS, PartState.PUBLISHED, True),
    ],
)
def test_what_is_held_counts_when_it_or_a_part_of_it_may_be_out(
    session: Session, time: Time, reason: HoldReason, part: PartState, *, holds: bool
) -> None:
    held = out(session, account(session, "x"), time, state=_S.HELD, hours=1)
    held.hold_reason = reason
    session.scalars(
        select(PublicationPart).where(PublicationPart.publication_id == held.id)
    ).one().state = part
    session.flush()
    assert bool(others_alike(session, [going(session, account(session, "x"), time)], time.at)) is holds


@pytest.mark.parametrize("state", [_S.SCHEDULED, _S.CLAIMED, _S.CANCELLED, _S.FAILED])
def test_what_is_not_out_holds_nothing_back(session: Session, time: Time, state: PublicationState) -> None:
    out(session, account(session, "x"), time, state=state, hours=1)
    assert not others_alike(session, [going(session, account(session, "x"), time)], time.at)


def test_nothing_else_holds_it_back(session: Session, time: Time) -> None:
    to = account(session, "x")
    out(session, account(session, "x"), time, hours=25)  # before the window
    out(session, account(session, "rehearsal"), time, hours=1)  # another network
    out(session, to, time, hours=1)  # the account itself
    out(session, account(session, "x"), time, LONG, hours=1)  # another text
    assert not others_alike(session, [going(session, to, time)], time.at)
    other = account(session, "rehearsal")
    assert not others_alike(session, [going(session, other, time, window=timedelta(0))], time.at)


def test_of_those_that_would_go_out_together_the_first_goes(session: Session, time: Time) -> None:
    rows = [going(session, account(session, "x"), time) for _ in range(3)]
    same_account = Row(rows[0].publication_id + 1000, "x", rows[0].account_id, SAME, DAY)
    found = others_alike(session, [*rows, same_account], time.at)
    assert set(found) == {rows[1].publication_id, rows[2].publication_id}
    assert {one.ref for one in found.values()} == {session.get_one(Publication, rows[0].publication_id).ref}


def test_a_hundred_cost_as_many_queries_as_one(
    session: Session, time: Time, count_queries: CountQueries
) -> None:
    accounts = [account(session, "x") for _ in range(4)]
    out(session, accounts[0], time, hours=2)
    rows = [going(session, accounts[1 + n % 3], time, f"{SAME} {'bis ' * (n % 2)}") for n in range(100)]
    with count_queries() as asked:
        found = others_alike(session, rows, time.at)
    assert len(found) == 100
    assert len(asked) == 3


def test_keys_are_kept_once_and_dropped_when_no_window_reaches_them(session: Session, time: Time) -> None:
    made = out(session, account(session, "x"), time, hours=30)
    young = out(session, account(session, "x"), time, LONG, hours=1)
    remember(session, [made], {made.account_id: "x"})
    remember(session, [planned(session, account(session, "x"), time.at + DAY)], {})
    kept = dict(
        session.execute(select(TextKey.publication_id, func.count()).group_by(TextKey.publication_id)).all()
    )
    assert kept == {made.id: 8, young.id: 8}
    assert out_of_reach(session, time.at - DAY, 10) == [made.id]
    made.state = _S.FAILED
    session.flush()
    assert out_of_reach(session, time.at - DAY, 10) == []
    forget(session, [made.id])
    assert set(session.scalars(select(TextKey.publication_id))) == {young.id}


@pytest.mark.parametrize("in_turns", [True, False])
def test_two_workers_that_begin_at_once_do_not_both_send(database: Database, *, in_turns: bool) -> None:
    """Without turns both see that nothing is out (on SQLite the writer is alone already)."""
    with Time().ruling() as time, database.transaction() as session:
        rows = [going(session, account(session, "x"), time) for _ in range(2)]
    both = Barrier(2)

    def begin(row: Row) -> bool:
        both.wait()
        with database.transaction() as session:
            if in_turns:
                take_turns(session, {row.network})
            blocked = bool(others_alike(session, [row], time.at))
            if not in_turns and not database.is_sqlite:
                both.wait()  # both have looked before either writes
            if not blocked:
                sending = session.get_one(Publication, row.publication_id)
                sending.state, sending.sent_at = _S.SENDING, time.at
        return blocked

    with ThreadPoolExecutor(2) as pool:
        blocked = list(pool.map(begin, rows))
    protected = in_turns or database.is_sqlite
    assert sum(blocked) == (1 if protected else 0)
