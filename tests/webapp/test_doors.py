"""Who gets in, and what stands before every page."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from content_calendar import people
from content_calendar.db import Database
from content_calendar.permissions import Role
from tests.webapp.conftest import Browser, words
from webapp.account.views import safe_next
from webapp.security import is_unmarked, permission_of
from webapp.session import hash_password

Clients = Callable[..., Browser]
PASSWORD = "una frase que nadie adivina"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hash the password once: argon2 is slow on purpose."""
    return hash_password(PASSWORD)


@pytest.fixture
def with_password(client_as: Clients, database: Database, password_hash: str) -> Callable[[], Browser]:
    """Return a maker of browsers in which Ana, an editor with a password, is signed in."""

    def make() -> Browser:
        browser = client_as("editor", name="ana")
        with database.transaction() as session:
            person = people.find_by_email(session, browser.email)
            assert person
            person.password_hash = password_hash
        return browser

    return make


def test_every_route_names_a_permission_or_says_that_it_is_public(app: Flask) -> None:
    unmarked = {name for name, view in app.view_functions.items() if name != "static" and is_unmarked(view)}
    assert unmarked == set()


def test_a_route_that_names_none_opens_for_nobody(app: Flask, client_as: Clients) -> None:
    admin = client_as("admin")
    app.view_functions["public.robots"] = lambda: "open"
    assert is_unmarked(app.view_functions["public.robots"])
    assert admin.get("/robots.txt").status_code == 403


# A body's own site: no sign-in, but a key in each request.
BY_KEY = (
    "/api/v1/materiales",
    "/api/v1/materiales/<ref>",
    "/api/v1/materiales/<ref>/archivos/<sha256>",
    "/api/v1/materiales/<ref>/formatos/<slug>",
    "/api/v1/publicaciones",
    "/api/v1/wire",
    "/api/v1/wire/streak",
)


def test_the_public_routes_are_those_we_know(app: Flask) -> None:
    public = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and permission_of(app.view_functions[rule.endpoint]) is None
    }
    assert public == {
        "/entrar",
        # The second step, of whoever has shown the first; a liaison's link, asked for and followed.
        "/entrar/proveedor",
        "/entrar/proveedor/regreso",
        "/entrar/proveedor/salir",
        "/entrar/segundo-paso",
        "/entrar/segundo-paso/llave",
        "/entrar/segundo-paso/llave/pedir",
        "/entrar/enlace",
        "/entrar/con/<token>",
        "/preferencias",
        "/entrega/<token>",
        "/publico",
        "/publico/directorio",
        "/publico/directorio.json",
        "/publico/directorio.csv",
        "/publico/calendario",
        "/publico/calendario/<int:year>/<int:number>",
        "/publico/publicado",
        "/publico/semaforo",
        "/publico/semaforo/<slug>",
        # To follow: feeds of what is out.
        "/publico/publicaciones.atom",
        "/publico/calendario.ics",
        "/publico/organismo/<slug>.atom",
        "/publico/region/<slug>.atom",
        "/publico/tema/<ref>.atom",
        # Open data.
        "/datos",
        "/datos/catalogo.jsonld",
        "/datos/v1/<slug>",
        "/datos/v1/<slug>/diccionario.json",
        "/datos/v1/<slug>.<form>",
        "/datos/v1/sumas.sha256",
        "/ayuda",
        "/guia",
        "/guia/<slug>",
        "/guia/mensajes",
        "/guia/mensajes/<code>",
        "/api",
        "/api/errores",
        "/robots.txt",
        # What previews look like: a style sheet made of what the networks declare.
        "/estilos/redes.css",
        "/salud",
        "/vivo",
        "/metricas",
        "/es-oficial",
        "/es-oficial.json",
        "/avisos/sin-correo/<token>",
        # A reviewer who was mailed a link to one version.
        "/r/<token>",
        "/r/<token>/si",
        "/r/<token>/regresar",
        "/r/<token>/imagen/<ref>/<int:n>",
        # An allied facilitator, by the link of a letter.
        "/f/<token>",
        "/f/<token>/acepto",
        "/f/<token>/no",
        "/f/<token>/sigo",
        "/f/<token>/recibido",
        "/f/<token>/replica",
        "/f/<token>/aporte",
        "/f/<token>/paquete.zip",
        "/f/<token>/archivo/<sha256>",
        "/f/<token>/chica/<sha256>",
        "/f/baja/<token>",
        "/f/baja/<token>/borrar",
        "/f/aviso",
        # Whoever answers for accounts and was mailed a link to them.
        "/certificar/<token>",
        # A body that was asked about a correction, by the link of a letter.
        "/e/<token>",
        # A body that was asked for its accounts in the first sweep.
        "/b/<token>",
        # Whoever was given a link, or the address of a feed.
        "/c/<token>",
        "/c/<token>/paquete.zip",
        "/c/<token>/archivo/<sha256>",
        "/c/<token>/chica/<sha256>",
        "/calendario/vivo/<token>.ics",
        "/canal/<token>/materiales.atom",
        # What machines read before they have a key.
        "/api/v1/openapi.json",
        "/canal/<token>/tema/<ref>.atom",
        "/canal/<token>/material/<ref>/<int:n>",
        *BY_KEY,
        # To write: a key. To read it, somebody signs in.
        "/api/v1/replications",
    }


@pytest.mark.parametrize("path", [path for path in BY_KEY if "<" not in path])
def test_what_a_key_opens_stays_closed_without_one(app: Flask, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer nada"}):
        answer = app.test_client().get(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_every_page_without_a_sign_in_leads_to_the_door_and_back(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if (
            "GET" in (rule.methods or set())
            and not rule.arguments
            and rule.endpoint != "static"
            and permission_of(view)
        ):
            answer = app.test_client().get(rule.rule)
            if rule.rule.startswith("/api/v1/"):
                assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), rule.rule
                continue
            assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/entrar"), (
                rule.rule
            )


@pytest.mark.parametrize("role", list(Role))
def test_every_page_answers_every_role_with_itself_or_with_a_plain_refusal(
    app: Flask, client_as: Clients, role: Role
) -> None:
    scoped = role in {Role.LIAISON, Role.REGIONAL}
    browser = client_as("admin") if scoped else client_as(role)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.arguments or rule.endpoint == "static":
            continue
        if rule.rule in BY_KEY:
            continue
        answer = browser.get(rule.rule)
        assert answer.status_code in {200, 403, 503}, (rule.rule, answer.status_code, words(answer)[:200])


def test_a_wrong_password_is_told_and_the_address_is_kept(app: Flask) -> None:
    browser = Browser(app.test_client(), "")
    browser.get("/entrar")
    answer = browser.post("/entrar", {"email": "nadie@snt.mx", "password": "no"})
    assert answer.status_code == 422
    assert "no coinciden" in words(answer)
    assert 'value="nadie@snt.mx"' in answer.get_data(as_text=True)


def test_a_right_password_opens(app: Flask, with_password: Callable[[], Browser]) -> None:
    email = with_password().email
    browser = Browser(app.test_client(), email)
    browser.get("/entrar")
    assert browser.post("/entrar", {"email": email.upper(), "password": PASSWORD}).status_code == 303
    assert browser.get("/mi-cuenta", follow=False).status_code == 200


def test_guessing_is_slowed_down_even_when_the_guess_is_right(
    app: Flask, with_password: Callable[[], Browser]
) -> None:
    known = with_password()
    browser = Browser(app.test_client(), "")
    browser.get("/entrar")
    for _ in range(5):
        browser.post("/entrar", {"email": known.email, "password": "no"})
    answer = browser.post("/entrar", {"email": known.email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "15 minutos" in words(answer)


def test_a_form_without_its_token_changes_nothing(client_as: Clients) -> None:
    browser = client_as("editor")
    answer = browser.client.post("/salir")
    assert answer.status_code == 400
    assert browser.get("/mi-cuenta").status_code == 200


def test_a_session_that_was_ended_elsewhere_is_out(client_as: Clients) -> None:
    here = client_as("editor", name="ana")
    there = client_as("editor", name="ana")
    page = here.get("/mi-cuenta").get_data(as_text=True)
    ended = re.search(r"/mi-cuenta/sesiones/[a-z0-9]+/cerrar", page)
    assert ended
    assert here.post(ended.group()).status_code == 303
    assert there.get("/mi-cuenta", follow=False).status_code == 302
    assert here.get("/mi-cuenta", follow=False).status_code == 200


def test_a_new_password_ends_the_other_sessions(with_password: Callable[[], Browser]) -> None:
    here = with_password()
    there = with_password()
    here.get("/mi-cuenta")
    answer = here.post("/mi-cuenta/contrasena", {"present": PASSWORD, "new": "otra frase bien larga"})
    assert answer.status_code == 303
    assert there.get("/mi-cuenta", follow=False).status_code == 302


@pytest.mark.parametrize(
    ("present", "new", "said"),
    [
        ("no es", "otra frase bien larga", "no es esa"),
        (PASSWORD, "corta", "al menos 10"),
        (PASSWORD, "contraseña123", "primeras que alguien probaría"),
        (PASSWORD, "aaaaaaaaaaaa", "primeras que alguien probaría"),
    ],
)
def test_a_password_that_will_not_do_is_told_at_its_field(
    with_password: Callable[[], Browser], present: str, new: str, said: str
) -> None:
    browser = with_password()
    browser.get("/mi-cuenta")
    answer = browser.post("/mi-cuenta/contrasena", {"present": present, "new": new})
    assert answer.status_code == 422
    assert said in words(answer)


def test_only_what_carries_the_answers_nonce_runs(client_as: Clients) -> None:
    first, second = (client_as("editor").get("/mi-cuenta") for _ in range(2))
    policy = first.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    nonces = [
        re.search(r"'nonce-([^']+)'", one.headers["Content-Security-Policy"]) for one in (first, second)
    ]
    assert nonces[0]
    assert nonces[1]
    assert nonces[0].group(1) != nonces[1].group(1)
    scripts = re.findall(r"<script\b[^>]*>", first.get_data(as_text=True))
    assert scripts
    assert all(f'nonce="{nonces[0].group(1)}"' in script for script in scripts)
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "target", ["https://malo.example", "//malo.example", "/\\malo.example", "javascript:alert(1)", ""]
)
def test_after_signing_in_one_stays_here(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert safe_next(target) == "/"


def test_who_is_not_an_administrator_does_not_see_the_people(client_as: Clients) -> None:
    answer = client_as("coordinator").get("/sistema/personas")
    assert answer.status_code == 403
    assert "Tu rol no permite" in words(answer)


def test_a_person_is_added_with_a_password_that_is_shown_once(app: Flask, client_as: Clients) -> None:
    admin = client_as("admin")
    admin.get("/sistema/personas")
    answer = admin.post(
        "/sistema/personas", {"name": "Beto", "email": "beto@snt.mx", "role": "editor"}, follow=True
    )
    shown = re.search(r"contraseña (\S+)\. Dásela", words(answer))
    assert shown
    assert shown.group(1) not in words(admin.get("/sistema/personas"))
    beto = Browser(app.test_client(), "beto@snt.mx")
    beto.get("/entrar")
    assert beto.post("/entrar", {"email": "beto@snt.mx", "password": shown.group(1)}).status_code == 303
    assert "eligió otra persona" in words(beto.get("/mi-cuenta"))


def test_a_liaison_without_a_body_is_refused_and_what_was_typed_is_kept(client_as: Clients) -> None:
    admin = client_as("admin")
    admin.get("/sistema/personas")
    answer = admin.post("/sistema/personas", {"name": "Beto", "email": "beto@snt.mx", "role": "liaison"})
    assert answer.status_code == 422
    assert "Elige el organismo" in words(answer)
    assert 'value="beto@snt.mx"' in answer.get_data(as_text=True)


def test_an_address_that_does_not_exist_gets_a_page_that_says_what_to_do(client_as: Clients) -> None:
    answer = client_as("editor").get("/no-existe")
    assert answer.status_code == 404
    assert "Aquí no hay nada" in words(answer)


def test_an_unexpected_error_shows_a_reference_and_no_trace(app: Flask, client_as: Clients) -> None:
    def fail() -> str:
        raise RuntimeError("secret detail")

    browser = client_as("admin")
    view = app.view_functions["public.robots"]
    fail.permission = None  # type: ignore[attr-defined] # the mark of a public view
    app.view_functions["public.robots"] = fail
    answer = browser.get("/robots.txt")
    app.view_functions["public.robots"] = view
    assert answer.status_code == 500
    assert "secret detail" not in answer.get_data(as_text=True)
    assert "referencia" in words(answer)
