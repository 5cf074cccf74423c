"""Every setting is explained, in both languages and on the screen; no secret is shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from content_calendar.db import Database
from content_calendar.settings import SETTINGS, read
from tests.webapp.conftest import Browser, words
from webapp.app import create_app
from webapp.examining.in_force import in_force, written
from webapp.letters import catalogue
from webapp.sentences import EXPECTED
from webapp.setting_pages import setting_page
from webapp.setting_words import SETTING_WORDS

SECRETS = {one.name: f"secreto-{one.field}-" + "x" * 40 for one in SETTINGS if one.is_secret}


def test_every_setting_has_its_words_and_an_example_that_can_be_read() -> None:
    assert {one.field for one in SETTINGS} - set(SETTING_WORDS) == set()
    for setting in SETTINGS:
        told = SETTING_WORDS[setting.field]
        assert setting.expected in EXPECTED, setting.name
        if told.example and not setting.is_secret:
            setting.parse(told.example)
        # The registry's own words are those that the screen says in English.
        assert catalogue("en").gettext(told.what) == setting.purpose, setting.name


@pytest.mark.parametrize("locale", ["es", "en"])
def test_the_page_tells_every_setting_and_no_other(locale: str) -> None:
    told = [line[5:-1] for line in setting_page(locale).splitlines() if line.startswith("### `")]
    assert sorted(told) == sorted(one.name for one in SETTINGS)


def test_a_setting_as_it_is_written_reads_back_as_itself() -> None:
    given = {
        "RESUENA_ALLY_PACK": "friday 17:30",
        "RESUENA_LATENESS": "45",
        "RESUENA_CERTIFICATION": "30",
        "RESUENA_HTTPS": "yes",
        "RESUENA_FEED_ALLOW": "a.mx:443,b.mx:80",
        "RESUENA_NETWORK_URLS": "x=http://127.0.0.1:1",
    }
    settings = read(given)
    for one in SETTINGS:
        value = getattr(settings, one.field)
        assert one.parse(written(value, one)) == value, one.name
        assert (one.field in settings.given) == (one.name in given)


def test_the_screen_tells_what_is_in_force_and_no_secret(
    app: Flask, client_as: Callable[..., Browser], database: Database, tmp_path: Path
) -> None:
    del app
    settings = read(
        {
            **SECRETS,
            "RESUENA_DATA": str(tmp_path),
            "RESUENA_DATABASE_URL": "postgresql://ana:clave-de-la-base@db/resuena",
            "RESUENA_CONTACT": "vinculacion@ejemplo.mx",
        }
    )
    shown = {one.setting.name: one for group in in_force(settings).values() for one in group}
    assert set(shown) == {one.name for one in SETTINGS}
    for name in SECRETS:
        assert (shown[name].value, shown[name].is_set, shown[name].is_given) == ("", True, True)
    assert "clave-de-la-base" not in shown["RESUENA_DATABASE_URL"].value
    admin = client_as("admin")
    other = create_app(settings, database)
    other.config["SECRET_KEY"] = "the session's cookie is not signed with it"
    client = other.test_client()
    cookie = admin.client.get_cookie("resuena")
    assert cookie is not None
    client.set_cookie("resuena", cookie.value)
    answer = client.get("/sistema/ajustes")
    page = words(answer)
    assert answer.status_code == 200
    assert "vinculacion@ejemplo.mx lo dice el entorno" in page
    assert "RESUENA_PORT 8000 de fábrica" in page
    assert "RESUENA_MAIL_PASSWORD puesto lo dice el entorno" in page
    for secret in (*SECRETS.values(), "clave-de-la-base"):
        assert secret not in answer.get_data(as_text=True)
    assert client_as("coordinator").get("/sistema/ajustes").status_code == 403
