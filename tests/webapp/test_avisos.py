"""Avisos: the bell, the list, what is seen to, and what is mailed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from content_calendar import notices, people
from content_calendar.audience import Audience
from content_calendar.clock import now, standing_at
from content_calendar.db import Database
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notices import Happening, Subject
from content_calendar.settings import read
from content_calendar.states import HoldReason, PublicationState
from tests.conftest import CountQueries
from tests.simulators.mail_server import running, text_of
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage
from webapp import letters
from webapp.app import create_app

ClientAs = Callable[..., Browser]


def tell(database: Database, browser: Browser, ref: str, code: str = "held_late") -> None:
    with database.transaction() as session:
        somebody = people.find_by_email(session, browser.email)
        assert somebody
        params = {"title": f"Título {ref}", "handle": "INFONL", "network": "by_hand"}
        happening = Happening(f"publication:{ref}", code, Subject.PUBLICATION, ref, params)
        to = frozenset({somebody.id})
        notices.tell(session, [(happening, Audience(to, to))])


def me(database: Database, browser: Browser) -> Person:
    with database.reading() as session:
        return session.scalars(select(Person).where(Person.email == browser.email)).one()


def test_the_bell_counts_what_waits_and_the_list_says_what_to_do(
    client_as: ClientAs, database: Database
) -> None:
    browser = client_as("editor")
    assert "Nada te espera" in words(browser.get("/avisos"))
    for n in range(2):
        tell(database, browser, f"salida{n}")
    assert "Avisos sin leer: 2" in words(browser.get("/"))
    page = words(browser.get("/avisos"))
    assert "«Título salida1» se pasó de su hora" in page
    assert "Elige otra hora o cancélala." in page
    browser.post("/avisos/leidos")
    assert "sin leer: 2" not in words(browser.get("/"))


def test_opening_a_notice_leads_to_where_it_is_seen_to_and_marks_it(
    client_as: ClientAs, database: Database
) -> None:
    browser = client_as("editor")
    with database.transaction() as session:
        stage = Stage(session)
        row = stage.publication(
            stage.account(stage.body("uno")), state=PublicationState.HELD, hold=HoldReason.LATE
        )
        ref = row.ref
    tell(database, browser, ref)
    with database.reading() as session:
        notice = session.scalars(select(Notice)).one().ref
    answer = browser.get(f"/avisos/{notice}", follow=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/salidas/{ref}")
    assert "sin leer: 1" not in words(browser.get("/"))
    assert client_as("editor", "otra").get(f"/avisos/{notice}").status_code == 404


def test_what_one_person_decides_is_over_for_the_others(client_as: ClientAs, database: Database) -> None:
    ana, luz = client_as("editor", "ana"), client_as("editor", "luz")
    with database.transaction() as session:
        stage = Stage(session)
        ref = stage.publication(
            stage.account(stage.body("uno")), state=PublicationState.HELD, hold=HoldReason.LATE
        ).ref
    for browser in (ana, luz):
        tell(database, browser, ref)
    ana.get("/salidas")
    assert ana.post(f"/salidas/{ref}/cancelar").status_code == 303
    assert "sin leer: 1" not in words(luz.get("/"))
    assert "Ya lo resolvió Ana." in words(luz.get("/avisos"))


def test_the_list_is_read_page_by_page(client_as: ClientAs, database: Database) -> None:
    browser = client_as("editor")
    for n in range(35):
        with standing_at(now() - timedelta(days=40 - n)):
            tell(database, browser, f"s{n:02}")
    with database.transaction() as session:
        notices.mark_all_read(session, me(database, browser).id)
    first = browser.get("/avisos")
    assert ("Título s34" in words(first), "Título s04" in words(first)) == (True, False)
    link = first.get_data(as_text=True).split('href="/avisos?antes=')[1].split('"')[0]
    assert "Título s04" in words(browser.get(f"/avisos?antes={link}"))


def test_the_number_of_questions_does_not_grow_with_the_notices(
    client_as: ClientAs, database: Database, count_queries: CountQueries
) -> None:
    browser = client_as("editor")
    tell(database, browser, "una")
    with count_queries() as few:
        browser.get("/avisos")
    for n in range(8):
        tell(database, browser, f"s{n}")
    with count_queries() as many:
        browser.get("/avisos")
    assert len(few) == len(many)


def test_a_person_says_whether_they_want_mail(client_as: ClientAs, database: Database) -> None:
    browser = client_as("editor")
    browser.get("/mi-cuenta")
    browser.post("/mi-cuenta/correo", {})
    assert not me(database, browser).wants_mail
    browser.post("/mi-cuenta/correo", {"wants_mail": "1"})
    assert me(database, browser).wants_mail


def test_the_link_of_a_mail_asks_first_and_the_mailboxes_button_does_it_at_once(
    app: Flask, client_as: ClientAs, database: Database
) -> None:
    browser = client_as("editor")
    token = letters.token_of(app.extensions["resuena.settings"], me(database, browser).ref)
    anybody = app.test_client()
    path = f"/avisos/sin-correo/{token}"
    assert anybody.get(path).status_code == 200
    assert me(database, browser).wants_mail
    assert anybody.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not me(database, browser).wants_mail
    assert anybody.get("/avisos/sin-correo/inventado").status_code == 404


def test_the_administration_tries_the_mail_and_is_told_what_came_of_it(
    client_as: ClientAs, app: Flask, database: Database
) -> None:
    admin = client_as("admin", "sol")
    assert "No hay servidor de correo" in words(admin.get("/sistema"))
    data = str(app.extensions["resuena.settings"].data)
    with running() as server:
        told = read({"RESUENA_DATA": data, **server.settings()})
        cookie = admin.client.get_cookie("resuena")
        assert cookie
        admin.client = create_app(told, database).test_client()
        admin.client.set_cookie("resuena", cookie.value)
        admin.get("/sistema")
        admin.post("/sistema/correo-de-prueba")
        assert "Salió a sol@ejemplo.mx" in words(admin.get("/sistema"))
        assert "Este es un correo de prueba" in text_of(server.received[0])
        server.refuses["sol@ejemplo.mx"] = "550 no"
        admin.post("/sistema/correo-de-prueba")
        assert "código 550" in words(admin.get("/sistema"))


@pytest.mark.parametrize("path", ["/avisos", "/mi-cuenta", "/sistema"])
def test_every_page_has_its_bell(client_as: ClientAs, path: str) -> None:
    assert 'href="/avisos"' in client_as("admin").get(path).get_data(as_text=True)
