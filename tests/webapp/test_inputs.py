"""Whatever is put in an address or a form, the answer is a page or a plain refusal, never a fault."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import IntegerConverter

from content_calendar.content import Content, as_json
from content_calendar.db import Database
from content_calendar.models.people import Person
from tests.webapp.conftest import Browser, words
from webapp.account.views import safe_next
from webapp.inputs import small, split_address

Clients = Callable[..., Browser]
# Every name that some page reads from its address.
NAMES = (
    "antes", "after", "aporte", "archivados", "bimestre", "buscar", "campana", "cuenta", "despues", "desde",
    "dia", "estado", "hasta", "limit", "next", "organismo", "origen", "pagina", "region", "tema", "texto",
)  # fmt: skip
NASTY = (
    "http://[", "//[x", "99999999999999999999", "999999999", "-1", "0", "\0", "a\0b", "http://a/%00",
    "0001-1", "9999-6", "99999999999-99999999999", "2026-W99", "²", "%", "_", "'", "\ud7ff", "a" * 4000,
)  # fmt: skip


# What the database is asked, each takes its own way; what addresses are made of is read before it is asked.
OF_THE_DATABASE = frozenset(
    {"99999999999999999999", "999999999", "-1", "\0", "a\0b", "²", "\ud7ff", "a" * 4000}
)
ASKED = [
    pytest.param(
        value, url, marks=[] if (value in OF_THE_DATABASE) == (url == "postgresql") else [pytest.mark.drill],
        id=f"{ascii(value)[:24]}-{url}",
    )
    for value in NASTY
    for url in ("sqlite", "postgresql")
]  # fmt: skip


@pytest.mark.parametrize(("value", "database_url"), ASKED, indirect=["database_url"])
def test_no_page_fails_on_what_an_address_asks(app: Flask, client_as: Clients, value: str) -> None:
    admin = client_as("admin")
    asked = "&".join(f"{name}={quote(value)}" for name in NAMES)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint == "static":
            continue
        path = rule.rule
        for name, converter in rule._converters.items():  # noqa: SLF001 -- a route tells its arguments nowhere else
            plain = isinstance(converter, IntegerConverter) and not value.isdigit()
            text = "1" if plain else quote(value, safe="")
            path = path.replace(f"<int:{name}>", text).replace(f"<{name}>", text)
        answer = admin.get(f"{path}?{asked}", follow=False)
        assert answer.status_code < 500 or answer.status_code == 503, (path, answer.status_code)


@pytest.mark.parametrize(
    "path",
    [
        "/es-oficial?cuenta=http://[",
        "/es-oficial.json?cuenta=//[x",
        "/publicaciones/nueva?origen=http://[",
        "/entrar?next=http://[",
        "/salidas?pagina=99999999999999999999",
        "/caja?pagina=99999999999999999999",
        "/caja?tema=99999999999999999999",
        "/sistema/bitacora?antes=99999999999999999999",
        "/caja/x/v/99999999999999999999",
        "/calendario?cuenta=a%00b",
        "/publicaciones/a%00b",
    ],
)
def test_what_once_failed_is_answered(client_as: Clients, path: str) -> None:
    assert client_as("admin").get(path, follow=False).status_code < 500


def test_an_unknown_language_is_not_taken_from_a_cookie_nor_from_a_person(
    client_as: Clients, database: Database
) -> None:
    admin = client_as("admin")
    admin.client.set_cookie("idioma", "zz")
    assert "Cambiar" in words(admin.get("/mi-cuenta"))
    with database.transaction() as session:
        session.execute(update(Person).values(locale="qq"))
    assert admin.get("/mi-cuenta").status_code == 200


@pytest.mark.parametrize("role", ["liaison", "regional"])
@pytest.mark.parametrize("number", ["424242", "99999999999999999999", "²", ""])
def test_a_person_of_a_body_that_does_not_exist_is_refused(
    client_as: Clients, database: Database, role: str, number: str
) -> None:
    form = {"email": "nueva@ejemplo.mx", "name": "Nueva", "role": role, "body": number, "region": number}
    assert client_as("admin").post("/sistema/personas", form).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(Person).where(Person.name == "Nueva")).all() == []


def test_a_nul_in_a_form_is_dropped(client_as: Clients, database: Database) -> None:
    form = {"email": "nue\0va@ejemplo.mx", "name": "Nu\0eva", "role": "editor"}
    assert client_as("admin").post("/sistema/personas", form).status_code == 200
    with database.reading() as session:
        email = session.scalars(select(Person.email).where(Person.name == "Nueva")).one()
    assert email == "nueva@ejemplo.mx"


def test_a_part_of_a_form_that_has_no_name_is_nobodys(client_as: Clients) -> None:
    body = b"--x\r\nContent-Disposition: form-data\r\n\r\nnada\r\n--x--\r\n"
    admin = client_as("admin")
    answer = admin.client.post("/preferencias", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 303


def test_a_nul_in_a_text_is_dropped_before_it_is_kept() -> None:
    assert as_json(Content(parts=("a\0b",)))["parts"] == ["ab"]


def test_a_place_to_go_on_to_that_is_no_address_is_the_start(app: Flask) -> None:
    with app.test_request_context():
        assert safe_next("http://[") == "/"


def test_a_number_has_at_most_nine_digits() -> None:
    assert small("999999999") == 999_999_999
    for wrong in ("1000000000", "-1", "", "²", "\u0661"):
        with pytest.raises(ValueError, match=r"^"):
            small(wrong)


def test_what_is_no_address_has_no_parts() -> None:
    assert not any(split_address("http://["))
    assert split_address("https://a.mx/b").netloc == "a.mx"
