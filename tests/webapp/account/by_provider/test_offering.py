"""The provider as the installation offers it: leaving, waiting, silence, settings, and what the doctor says of it."""

from pathlib import Path

import pytest
import requests
from flask import Flask

from content_calendar.db import Database
from content_calendar.settings import read
from tests.counterparts.openid_provider import CLIENT, OpenidProvider
from tests.webapp.account.by_provider.visiting import (
    PASSWORD,
    Install,
    ana,
    go,
    inside,
    why_refused,
)
from tests.webapp.conftest import Browser, words
from webapp.examining.entering import of_provider


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


def test_who_asks_again_and_again_to_leave_there_has_to_wait(app: Flask, provider: OpenidProvider) -> None:
    client = app.test_client()
    for _ in range(120):
        assert client.get("/entrar/proveedor/salir").headers["Location"].startswith(provider.issuer)
    assert client.get("/entrar/proveedor/salir").status_code == 429
    # From elsewhere, and by the way in, nobody waits for it.
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/entrar/proveedor/salir", environ_overrides=elsewhere).status_code == 303
    assert client.get("/entrar/proveedor").status_code == 303
