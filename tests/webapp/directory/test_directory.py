"""The directory's pages: accounts, regions, feeds, silences, the wire, and whether an account is official."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, SilenceWindow, Standing
from scheduler.models import Entry, Feed
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]


@pytest.fixture
def body(database: Database) -> int:
    with database.transaction() as session:
        stage = Stage(session)
        stage.region("norte")
        return stage.body("infox").id


def account_of(database: Database, handle: str) -> Account:
    with database.reading() as session:
        return session.scalars(select(Account).where(Account.handle == handle)).one()


def test_an_account_is_added_certified_and_retired(
    client_as: ClientAs, database: Database, body: int
) -> None:
    del body
    browser = client_as("coordinator")
    browser.get("/directorio/infox")
    form = {"network": "rehearsal", "handle": "@InfoX", "account_source": "su sitio"}
    assert browser.post("/directorio/infox/cuenta", form).status_code == 303
    account = account_of(database, "InfoX")
    assert "Todavía no lo sabemos" in words(browser.get("/es-oficial?cuenta=@infox"))
    browser.get("/directorio/infox")
    browser.post(f"/directorio/cuentas/{account.ref}/certificar", {"remote_id": "42"})
    assert account_of(database, "InfoX").standing is Standing.IN_FORCE
    assert "Sí, es oficial" in words(browser.get("/es-oficial?cuenta=infox"))
    elsewhere = words(browser.get("/es-oficial?cuenta=https://red.example/infox"))
    assert "Sí, es oficial" not in elsewhere
    assert "Se llama igual que InfoX" in elsewhere
    browser.get("/directorio/infox")
    browser.post(f"/directorio/cuentas/{account.ref}/retirar", {"standing": "extinct", "reason": "cerró"})
    assert "Ya no lo es" in words(browser.get("/es-oficial?cuenta=InfoX"))


def test_an_editor_cannot_certify(client_as: ClientAs, database: Database, body: int) -> None:
    with database.transaction() as session:
        ref = Stage(session).account(session.get_one(Body, body)).ref
    browser = client_as("editor")
    browser.get("/directorio/infox")
    assert browser.post(f"/directorio/cuentas/{ref}/certificar").status_code == 403


def test_anybody_and_any_machine_may_ask_whether_an_account_is_official(
    app: Flask, database: Database, body: int
) -> None:
    with database.transaction() as session:
        handle = Stage(session).account(session.get_one(Body, body)).handle
    anybody = app.test_client()
    said = anybody.get(f"/es-oficial.json?cuenta=@{handle.upper()}").get_json()
    assert [one["answer"] for one in said["answers"]] == ["official"]
    unknown = anybody.get("/es-oficial.json?cuenta=nadie").get_json()
    assert (unknown["answers"], unknown["looks_like"]) == ([{"answer": "not_registered"}], [])
    assert anybody.get("/es-oficial?cuenta=nadie").status_code == 200


def test_a_region_is_changed_by_a_person_with_a_source(
    client_as: ClientAs, database: Database, body: int
) -> None:
    browser = client_as("editor")
    browser.get("/directorio/infox")
    browser.post("/directorio/infox/region", {"region": "norte", "source": "acuerdo 1"})
    with database.reading() as session:
        assert session.get_one(Body, body).region_source == "acuerdo 1"
    assert "Norte" in words(browser.get("/directorio"))


@pytest.mark.parametrize("url", ["", "no es un sitio", "javascript:alert(1)"])
def test_a_site_that_is_no_address_is_told(client_as: ClientAs, body: int, url: str) -> None:
    del body
    browser = client_as("editor")
    browser.get("/directorio/infox")
    answer = browser.post("/directorio/infox/sitio", {"site_url": url})
    assert answer.status_code == 422
    assert "Pega la dirección completa del sitio" in words(answer)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nada", "Esa dirección no sirve."),
        ("http://127.0.0.1/feed", "red privada"),
        ("http://169.254.169.254/feed", "red privada"),
        ("file:///etc/passwd", "Esa dirección no sirve."),
    ],
)
def test_a_feed_that_cannot_be_read_is_refused_with_a_sentence(
    client_as: ClientAs, database: Database, body: int, url: str, said: str
) -> None:
    del body
    browser = client_as("editor")
    browser.get("/cable/canales")
    answer = browser.post("/cable/canales", {"owner": "infox", "feed_url": url})
    assert answer.status_code == 422
    assert said in words(answer)
    assert f'value="{url}"' in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Feed)).all() == []


def test_a_failing_feed_says_why(client_as: ClientAs, database: Database, body: int) -> None:
    with database.transaction() as session:
        feed = Stage(session).feed(session.get_one(Body, body))
        feed.failures, feed.said_code, feed.said_params = (
            3,
            "fetch_status",
            {"status": 503, "host": "sitio.example"},
        )
        ref = feed.ref
    browser = client_as("editor")
    assert "sitio.example contestó con el código 503." in words(browser.get("/cable/canales"))
    assert browser.post(f"/cable/canales/{ref}/leer").status_code == 303
    with database.reading() as session:
        assert session.scalars(select(Feed)).one().failures == 0


def test_a_note_is_taken_off_the_wire_and_brought_back(
    client_as: ClientAs, database: Database, body: int
) -> None:
    with database.transaction() as session:
        ref = Stage(session).entry(session.get_one(Body, body), "Sesión del pleno").ref
    browser = client_as("editor")
    assert "Sesión del pleno" in words(browser.get("/cable"))
    browser.post(f"/cable/{ref}/ocultar")
    said = browser.get("/cable").get_data(as_text=True)
    assert "Sesión del pleno" not in said
    assert f"/cable/{ref}/mostrar" in said
    browser.post(f"/cable/{ref}/mostrar")
    assert "Sesión del pleno" in words(browser.get("/cable"))


def test_the_wire_goes_on_where_the_page_ended(client_as: ClientAs, database: Database, body: int) -> None:
    with database.transaction() as session:
        stage, owner = Stage(session), session.get_one(Body, body)
        for n in range(40):
            stage.entry(owner, f"Nota {n}.")
    browser = client_as("editor")
    first = browser.get("/cable").get_data(as_text=True)
    with database.reading() as session:
        refs = [entry.ref for entry in session.scalars(select(Entry).order_by(Entry.published_at.desc()))]
    second = browser.get(f"/cable?despues={refs[29]}").get_data(as_text=True)
    seen = [sum(f'id="n-{ref}"' in page for ref in refs) for page in (first, second)]
    assert seen == [30, 10]


def test_a_silence_is_written_down_and_taken_away(client_as: ClientAs, database: Database, body: int) -> None:
    del body
    browser = client_as("coordinator")
    browser.get("/directorio/vedas")
    form = {"scope": "body:infox", "starts_on": "2027-04-01", "ends_on": "2027-06-06", "reason": "campañas"}
    upside_down = form | {"ends_on": "2027-03-01"}
    assert browser.post("/directorio/vedas", upside_down).status_code == 422
    assert browser.post("/directorio/vedas", form | {"reason": " "}).status_code == 422
    assert browser.post("/directorio/vedas", form).status_code == 303
    assert "campañas" in words(browser.get("/directorio/infox"))
    with database.reading() as session:
        ref = session.scalars(select(SilenceWindow)).one().ref
    browser.get("/directorio/vedas")
    assert browser.post(f"/directorio/vedas/{ref}/quitar").status_code == 303


def test_an_editor_writes_no_silence_down(client_as: ClientAs, body: int) -> None:
    del body
    browser = client_as("editor")
    browser.get("/cable/canales")
    assert browser.post("/directorio/vedas", {"scope": "all"}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/directorio", "/cable", "/cable/canales", "/directorio/vedas", "/directorio/certificaciones"]
)
def test_the_number_of_questions_does_not_grow_with_the_directory(
    client_as: ClientAs, database: Database, count_queries: CountQueries, path: str
) -> None:
    browser = client_as("coordinator")

    def fill(n: int) -> None:
        with database.transaction() as session:
            stage = Stage(session)
            for i in range(n):
                owner = stage.body(f"c{n}{i}")
                stage.account(owner)
                stage.feed(owner)
                stage.entry(owner)

    fill(2)
    with count_queries() as few:
        assert browser.get(path).status_code == 200
    fill(9)
    with count_queries() as many:
        assert browser.get(path).status_code == 200
    assert len(many) == len(few)


def test_a_body_joins_the_commission_and_leaves_it(client_as: ClientAs, body: int) -> None:
    del body
    editor, path = client_as("editor"), "/directorio/infox/comision"
    assert "no es integrante" in words(editor.get("/directorio/infox"))
    page = words(editor.post(path, {"do": "join", "member_source": "acta 1"}, follow=True))
    assert "Es integrante desde hoy." in page
    assert "Ya es integrante" in words(editor.post(path, {"do": "join"}, follow=True))
    assert "Deja de ser integrante hoy." in words(editor.post(path, {"do": "leave"}, follow=True))
    assert "No es integrante de la Comisión" in words(editor.post(path, {"do": "leave"}, follow=True))


def test_a_liaison_changes_nobody_s_membership(client_as: ClientAs, body: int) -> None:
    liaison = client_as("liaison", "leo", body_id=body)
    assert liaison.post("/directorio/infox/comision", {"do": "join"}).status_code == 403
