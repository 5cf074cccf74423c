"""Who enters by the provider and who does not: known by the subject, never made, never twice by one return."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent, Person, WebSession
from content_calendar.models.providers import ProviderEntry, ProviderIdentity
from tests.counterparts.openid_provider import OpenidProvider
from tests.webapp.account.by_provider.visiting import (
    PASSWORD,
    Install,
    ana,
    go,
    inside,
    inside_after,
    why_refused,
)
from tests.webapp.conftest import Browser, words


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
