from pathlib import Path

import pytest

from content_calendar.errors import SettingError
from content_calendar.settings import SETTINGS, read


def test_without_a_setting_everything_has_its_default() -> None:
    settings = read({})
    assert (settings.port, settings.zone, settings.data) == (8000, "America/Mexico_City", Path("data"))
    assert settings.database.startswith("sqlite:///")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RESUENA_PORT", "ochenta"),
        ("RESUENA_PORT", "70000"),
        ("RESUENA_ZONE", "America/Mexicali"),
        ("RESUENA_ZONE", "../etc/passwd"),
        ("RESUENA_HTTPS", "quizá"),
        ("RESUENA_LATENESS", "0"),
        ("RESUENA_DATABASE_URL", "mysql://x"),
        ("RESUENA_PUBLIC_URL", "resuena.mx"),
        ("RESUENA_SECRET_KEY", "corta"),
        ("RESUENA_FEED_ALLOW", "127.0.0.1"),
        ("RESUENA_LOCALE", "fr"),
        ("RESUENA_PROT", "8000"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingError) as told:
        read({name: value})
    assert told.value.params["name"] == name


def test_a_bad_secret_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingError) as told:
        read({"RESUENA_SECRET_KEY": "corta"})
    assert "corta" not in str(told.value)


def test_a_postgresql_address_gets_the_driver_we_ship() -> None:
    assert read({"RESUENA_DATABASE_URL": "postgresql://a@b/c"}).database == "postgresql+psycopg://a@b/c"


def test_every_setting_says_what_it_is_for() -> None:
    assert all(setting.purpose.endswith(".") for setting in SETTINGS)
