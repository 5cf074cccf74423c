from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from assets.clearance import People
from assets.labels import Label, checked, clean_filename, folded, searchable
from assets.models import Asset
from content_calendar.errors import InvalidError


def refusal(label: Label, filename: str = "") -> tuple[str, str | None]:
    with pytest.raises(InvalidError) as caught:
        checked(label, filename)
    return caught.value.code, caught.value.field


def test_a_picture_without_alternative_text_is_refused() -> None:
    assert refusal(Label(alt_text="  \n ")) == ("alt_text_missing", "alt_text")


@pytest.mark.parametrize("text", ["IMG_2041.JPG", "cartel.png"])
def test_a_file_s_name_is_no_alternative_text(text: str) -> None:
    assert refusal(Label(alt_text=text)) == ("alt_text_is_file_name", "alt_text")


def test_an_alternative_text_may_mention_a_file() -> None:
    assert checked(Label(alt_text="Portada de guia.pdf")).alt_text == "Portada de guia.pdf"


@pytest.mark.parametrize(
    ("field", "limit"),
    [("title", 200), ("alt_text", 1000), ("licence", 120), ("author", 200), ("source", 1000)],
)
def test_a_text_one_character_too_long_is_refused(field: str, limit: int) -> None:
    texts = {"alt_text": "Un cartel", field: "á" * limit}
    assert getattr(checked(Label(**texts)), field) == texts[field]  # type: ignore[arg-type] # texts only
    texts[field] += "á"
    assert refusal(Label(**texts)) == ("label_too_long", field)  # type: ignore[arg-type] # same


@pytest.mark.parametrize("name", ["title", "language", "author", "licence"])
def test_what_may_be_said_fits_the_table(name: str) -> None:
    width = getattr(Asset.__table__.c[name].type, "length", 0)
    exact: dict[str, Any] = {name: "a" * width}
    over: dict[str, Any] = {name: "a" * (width + 1)}
    fits = replace(Label(alt_text="Un cartel"), **exact)
    assert len(getattr(checked(fits), name)) == width
    assert refusal(replace(fits, **over)) == ("label_too_long", name)


def test_the_file_s_name_is_the_title_when_nobody_gave_one() -> None:
    assert checked(Label(alt_text="Un cartel"), "C:\\fotos\\cartel_final.png").title == "cartel final"
    assert checked(Label(alt_text="Un cartel")).title == "Un cartel"


def test_texts_are_composed_and_lose_what_cannot_be_seen() -> None:
    label = checked(Label(alt_text="  Jo\u0301venes\x00 en\r\nOaxaca "))
    assert label.alt_text == "Jóvenes en\nOaxaca"


def test_what_would_expire_before_it_may_be_used_is_refused() -> None:
    label = Label(alt_text="x", embargo_until=datetime(2026, 5, 9, tzinfo=UTC), expires_on=date(2026, 5, 1))
    assert refusal(label) == ("expires_before_embargo", "expires_on")


def test_whom_it_shows_is_unsaid_until_somebody_says() -> None:
    assert checked(Label(alt_text="x")).people is People.UNSAID


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\nb.png", "a b.png"),
        ("..", ""),
        ("", ""),
        ("foto.jpg", "foto.jpg"),
        ("ñ" * 300 + ".jpeg", "ñ" * 195 + ".jpeg"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_a_file_s_name_is_made_safe(given: str, safe: str) -> None:
    assert clean_filename(given) == safe


def test_searching_ignores_accents_and_capitals() -> None:
    assert folded("  Protección   de DATOS ") == "proteccion de datos"
    assert searchable(["Día", "", "dia", "Año"]) == "dia\nano"
