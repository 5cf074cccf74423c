"""An account shares a post once: a second time would meet the proof of the first."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar.content import Content
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.publications import Publication
from content_calendar.moves import move_one
from content_calendar.posts import Draft
from content_calendar.states import PublicationEvent
from tests.conftest import CountQueries
from tests.webapp.calendar.conftest import House, Write, waiting_review
from tests.webapp.conftest import Browser
from webapp import checks

_LINK = "https://x.com/infonl/status/1859000000000000001"


@pytest.fixture
def found(
    write: Write, house: House, client_as: Callable[..., Browser], database: Database
) -> Callable[..., list[str]]:
    """Schedule a repost; return what tells the problems of another one's target."""
    ref = write(kind="repost", target=_LINK, text="", do="review")
    review, content_hash = waiting_review(database, ref)
    client_as("coordinator", "luz").post(f"/revision/{review}/aprobar", {"content_hash": content_hash})

    def look(target: str, account: str = house.rehearsal, kind: str = "repost") -> list[str]:
        with database.reading() as session:
            assert session.scalars(select(Publication)).all()
            account_id = session.scalars(select(Account.id).where(Account.ref == account)).one()
            content = Content(("",), kind=kind, accounts=(account,), target=target)
            return [one.code for one in checks.check(session, Draft(content, account_ids=[account_id]))]

    return look


def test_a_second_repost_by_the_same_account_is_refused(found: Callable[..., list[str]]) -> None:
    for link in (_LINK, "https://x.com/i/status/1859000000000000001", f"{_LINK}?s=20"):
        assert "reposted_already" in found(link)


def test_control_another_post_another_account_or_a_quote_is_none(
    found: Callable[..., list[str]], house: House, database: Database, count_queries: CountQueries
) -> None:
    assert "reposted_already" not in found("https://x.com/infonl/status/1859000000000000002")
    assert "reposted_already" not in found(_LINK, house.tijuana)
    with count_queries() as asked:
        assert "reposted_already" not in found(_LINK, kind="quote")
    assert not [query for query in asked if "post_version" in query]
    with count_queries() as asked:
        found(_LINK)
    assert len([query for query in asked if "post_version" in query]) == 1
    with database.transaction() as session:
        (row,) = session.scalars(select(Publication)).all()
        move_one(session, Publication, PublicationEvent.CANCEL, row.id)
    assert "reposted_already" not in found(_LINK)
