"""Replies: kept once, settled once, taken back, deleted for good; and who is told that they wait."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import clock, replies, reply_notices, series
from content_calendar.db import Database
from content_calendar.models.dialogue import Reply, ReplyStage
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.replies import Told
from tests.content_calendar.conftest import Plan, make_plan

ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def _told(session: Session, plan: Plan, **changed: Any) -> Told:  # noqa: ANN401 -- fields of Told
    every = series.listed(session)
    tips = every[0] if every else series.begin(session, "Tips", "#SNTtips", 1, plan.author)
    told = Told(tips.id, "red", "ciudadana", "¿Y si no contestan?", AT, "https://red.example/1", ("k1", "k1"))
    return replace(told, **changed)


def _count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Reply)) or 0


@ONE_DATABASE
@pytest.mark.parametrize(
    "again",
    [
        {},
        {"keys": ("k1", "otra"), "handle": "cambió de nombre"},
        {"keys": ("otra", "k1")},
        {"keys": ("k1", "")},
    ],
)
def test_the_same_reply_is_kept_once_however_it_comes(
    session: Session, plan: Plan, again: dict[str, object]
) -> None:
    first = replies.paste(session, _told(session, plan), plan.author)
    replies.take(session, [_told(session, plan, **again)])
    with pytest.raises(replies.ReplyKnownError) as known:
        replies.paste(session, _told(session, plan, **again), plan.author)
    assert known.value.params["ref"] == first.ref
    assert _count(session) == 1
    replies.take(session, [_told(session, plan, keys=("k2", "k3"))])
    assert _count(session) == 2


@ONE_DATABASE
def test_without_a_link_who_said_what_where_tells_it(session: Session, plan: Plan) -> None:
    told = _told(session, plan, url="", keys=("", ""))
    replies.paste(session, told, plan.author)
    with pytest.raises(replies.ReplyKnownError):
        replies.paste(session, replace(told, handle="Ciudadana", said="¿y si  no contestan?"), plan.author)
    replies.paste(session, replace(told, handle="otra"), plan.author)
    assert _count(session) == 2


@ONE_DATABASE
@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"said": " ", "url": ""}, replies.ReplyEmptyError),
        ({"handle": ""}, replies.ReplyHandleError),
        ({"handle": "x" * 121}, replies.ReplyHandleError),
        ({"said": "x" * 2001}, replies.ReplyTooLongError),
        ({"url": "javascript:alert(1)"}, replies.ReplyLinkError),
        ({"url": "https://["}, replies.ReplyLinkError),
        ({"url": "https://a.example/" + "x" * 2000}, replies.ReplyTooLongError),
        ({"said_at": datetime(2099, 1, 1, tzinfo=UTC)}, replies.ReplyInFutureError),
    ],
)
def test_what_is_no_reply_is_refused(
    session: Session, plan: Plan, changed: dict[str, object], wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        replies.paste(session, _told(session, plan, **changed), plan.author)


@ONE_DATABASE
def test_the_words_of_a_stranger_are_bounded_and_hide_nothing(session: Session, plan: Plan) -> None:
    evil = "<b>\u202eotneirbo\u202c\x00 \n\n\n\n\nfin" + "é" * 5000
    replies.take(session, [_told(session, plan, said=evil, handle="h\u202e" * 300, url="h" * 3000)])
    found = session.scalars(select(Reply)).one()
    assert len(found.said) == 2000
    assert found.said.startswith("<b>otneirbo \n\nfin")
    assert found.handle == "h" * 120
    assert found.url == ""


@ONE_DATABASE
def test_what_a_network_passes_on_leads_nowhere_but_to_the_web(session: Session, plan: Plan) -> None:
    first = _told(session, plan, said="a\ud800b", url="javascript:alert(1)", keys=("k2", "k2"))
    replies.take(session, [first])
    found = session.scalars(select(Reply)).one()
    assert (found.said, found.url) == ("ab", "")
    replies.settle_answered(session, {"k2": "javascript:alert(1)"})
    assert found.stage is ReplyStage.UNANSWERED


@ONE_DATABASE
def test_a_reply_is_answered_or_dismissed_and_that_is_taken_back(session: Session, plan: Plan) -> None:
    one = replies.paste(session, _told(session, plan), plan.author)
    with pytest.raises(replies.ReplyAnswerError):
        replies.answer(session, one, plan.author)
    with pytest.raises(replies.ReplyReasonError):
        replies.dismiss(session, one, plan.author, " ")
    replies.answer(session, one, plan.reviewer, url="https://red.example/2")
    assert (one.stage, one.settled_by_id) == (ReplyStage.ANSWERED, plan.reviewer.id)
    with pytest.raises(replies.ReplySettledError):
        replies.dismiss(session, one, plan.author, "Es publicidad")
    replies.reopen(session, one, plan.author)
    assert (one.stage, one.answer_url, one.settled_at) == (ReplyStage.UNANSWERED, "", None)
    with pytest.raises(replies.ReplySettledError):
        replies.reopen(session, one, plan.author)
    replies.dismiss(session, one, plan.author, "Es publicidad")
    assert one.reason == "Es publicidad"
    # Seen again on the network, a person's word stands.
    replies.reopen(session, one, plan.author)
    replies.settle_answered(session, {"k1": "https://red.example/2"})
    assert one.stage is ReplyStage.UNANSWERED


@ONE_DATABASE
def test_our_own_answer_on_the_network_settles_a_reply(session: Session, plan: Plan) -> None:
    one = replies.paste(session, _told(session, plan), plan.author)
    replies.settle_answered(session, {"k1": "https://red.example/2", "unknown": "https://red.example/3"})
    session.refresh(one)
    assert (one.stage, one.settled_by_id, one.answer_url) == (
        ReplyStage.ANSWERED, None, "https://red.example/2"
    )  # fmt: skip


@ONE_DATABASE
def test_what_is_deleted_says_nothing_and_does_not_come_back(session: Session, plan: Plan) -> None:
    told = _told(session, plan)
    one = replies.paste(session, told, plan.author)
    replies.forget(session, one, plan.author)
    replies.take(session, [told])
    row = session.scalars(select(Reply)).one()
    assert (row.handle, row.said, row.url) == ("", "", "")
    assert not replies.listed(session, None, None, 1, 10)
    assert not replies.waiting(session)
    with pytest.raises(replies.ReplyNotFoundError):
        replies.find(session, row.ref)
    with pytest.raises(replies.ReplyKnownError) as known:
        replies.paste(session, told, plan.author)
    assert known.value.params["ref"] == ""


@ONE_DATABASE
def test_the_oldest_waits_first_and_the_count_says_since_when(session: Session, plan: Plan) -> None:
    told = _told(session, plan)
    for n in range(3):
        replies.take(session, [replace(told, keys=(f"k{n}", ""), said_at=AT - timedelta(days=n))])
    found = replies.listed(session, None, ReplyStage.UNANSWERED, 1, 2)
    assert [one.said_at for one in found] == [AT - timedelta(days=2), AT - timedelta(days=1)]
    assert replies.waiting(session) == {told.series_id: replies.Waiting(3, AT - timedelta(days=2))}
    replies.dismiss(session, found[0], plan.author, "No es para nosotros")
    assert replies.counts(session) == {
        ReplyStage.UNANSWERED: 2, ReplyStage.ANSWERED: 0, ReplyStage.DISMISSED: 1
    }  # fmt: skip


def test_of_two_who_settle_one_reply_one_does_and_the_other_is_told(database: Database) -> None:
    with database.transaction() as session:
        plan = make_plan(session)
        ref = replies.paste(session, _told(session, plan), plan.author).ref
        author_id = plan.author.id
    ready = Barrier(2)

    def settle(act: Callable[[Session, Reply, Person], None]) -> str:
        try:
            with database.transaction() as session:
                one = replies.find(session, ref)
                if not database.is_sqlite:
                    ready.wait(30)
                act(session, one, session.get_one(Person, author_id))
        except replies.ReplySettledError as error:
            return error.code
        return "done"

    acts = (
        lambda session, one, person: replies.answer(session, one, person, url="https://red.example/2"),
        lambda session, one, person: replies.dismiss(session, one, person, "No"),
    )
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(settle, acts)) == ["done", "reply_settled"]


@ONE_DATABASE
def test_who_writes_is_told_once_a_day_and_only_of_what_waits_for_a_day(session: Session, plan: Plan) -> None:
    told = _told(session, plan)

    def open_notices() -> list[int]:
        rows = session.scalars(select(Notice).where(Notice.over_at.is_(None)))
        return [one.params["count"] for one in rows]

    with clock.standing_at(AT + timedelta(hours=20)):
        replies.take(session, [told])
        assert not reply_notices.remind(session, TODAY)
    with clock.standing_at(AT + timedelta(hours=25)):
        assert reply_notices.remind(session, TODAY)
        replies.take(session, [replace(told, keys=("k2", ""))])
        assert not reply_notices.remind(session, TODAY)
        assert open_notices() == [1]
        assert reply_notices.remind(session, TODAY + timedelta(days=1))
        assert open_notices() == [2]
        for one in replies.listed(session, None, None, 1, 10):
            replies.dismiss(session, one, plan.author, "No")
        assert not reply_notices.remind(session, TODAY + timedelta(days=2))
        assert open_notices() == []
