"""Entering by the institution's provider, over HTTP: oidc-provider as it is, and one that lies."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent, Person, WebSession
from content_calendar.models.providers import ProviderEntry, ProviderIdentity
from content_calendar.permissions import Role
from content_calendar.settings import read
from tests.conftest import fresh_database
from tests.counterparts.openid_provider import CLIENT, SECRET, OpenidProvider, running
from tests.webapp.conftest import Browser, words
from webapp.app import create_app
from webapp.examining.entering import of_provider
from webapp.session import hash_password

BACK, LEFT = "http://localhost/entrar/proveedor/regreso", "http://localhost/entrar"
PASSWORD = "una frase que nadie adivina"
Install = Callable[..., Flask]


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.drill)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Nothing here asks one kind of database for what the other does not: PostgreSQL says the same in the drill."""
    yield from fresh_database(request, tmp_path)


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenidProvider]:
    """One provider for all that is asked here."""
    with running(BACK, LEFT) as found:
        yield found


@pytest.fixture
def install(provider: OpenidProvider, database: Database, tmp_path: Path) -> Install:
    """Return a maker of installations that let people in by the provider; ana is invited, an editor."""

    def make(**said: str) -> Flask:
        (tmp_path / "data").mkdir(exist_ok=True)
        settings = {
            "RESUENA_DATA": str(tmp_path / "data"),
            "RESUENA_FEED_ALLOW": provider.place,
            "RESUENA_OIDC_ISSUER": provider.issuer,
            "RESUENA_OIDC_CLIENT": CLIENT,
            "RESUENA_OIDC_SECRET": SECRET,
            "RESUENA_OIDC_FACTORS": "mfa",
            **{f"RESUENA_{name.upper()}": value for name, value in said.items()},
        }
        return create_app(read(settings), database)

    with database.transaction() as session:
        for name, role in (("ana", Role.EDITOR), ("ada", Role.ADMIN), ("eva", Role.ADMIN)):
            somebody = people.add(session, f"{name}@snt.mx", name.capitalize(), _HASHED)
            people.grant(session, somebody, role, on=date(2020, 1, 1))
    return make


_HASHED = hash_password(PASSWORD)


@pytest.fixture
def app(install: Install) -> Flask:
    """An installation as most are: the provider's second factor counts."""
    return install()


def ana(provider: OpenidProvider, **said: object) -> None:
    """Let ana sit at the provider's door."""
    seat = {"email": "ana@snt.mx", "email_verified": True, "amr": ("pwd", "mfa"), **said}
    provider.seat(str(seat.pop("sub", "sub-ana")), **seat)  # type: ignore[arg-type] # claims of any kind


def go(
    provider: OpenidProvider, client: FlaskClient, begin: str = "/entrar/proveedor", **changed: str
) -> TestResponse:
    """Go out and come back as a browser does; ``changed`` stands in the place of what the provider sent back."""
    out = client.get(begin)
    assert out.status_code == 303, words(out)
    with requests.Session() as browser:
        return come_back(client, provider.follow(out.headers["Location"], browser), **changed)


def come_back(client: FlaskClient, address: str, **changed: str) -> TestResponse:
    """Open the address that the provider leads back to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changed
    return client.get(urlsplit(address).path, query_string=asked)


def inside(client: FlaskClient) -> bool:
    """Return whether the start page opens."""
    return client.get("/").status_code == 200


def why_refused(database: Database) -> tuple[str, str]:
    """Return the code and the reason of the last refusal that the audit holds."""
    with database.reading() as session:
        row = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "provider_refused").order_by(AuditEvent.id.desc())
        ).first()
        assert row
        return str(row.details["code"]), str(row.details.get("why", ""))


def test_an_invited_person_enters_and_is_known_by_the_subject_from_then_on(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider)
    first = app.test_client()
    assert "Cuenta institucional" in words(first.get("/entrar"))
    answer = go(provider, first, "/entrar/proveedor?next=/calendario")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/calendario"), words(answer)
    assert inside(first)
    # The address at the provider changed, and belongs to nobody here: the subject still tells who it is.
    ana(provider, email="otra@snt.mx", email_verified=False)
    second = app.test_client()
    assert go(provider, second).status_code == 303
    assert inside(second)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3
        assert session.scalar(select(func.count()).select_from(ProviderEntry)) == 0
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-3:] == ["provider_tied", "signed_in", "signed_in"]


def test_without_a_second_factor_there_ours_is_asked_for(app: Flask, provider: OpenidProvider) -> None:
    ana(provider, amr=("pwd",))
    client = app.test_client()
    assert go(provider, client).headers["Location"] == "/mi-cuenta/segundo-paso"
    assert client.get("/").headers["Location"] == "/mi-cuenta/segundo-paso"


def test_the_providers_word_on_a_second_factor_counts_only_when_the_setting_says_so(
    install: Install, provider: OpenidProvider
) -> None:
    ana(provider, acr="alto", amr=("mfa",))
    assert not inside_after(install(oidc_factors=""), provider)
    assert not inside_after(install(oidc_factors="hwk"), provider)
    assert inside_after(install(oidc_factors="hwk,alto"), provider)


def inside_after(app: Flask, provider: OpenidProvider) -> bool:
    """Return whether one is in after coming back."""
    client = app.test_client()
    go(provider, client)
    return inside(client)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"sub": "sub-nadie", "email": "nadie@snt.mx"}, "provider_not_invited"),
        ({"email_verified": False}, "provider_email_unverified"),
        ({"email_verified": "true"}, "provider_email_unverified"),
        ({"email": ""}, "provider_email_unverified"),
        ({"sub": ""}, "provider_refused"),
    ],
)
def test_who_is_not_meant_stays_outside_and_nobody_is_made(
    app: Flask, provider: OpenidProvider, database: Database, said: dict[str, object], code: str
) -> None:
    ana(provider, **said)
    client = app.test_client()
    assert go(provider, client).status_code == 403
    assert not inside(client)
    assert why_refused(database)[0] == code
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3
        assert session.scalar(select(func.count()).select_from(ProviderIdentity)) == 0


def test_an_address_that_passed_to_somebody_else_opens_nothing_until_an_administrator_unties_it(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider)
    assert go(provider, app.test_client()).status_code == 303
    ana(provider, sub="sub-nueva")
    assert go(provider, app.test_client()).status_code == 403
    assert why_refused(database)[0] == "provider_other_identity"
    provider.seat("sub-ada", email="ada@snt.mx", email_verified=True, amr=("mfa",))
    admin = Browser(app.test_client(), "ada@snt.mx")
    go(provider, admin.client)
    with database.reading() as session:
        ref = session.scalars(select(Person.ref).where(Person.email == "ana@snt.mx")).one()
    assert "Quitar su cuenta institucional" in words(admin.get("/sistema/personas"))
    assert admin.post(f"/sistema/personas/{ref}/proveedor").status_code == 303
    ana(provider, sub="sub-nueva")
    assert go(provider, app.test_client()).status_code == 303


def test_who_has_left_stays_out(app: Flask, provider: OpenidProvider, database: Database) -> None:
    ana(provider)
    client = app.test_client()
    go(provider, client)
    with database.transaction() as session:
        somebody = people.find_by_email(session, "ana@snt.mx")
        assert somebody
        people.leave(session, people.find(session, somebody.ref), "", clock.now().date())
    assert not inside(client)
    assert go(provider, app.test_client()).status_code == 403
    assert why_refused(database)[0] == "provider_not_invited"


def test_a_return_is_good_once_and_in_the_browser_that_began(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider)
    began, other = app.test_client(), app.test_client()
    out = began.get("/entrar/proveedor").headers["Location"]
    asked = parse_qs(urlsplit(out).query)
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert all(asked[name][0] for name in ("state", "nonce", "code_challenge"))
    with requests.Session() as browser:
        back = provider.follow(out, browser)
    # Somebody sends the link of their own return to another: it must not let them in as whom the sender is.
    assert come_back(other, back).status_code == 403
    assert come_back(began, back).status_code == 303
    assert inside(began)
    began.delete_cookie("resuena")
    assert come_back(began, back).status_code == 403
    # Nothing is written for it: anybody could fill the audit.
    with database.reading() as session:
        refused = select(func.count()).where(AuditEvent.act == "provider_refused")
        assert session.scalar(refused) == 0


def test_a_return_that_took_too_long_is_refused(
    app: Flask, provider: OpenidProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana(provider)
    client = app.test_client()
    out = client.get("/entrar/proveedor").headers["Location"]
    with requests.Session() as browser:
        back = provider.follow(out, browser)
    was = clock.now()
    monkeypatch.setattr(clock, "_now", lambda: was + timedelta(minutes=11))
    assert come_back(client, back).status_code == 403


@pytest.mark.parametrize(
    ("changed", "code", "why"),
    [
        ({"iss": "https://malo.example"}, "provider_answer_untrue", "answer's iss"),
        ({"iss": ""}, "provider_answer_untrue", "answer's iss"),
        ({"code": "inventado"}, "provider_answer_untrue", "status 400"),
        ({"code": ""}, "provider_answer_untrue", "status 400"),
        ({"error": "server_error"}, "provider_refused", ""),
    ],
)
def test_an_answer_that_was_changed_on_the_way_is_refused(
    app: Flask, provider: OpenidProvider, database: Database, changed: dict[str, str], code: str, why: str
) -> None:
    ana(provider)
    client = app.test_client()
    answer = go(provider, client, **changed)
    assert (answer.status_code, why_refused(database)) == (403, (code, why))
    assert not inside(client)


def test_the_code_of_another_sign_in_is_worth_nothing(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider)
    mine, theirs = app.test_client(), app.test_client()
    out = theirs.get("/entrar/proveedor").headers["Location"]
    with requests.Session() as browser:
        stolen = parse_qs(urlsplit(provider.follow(out, browser)).query)["code"][0]
    assert go(provider, mine, code=stolen).status_code == 403
    assert why_refused(database)[0] == "provider_answer_untrue"


def test_new_keys_of_the_provider_are_asked_for(
    app: Flask, provider: OpenidProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana(provider)
    assert go(provider, app.test_client()).status_code == 303
    was = clock.monotonic()
    for minutes, alg in ((2, "ES256"), (4, "RS256")):
        provider.change_keys(alg)
        ana(provider)
        # Not more than once a minute: else whoever shows wrong tokens could keep the provider busy.
        assert go(provider, app.test_client()).status_code == 403
        monkeypatch.setattr(clock, "monotonic", lambda later=minutes: was + later * 60)
        monkeypatch.setattr("webapp.openid.provider.monotonic", lambda later=minutes: was + later * 60)
        assert go(provider, app.test_client()).status_code == 303


def test_leaving_ends_it_here_and_offers_to_end_it_there(app: Flask, provider: OpenidProvider) -> None:
    ana(provider)
    browser = Browser(app.test_client(), "ana@snt.mx")
    go(provider, browser.client)
    browser.get("/mi-cuenta")
    assert browser.post("/salir").headers["Location"] == "/entrar?salida="
    assert not inside(browser.client)
    assert "Salir también de ella" in words(browser.get("/entrar?salida="))
    there = browser.get("/entrar/proveedor/salir", follow=False).headers["Location"]
    assert there.startswith(f"{provider.issuer}/session/end?client_id={CLIENT}&post_logout_redirect_uri=")
    assert requests.get(there, timeout=10).status_code == 200


def test_a_proof_by_the_provider_opens_what_asks_for_one(
    app: Flask, provider: OpenidProvider, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.seat("sub-ada", email="ada@snt.mx", email_verified=True, amr=("mfa",))
    admin = Browser(app.test_client(), "ada@snt.mx")
    go(provider, admin.client)
    with database.transaction() as session:
        session.execute(update(WebSession).values(proved_at=clock.now() - timedelta(minutes=11)))
    form = {"name": "Nueva", "email": "nueva@snt.mx", "role": "editor"}
    admin.get("/sistema/personas")
    asked = admin.post("/sistema/personas", form)
    assert asked.status_code == 403
    assert "Confirmar con mi cuenta institucional" in words(asked)
    ana(provider)
    assert go(provider, admin.client, "/mi-cuenta/prueba").headers["Location"] == "/mi-cuenta"
    assert admin.post("/sistema/personas", form).status_code == 403
    provider.seat("sub-ada", email="ada@snt.mx", email_verified=True)
    monkeypatch.setattr("webapp.openid.id_tokens.OLDEST", timedelta(hours=1))
    proved = go(provider, admin.client, "/mi-cuenta/prueba")
    assert proved.status_code == 200, words(proved)
    assert admin.post("/sistema/personas", form).status_code == 200


def test_when_the_provider_is_silent_the_password_still_opens(install: Install, database: Database) -> None:
    app = install(oidc_issuer="http://127.0.0.1:9", feed_allow="127.0.0.1:9", second_factor="later")
    browser = Browser(app.test_client(), "ada@snt.mx")
    silent = browser.get("/entrar/proveedor")
    assert silent.status_code == 503
    assert "no contesta" in words(silent)
    assert why_refused(database)[0] == "provider_silent"
    assert browser.post("/entrar", {"email": "ada@snt.mx", "password": PASSWORD}).status_code == 303
    assert inside(browser.client)


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ("everybody", {"ada", "ana"}),
        ("administrators", {"ada"}),
        ("nobody", set()),
    ],
)
def test_a_setting_says_who_enters_without_the_provider(install: Install, said: str, opens: set[str]) -> None:
    app = install(oidc_passwords=said, second_factor="later")
    # The door that shows no form has no token to send back either.
    app.config["WTF_CSRF_ENABLED"] = False
    for name in ("ada", "ana"):
        browser = Browser(app.test_client(), "")
        shown = browser.get("/entrar").get_data(as_text=True)
        assert ('name="password"' in shown) is (said != "nobody")
        answer = browser.post("/entrar", {"email": f"{name}@snt.mx", "password": PASSWORD})
        assert answer.status_code == (303 if name in opens else 403)
        assert inside(browser.client) is (name in opens)


def test_an_installation_without_a_provider_has_none_of_its_pages(install: Install) -> None:
    client = install(oidc_issuer="", oidc_passwords="nobody").test_client()
    assert "institucional" not in words(client.get("/entrar"))
    for path in ("/entrar/proveedor", "/entrar/proveedor/regreso", "/entrar/proveedor/salir"):
        assert client.get(path).headers["Location"] == "/entrar"


def test_a_private_address_that_nobody_named_is_not_asked(install: Install, database: Database) -> None:
    client = install(feed_allow="").test_client()
    assert client.get("/entrar/proveedor").status_code == 503
    assert why_refused(database) == ("provider_silent", "not https")


def test_who_begins_again_and_again_has_to_wait(app: Flask, provider: OpenidProvider) -> None:
    ana(provider)
    client = app.test_client()
    for _ in range(30):
        assert client.get("/entrar/proveedor").status_code == 303
    assert client.get("/entrar/proveedor").status_code == 429


def test_the_session_that_a_browser_had_ends_with_the_next(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider, amr=("pwd",))
    client = app.test_client()
    go(provider, client)
    before = client.get_cookie("resuena")
    browser = Browser(client, "ana@snt.mx")
    browser.get("/mi-cuenta/segundo-paso")
    browser.post("/entrar", {"email": "ada@snt.mx", "password": PASSWORD})
    after = client.get_cookie("resuena")
    assert before and after and before.value != after.value  # noqa: PT018 -- one thought
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(WebSession.ended_at.is_(None))) == 1


def test_the_doctor_tells_how_the_provider_is(provider: OpenidProvider, tmp_path: Path) -> None:
    def told(**said: str) -> list[str]:
        found = {f"RESUENA_{name.upper()}": value for name, value in said.items()}
        settings = read({"RESUENA_DATA": str(tmp_path), "RESUENA_FEED_ALLOW": provider.place, **found})
        return [one.code for one in of_provider(settings, far=True)]

    assert told() == []
    assert told(oidc_issuer=provider.issuer) == ["provider_client_missing"]
    known = {"oidc_issuer": provider.issuer, "oidc_client": CLIENT}
    assert told(**known) == ["provider_answers"]
    assert told(**known, oidc_passwords="nobody") == ["provider_alone", "provider_answers"]
    assert told(**known | {"oidc_issuer": provider.issuer + "/"}) == ["provider_unreachable"]
