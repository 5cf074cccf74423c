"""The public portal: what anybody reads, that caches may keep it, and the feeds to follow it."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import feedparser
import pytest
from flask import Flask
from icalendar import Calendar

from content_calendar.bimesters import bimester_after, bimester_of
from content_calendar.clock import now
from content_calendar.db import Database
from scheduler.replication.correction_models import Correction
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser, words
from tests.webapp.open_data.conftest import anybody, world
from tests.webapp.open_data.world import World
from tests.webapp.stage import Stage

__all__ = ["anybody", "world"]
Clients = Callable[..., Browser]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = (
    "/publico", "/publico/calendario", "/publico/publicado", "/publico/semaforo", "/publico/directorio", "/datos",
    "/datos/v1/replicas", "/ayuda",
)  # fmt: skip
FEEDS = ("/publico/publicaciones.atom", "/publico/organismo/infoa.atom", "/publico/region/norte.atom")


def test_the_pages_tell_what_is_out_and_nothing_that_is_not(app: Flask, world: World) -> None:
    anybody = app.test_client()
    for path in ("/publico", "/publico/calendario", "/publico/publicado", *FEEDS):
        answer = anybody.get(path)
        told = words(answer)
        assert answer.status_code == 200, path
        assert "Mensaje público 1" in told, path
        for hidden in (
            "Todavía no",
            "Solo ensayo",
            "Un tema que se prepara",
            "Foro que se prepara",
            "https://red.example/no",
        ):
            assert hidden not in answer.get_data(as_text=True), (path, hidden)
    told = words(anybody.get("/publico/calendario"))
    assert "Gobierno abierto" in told
    assert "Foro que ya fue" in told
    told = words(anybody.get("/publico/publicado"))
    # One body took up the first message in several ways, and two more; the other took up the second.
    assert "4 los retomó al menos un organismo" in told
    assert "2 de 2 organismos retomaron algo" in told
    assert "lo retomó 1 organismo" in told
    assert len(world.out) == 4


@on_sqlite
@pytest.mark.usefixtures("world")
def test_a_bimester_to_come_is_not_told(app: Flask) -> None:
    anybody = app.test_client()
    word = "{}-{}".format(*bimester_after(*bimester_of(now().date())))
    for page in ("calendario", "publicado"):
        answer = anybody.get(f"/publico/{page}?bimestre={word}")
        assert (answer.status_code, "todavía no empieza" in words(answer)) == (404, True)
        assert anybody.get(f"/publico/{page}?bimestre=nada").status_code == 200


@on_sqlite
def test_the_traffic_light_stands_beside_its_rule(app: Flask, world: World) -> None:
    told = words(app.test_client().get(f"/publico/semaforo/{world.edition.slug}"))
    assert "No quiere decir que no se hizo. 1 acción" in told
    assert "Su fecha pasó y nadie ha confirmado que se hizo. 1 acción" in told
    assert "se hizo el " in told
    assert "Redes locales instaladas De los estados que participan. 1 de 1 100 %" in told
    assert app.test_client().get("/publico/semaforo/nada").status_code == 404


@on_sqlite
@pytest.mark.usefixtures("world")
def test_a_public_page_sets_no_cookie_and_may_be_kept_until_it_says_something_else(app: Flask) -> None:
    anybody = app.test_client()
    for path in PAGES:
        first = anybody.get(path)
        assert first.status_code == 200, path
        assert "Set-Cookie" not in first.headers, path
        assert (first.cache_control.public, first.cache_control.max_age) == (True, 60)
        assert {"Cookie", "Accept-Language"} <= set(first.headers["Vary"].split(", "))
        assert "nonce" not in first.headers["Content-Security-Policy"]
        again = anybody.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), path
        # The control: in another language it is another page.
        other = anybody.get(path, headers={"If-None-Match": first.headers["ETag"], "Accept-Language": "en"})
        assert other.status_code == 200, path


@on_sqlite
@pytest.mark.usefixtures("world")
def test_a_page_is_another_one_once_it_says_something_else(app: Flask, database: Database) -> None:
    anybody = app.test_client()
    tag = {"If-None-Match": anybody.get("/publico").headers["ETag"]}
    with database.transaction() as session:
        stage = Stage(session)
        stage.publication(stage.account(stage.body("infoc"), "otra_red"), text="Algo nuevo", due_at=now())
    answer = anybody.get("/publico", headers=tag)
    assert (answer.status_code, "Algo nuevo" in words(answer)) == (200, True)


@on_sqlite
@pytest.mark.usefixtures("world")
def test_whoever_is_signed_in_gets_a_page_that_nobody_keeps(client_as: Clients) -> None:
    answer = client_as("editor").get("/publico")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "nonce" in answer.headers["Content-Security-Policy"]


@on_sqlite
@pytest.mark.usefixtures("world")
def test_language_is_chosen_without_a_token_but_not_from_another_site(app: Flask) -> None:
    anybody = app.test_client()
    chosen = {"locale": "en", "next": "/publico"}
    for elsewhere in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://malo.example"}):
        answer = anybody.post("/preferencias", data=chosen, headers=elsewhere)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    answer = anybody.post("/preferencias", data=chosen, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/publico")
    assert 'lang="en"' in anybody.get("/publico").get_data(as_text=True)


@on_sqlite
@pytest.mark.usefixtures("world")
def test_a_page_asks_the_same_of_the_database_for_any_number_of_messages(
    app: Flask, database: Database, count_queries: CountQueries
) -> None:
    anybody = app.test_client()

    def asked() -> dict[str, int]:
        numbers = {}
        for path in (*PAGES, *FEEDS):
            anybody.get(path)
            with count_queries() as counted:
                assert anybody.get(path).status_code == 200
            numbers[path] = len(counted)
        return numbers

    before = asked()
    with database.transaction() as session:
        stage = Stage(session)
        for n in range(3):
            body = stage.body(f"mas{n}")
            row = stage.publication(stage.account(body, "otra_red"), due_at=now() - timedelta(minutes=n))
            stage.replication(row, body)
    assert asked() == before
    assert max(before.values()) <= 15


@on_sqlite
def test_a_message_that_was_corrected_says_so(app: Flask, world: World, database: Database) -> None:
    anybody = app.test_client()
    assert "corregida" not in words(anybody.get("/publico/publicado"))
    with database.transaction() as session:
        row = Correction(
            post_id=world.out[0].post_id, why="La fecha", said="lunes", right="martes",
            made_by_id=Stage(session).person().id,
        )  # fmt: skip
        session.add(row)
        session.flush()
        ref = row.id
    assert words(anybody.get("/publico/publicado")).count("corregida tiene fe de erratas") == 1
    with database.transaction() as session:
        session.get_one(Correction, ref).called_off_at = now()
    assert "corregida" not in words(anybody.get("/publico/publicado"))


@on_sqlite
def test_a_feed_is_read_by_a_reader_and_tells_when_it_has_not_changed(app: Flask, world: World) -> None:
    anybody = app.test_client()
    for path, entries in ((FEEDS[0], 4), (FEEDS[1], 4), (f"/publico/tema/{world.theme.ref}.atom", 1)):
        answer = anybody.get(path)
        assert (answer.mimetype, answer.headers.get("Set-Cookie")) == ("application/atom+xml", None)
        read = feedparser.parse(io.BytesIO(answer.get_data()))
        assert not read.bozo
        assert len(read.entries) == entries
        assert read.entries[0].link == "https://red.example/p/1"
        assert len({one.id for one in read.entries}) == entries
        again = anybody.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    for path in (
        f"/publico/tema/{world.later_theme.ref}.atom",
        "/publico/organismo/nada.atom",
        "/publico/region/nada.atom",
    ):
        assert anybody.get(path).status_code == 404


@on_sqlite
@pytest.mark.usefixtures("world")
def test_the_calendar_can_be_carried_and_tells_what_the_page_tells(app: Flask) -> None:
    answer = app.test_client().get("/publico/calendario.ics")
    assert (answer.mimetype, answer.headers.get("Set-Cookie")) == ("text/calendar", None)
    told = [str(one["summary"]) for one in Calendar.from_ical(answer.get_data()).walk("VEVENT")]
    assert told == ["Gobierno abierto", "Foro: Foro que ya fue"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert app.test_client().get("/publico/calendario.ics", headers=tag).status_code == 304


@on_sqlite
@pytest.mark.usefixtures("world")
def test_programs_find_the_feed_from_the_page(app: Flask) -> None:
    for path in ("/publico", "/publico/calendario", "/publico/publicado"):
        page = app.test_client().get(path).get_data(as_text=True)
        found = re.search(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page)
        assert found, path
        assert found.group(1) == FEEDS[0]


@on_sqlite
def test_an_empty_portal_says_so_on_every_page(app: Flask) -> None:
    for path in PAGES:
        assert app.test_client().get(path).status_code == 200
