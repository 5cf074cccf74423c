"""Pages that fill the directory: searches for feeds, the first sweep and its form, as people click them."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.directory import Account, Site, Standing
from content_calendar.models.jobs import JobStage
from content_calendar.settings import read
from scheduler.link_health import Health
from scheduler.models import Entry, Feed
from scheduler.search_models import FeedOffer, FeedSearch
from scheduler.watch_models import WatchedKind, WatchedLink
from tests.conftest import CountQueries
from tests.simulators.feed_server import FeedServer
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp.app import create_app
from webapp.sweep_letters import SWEEP_PATH

ClientAs = Callable[..., Browser]


@pytest.fixture
def body(database: Database) -> int:
    with database.transaction() as session:
        stage = Stage(session)
        made = stage.body("infox")
        stage.account(made)
        session.add(Site(owner_id=made.id, url="https://infox.example/"))
        return made.id


def test_feeds_are_looked_for_on_every_known_site_and_one_click_listens(
    client_as: ClientAs, database: Database, body: int
) -> None:
    browser = client_as("editor")
    browser.get("/directorio/infox")
    assert browser.post("/cable/canales/buscar", {"owner": "infox"}).status_code == 303
    going_on = browser.get("/cable/canales/buscar")
    assert ("Falta 1 búsqueda" in words(going_on), 'data-refresh="4"' in going_on.get_data(as_text=True)) == (
        True,
        True,
    )
    with database.transaction() as session:
        search = session.scalars(select(FeedSearch)).one()
        assert (search.owner_id, search.site_url) == (body, "https://infox.example/")
        search.stage = JobStage.DONE
        session.add(
            FeedOffer(search_id=search.id, url="https://infox.example/feed/", title="Notas", entries=3)
        )
    page = browser.get("/cable/canales/buscar?organismo=infox")
    assert "Notas https://infox.example/feed/ 3 notas" in words(page)
    [taking] = re.findall(r"/cable/canales/hallados/[a-z0-9]{12}/escuchar", page.get_data(as_text=True))
    browser.post(taking)
    with database.reading() as session:
        assert session.scalars(select(Feed.title)).all() == ["Notas"]
    assert "ya lo escuchamos" in words(browser.get("/cable/canales/buscar"))
    refused = browser.post("/cable/canales/buscar", {"owner": "infox", "site_url": "hola"})
    assert (refused.status_code, "Escribe la dirección del sitio" in words(refused)) == (422, True)


def started(browser: Browser, body: int) -> str:
    """Begin a sweep of the body and copy its link; return its path."""
    browser.get("/directorio/barrido")
    assert browser.post("/directorio/barrido", {"bodies": str(body)}).status_code == 303
    page = browser.get("/directorio/barrido").get_data(as_text=True)
    [copying] = re.findall(r"/directorio/barrido/[a-z0-9]{12}/enlace", page)
    shown = browser.post(copying)
    assert shown.headers["Cache-Control"] == "no-store"
    return str(re.findall(r"http://localhost(/b/[\w-]+)", shown.get_data(as_text=True))[0])


def test_a_body_answers_without_a_password_and_staff_accepts(
    app: Flask, client_as: ClientAs, database: Database, body: int
) -> None:
    editor = client_as("editor")
    link = started(editor, body)
    with app.test_request_context():
        assert app.url_map.bind("").match(SWEEP_PATH.format(token="abc"))[0] == "directory.sweep_form"
    anybody = Browser(app.test_client(), "")
    form = anybody.get(link)
    assert (form.status_code, form.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    [ref] = re.findall(r'name="known" value="([a-z0-9]{12})"', form.get_data(as_text=True))
    told = {
        "accounts": "https://www.facebook.com/InfoX/?locale=es\n@infox",
        "sites": "https://otro.example/?utm_source=a",
        "shown": [ref, "https://infox.example/"],
        "known": [ref, "https://infox.example/"],
        "name": "Rosa",
    }
    tried = anybody.post(link, {**told, "do": "try"})
    assert "https://www.facebook.com/InfoX" in words(tried)
    assert "No sabemos de qué red es" in words(tried)
    assert "0 de 1 han contestado" in words(editor.get("/directorio/barrido"))
    saved = anybody.post(link, told, follow=True)
    assert ("Guardado." in words(saved), "https://otro.example/" in words(saved)) == (True, True)
    board = editor.get("/directorio/barrido")
    assert "1 de 1 han contestado" in words(board)
    editor.post("/directorio/barrido/aceptar")
    with database.reading() as session:
        new = session.scalars(select(Account).where(Account.network == "facebook")).one()
        assert (new.standing, new.url) == (Standing.TO_CERTIFY, "https://www.facebook.com/InfoX")
        assert set(session.scalars(select(Site.url))) == {"https://infox.example/", "https://otro.example/"}
    [answer] = set(re.findall(r"/directorio/barrido/[a-z0-9]{12}(?=\")", board.get_data(as_text=True)))
    assert "Contestó Rosa" in words(editor.get(answer))


def test_a_link_of_nobody_opens_nothing_and_a_liaison_sees_no_board(
    app: Flask, client_as: ClientAs, body: int
) -> None:
    anybody = Browser(app.test_client(), "")
    assert anybody.get("/b/nada").status_code == 404
    assert client_as("liaison", body_id=body).get("/directorio/barrido").status_code == 403
    assert [anybody.get("/b/nada").status_code for _ in range(40)][-1] == 429


def test_an_editor_cannot_retire_an_account_that_a_body_crossed_out(
    app: Flask, client_as: ClientAs, database: Database, body: int
) -> None:
    editor = client_as("editor")
    link = started(editor, body)
    anybody = Browser(app.test_client(), "")
    [ref] = re.findall(r'name="known" value="([a-z0-9]{12})"', anybody.get(link).get_data(as_text=True))
    anybody.post(link, {"shown": [ref, "https://infox.example/"], "known": "https://infox.example/"})
    page = editor.get("/directorio/barrido").get_data(as_text=True)
    [answer] = set(re.findall(r"/directorio/barrido/[a-z0-9]{12}(?=\")", page))
    shown = editor.get(answer)
    assert "La retira quien certifica las cuentas." in words(shown)
    coordinator = client_as("coordinator")
    page = coordinator.get(answer).get_data(as_text=True)
    lines = re.findall(r'name="line" value="([a-z0-9]{12})"', page)
    assert [editor.post(f"{answer}/aceptar", {"line": one}).status_code for one in set(lines)].count(403) == 1
    for one in set(lines):
        coordinator.post(f"{answer}/aceptar", {"line": one})
    with database.reading() as session:
        assert session.scalars(select(Account.standing)).one() is Standing.NO_ACCESS


def test_the_boards_ask_the_same_of_the_database_however_many_bodies_there_are(
    client_as: ClientAs, database: Database, body: int, count_queries: CountQueries
) -> None:
    editor = client_as("editor")
    started(editor, body)
    counts = []
    for number in range(2):
        for path in ("/directorio/barrido", "/cable/canales/buscar"):
            with count_queries() as sent:
                editor.get(path)
            counts.append((path, len(sent)))
        with database.transaction() as session:
            stage = Stage(session)
            made = [stage.body(f"mas{number}{n}") for n in range(3)]
            session.add_all([Site(owner_id=one.id, url=f"https://{one.slug}.example/") for one in made])
        editor.get("/directorio/barrido")
        editor.post("/directorio/barrido", {"bodies": [str(one.id) for one in made]})
        editor.post("/cable/canales/buscar", {"all": "1"})
    assert counts[0] == counts[2]
    assert counts[1][1] >= counts[3][1] - 1, "what is offered is read in one question more"


def test_a_pasted_link_is_read_and_kept_as_a_note_of_the_wire(
    client_as: ClientAs, database: Database, body: int
) -> None:
    del body
    browser = client_as("editor")
    browser.get("/cable/pegar")
    assert browser.post("/cable/pegar", {"url": "hola"}).status_code == 422
    seen = browser.post("/cable/pegar", {"url": "http://127.0.0.1/nota?utm_source=a"})
    assert "Escribe tú el título." in words(seen)
    form = {"url": "https://infox.example/nota", "do": "keep", "day": "2026-11-02"}
    assert "Elige de quién es." in words(browser.post("/cable/pegar", form))
    browser.post("/cable/pegar", {**form, "owner": "infox", "title": "Taller <b>abierto</b>"})
    assert "Taller abierto" in words(browser.get("/cable?organismo=infox"))
    with database.reading() as session:
        entry = session.scalars(select(Entry)).one()
        assert (entry.dated, entry.published_at.date().isoformat()) == (True, "2026-11-02")


def test_a_broken_link_is_shown_where_it_stands_and_checked_again_at_once(
    client_as: ClientAs, database: Database, body: int
) -> None:
    with database.transaction() as session:
        site = session.scalars(select(Site)).one()
        session.add_all(
            WatchedLink(
                owner_id=owner, kind=WatchedKind.SITE, subject=subject, url="http://127.0.0.1/", host="127.0.0.1",
                health=Health.BROKEN, failing_since=now(), checked_at=now(), said_code="fetch_too_slow",
                said_params={"seconds": 20},
            )
            for owner, subject in ((body, str(site.id)), (Stage(session).body("infoy").id, "999"))
        )  # fmt: skip
    liaison = client_as("liaison", body_id=body)
    assert "no abre desde" in words(liaison.get("/directorio/infox"))
    shown = liaison.get("/directorio/enlaces-rotos")
    assert ("INFOX" in words(shown), "INFOY" in words(shown)) == (True, False)
    editor = client_as("editor")
    page = editor.get("/directorio/enlaces-rotos").get_data(as_text=True)
    checks = re.findall(r"/directorio/enlaces-rotos/[a-z0-9]{12}/comprobar", page)
    statuses = [liaison.post(one).status_code for one in checks]
    assert statuses == [303, 403]
    assert "Sigue sin abrir" in words(editor.post(checks[0], follow=True))
    editor.post(checks[0].replace("comprobar", "dejar"))
    assert "Rotos de los que no avisamos · 1" in words(editor.get("/directorio/enlaces-rotos"))


def test_a_page_given_as_a_feed_has_its_feeds_looked_for(
    database: Database, tmp_path: Path, client_as: ClientAs, body: int
) -> None:
    del body
    with FeedServer() as site:
        site.serve_plainly("/", b"<html><title>Portada</title></html>")
        allowed = f"{site.address}:{site.port}"
        app = create_app(read({"RESUENA_DATA": str(tmp_path), "RESUENA_FEED_ALLOW": allowed}), database)
        browser = client_as("editor")
        moved = Browser(app.test_client(), "")
        cookie = browser.client.get_cookie("resuena")
        assert cookie
        moved.client.set_cookie("resuena", cookie.value)
        moved.get("/cable/canales")
        answer = moved.post("/cable/canales", {"owner": "infox", "feed_url": site.url("/")})
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            "/cable/canales/buscar?organismo=infox",
        )
        unsaid = moved.post("/cable/canales", {"owner": "", "feed_url": site.url("/")})
        assert unsaid.status_code == 422
    with database.reading() as session:
        assert session.scalars(select(FeedSearch.site_url)).all() == [site.url("/")]


def test_feeds_are_looked_for_on_accounts_that_have_one(
    client_as: ClientAs, database: Database, body: int
) -> None:
    with database.transaction() as session:
        account = session.scalars(select(Account).where(Account.owner_id == body)).one()
        account.network, account.handle = "mastodon", "infox@social.example"
    browser = client_as("editor")
    browser.get("/cable/canales/buscar")
    browser.post("/cable/canales/buscar", {"all": "1"})
    with database.reading() as session:
        assert set(session.scalars(select(FeedSearch.site_url))) == {
            "https://infox.example/",
            "https://social.example/@infox.rss",
        }
