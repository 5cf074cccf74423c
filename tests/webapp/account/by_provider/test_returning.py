"""What comes back from the provider: good once, in the browser that began, as the provider said it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent, SignInAttempt
from tests.counterparts.openid_provider import OpenidProvider
from tests.webapp.account.by_provider.visiting import (
    ana,
    come_back,
    go,
    inside,
    why_refused,
)


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


def test_returns_that_nobody_began_are_counted_and_keep_nobody_else_out(
    app: Flask, provider: OpenidProvider, database: Database
) -> None:
    ana(provider)
    began, stray = app.test_client(), app.test_client()
    out = began.get("/entrar/proveedor").headers["Location"]
    with requests.Session() as browser:
        back = provider.follow(out, browser)
    guesses = [stray.get(f"/entrar/proveedor/regreso?state=s{n}&code=c").status_code for n in range(31)]
    assert guesses == [403] * 30 + [429]
    # Once it waits, nothing more is written, however often it is asked.
    assert stray.get("/entrar/proveedor/regreso?state=x&code=c").status_code == 429
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 31
    # Behind the same address, who did begin comes in, and others may begin.
    assert come_back(began, back).status_code == 303
    assert inside(began)
    assert app.test_client().get("/entrar/proveedor").status_code == 303
