"""Boards that are answered again as they were: only while nothing was written, and never to somebody else."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.people import Membership, Person, WebSession
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.permissions import Role
from tests.webapp.calendar.conftest import house  # noqa: F401 -- a fixture
from tests.webapp.conftest import Browser
from webapp import unchanged
from webapp.unchanged import Stamp

pytestmark = pytest.mark.usefixtures("house")
ClientAs = Callable[..., Browser]
BOARD = "/calendario/2030/6"
_OF_ONE_ANSWER = re.compile(r'nonce="[^"]*"|name="csrf_token"[^>]*>')


def board(client: FlaskClient, languages: str = "es") -> str:
    answer = client.get(BOARD, headers={"Accept-Language": languages})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def said(page: str) -> str:
    return _OF_ONE_ANSWER.sub("", page)


def made_anew(client: FlaskClient, n: int) -> str:
    """The same page for a browser that is known by other headers: it was never asked for like this."""
    return said(board(client, f"es, en;q=0.{n:04}"))


@pytest.fixture
def views(app: Flask) -> list[str]:
    """The addresses that the application itself answered, and not what was kept."""
    answered: list[str] = []

    def note() -> None:
        answered.append("")

    app.before_request(note)
    return answered


def test_a_board_is_answered_again_with_a_nonce_and_a_number_of_its_own(
    views: list[str], client_as: ClientAs
) -> None:
    eva = client_as("editor", "eva").client
    for _ in range(20):  # on a server that others write to a page may be stale the moment it is made
        eva.get(BOARD)
        before = len(views)
        first, second = eva.get(BOARD), eva.get(BOARD)
        if len(views) == before:
            break
    assert len(views) == before
    nonces = [set(re.findall(r'nonce="([^"]+)"', one.get_data(as_text=True))) for one in (first, second)]
    assert [len(some) for some in nonces] == [1, 1]
    assert nonces[0] != nonces[1]
    for answer, (nonce,) in zip((first, second), nonces, strict=True):
        assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert said(first.get_data(as_text=True)) == said(second.get_data(as_text=True))


def _post(session: Session, chance: random.Random) -> None:
    author = session.scalars(select(Person.id)).first()
    at = datetime(2030, 11, 5, 18, tzinfo=UTC) + timedelta(days=chance.randrange(30))
    local = at.strftime("%Y-%m-%dT%H:%M:%S")
    title = f"Nueva {chance.getrandbits(30)}"
    session.add(Post(title=title, author_id=author, due_at=at, due_local=local, due_zone="UTC"))


def _renamed_post(session: Session, chance: random.Random) -> None:
    session.execute(update(Post).values(title=f"Otra {chance.getrandbits(30)}"))


def _renamed_theme(session: Session, chance: random.Random) -> None:
    session.execute(update(Theme).values(title=f"Tema {chance.getrandbits(30)}"))


def _renamed_person(session: Session, chance: random.Random) -> None:
    session.execute(update(Person).values(name=f"Persona {chance.getrandbits(30)}"))


def _renamed_account(session: Session, chance: random.Random) -> None:
    session.execute(update(Account).values(handle=f"cuenta{chance.getrandbits(30)}"))


def _other_role(session: Session, chance: random.Random) -> None:
    session.execute(update(Membership).values(role=chance.choice([Role.EDITOR, Role.COORDINATOR])))


WRITES = (_post, _renamed_post, _renamed_theme, _renamed_person, _renamed_account, _other_role)


def test_whatever_is_written_shows_with_the_next_look(client_as: ClientAs, database: Database) -> None:
    eva, chance = client_as("editor", "eva").client, random.Random(5)  # noqa: S311 -- writes that can be made again
    for n in range(24):
        board(eva), board(eva)
        with database.transaction() as session:
            chance.choice(WRITES)(session, chance)
        assert said(board(eva)) == made_anew(eva, n)


def test_without_the_stamp_what_was_written_would_not_show(client_as: ClientAs, database: Database) -> None:
    eva, chance = client_as("editor", "eva").client, random.Random(5)  # noqa: S311 -- writes that can be made again
    with patch.object(Stamp, "read", lambda _self: 1), patch.object(unchanged, "_minute", lambda: 1):
        board(eva), board(eva)
        with database.transaction() as session:
            _post(session, chance)
        assert said(board(eva)) != made_anew(eva, 0)


def test_who_is_let_out_sees_it_no_more(client_as: ClientAs, database: Database) -> None:
    eva = client_as("editor", "eva").client
    board(eva), board(eva)
    with database.transaction() as session:
        session.execute(update(WebSession).values(ended_at=clock.now()))
    assert eva.get(BOARD).status_code == 302


def test_nobody_gets_the_page_of_somebody_else(client_as: ClientAs, database: Database) -> None:
    eva, ana = client_as("editor", "eva").client, client_as("editor", "ana").client
    forms = []
    for _ in range(3):
        for client, own, other in ((eva, "Eva", "Ana"), (ana, "Ana", "Eva")):
            page = board(client)
            assert f">{own}<" in page
            assert f">{other}<" not in page
            forms.append(re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[0])
    assert not set(forms[::2]) & set(forms[1::2])
    with database.reading() as session:
        assert people.find_by_email(session, "eva@ejemplo.mx") is not None


def test_a_minute_later_it_is_made_anew(client_as: ClientAs, views: list[str]) -> None:
    eva = client_as("editor", "eva").client
    with patch.object(Stamp, "read", lambda _self: 1), patch.object(unchanged, "_minute") as minute:
        minute.return_value = 1
        eva.get(BOARD), eva.get(BOARD)
        before = len(views)
        eva.get(BOARD)
        assert len(views) == before
        minute.return_value = 2
        eva.get(BOARD)
        assert len(views) == before + 1


def test_what_is_kept_stays_within_its_bytes(client_as: ClientAs, app: Flask) -> None:
    eva = client_as("editor", "eva").client
    with patch.object(unchanged, "_MOST_BYTES", 200_000), patch.object(Stamp, "read", lambda _self: 1):
        for n in range(40):
            eva.get(BOARD, headers={"Accept-Language": f"es, en;q=0.{n:04}"})
    kept = next(one for one in _layers(app) if isinstance(one, unchanged.Unchanged))._kept  # noqa: SLF001 -- what it holds
    assert 0 < sum(one.size for one in kept.values()) <= 200_000


def _layers(app: Flask) -> list[object]:
    found: list[object] = [app.wsgi_app]
    while (inner := getattr(found[-1], "_inner", None)) is not None:
        found.append(inner)
    return found
