"""Letters: what needs a person in their own words, with addresses that open it, and a way to want no more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from content_calendar.models.notices import Notice
from content_calendar.notice_mail import Parcel
from content_calendar.notices import Code
from content_calendar.settings import Settings, read
from content_calendar.states import HoldReason
from scheduler.mailing import Letter
from webapp import letters
from webapp.notice_words import ADVICE, NOTICES


def settings(folder: Path, **more: str) -> Settings:
    return read({"RESUENA_DATA": str(folder), "RESUENA_SECRET_KEY": "x" * 40, **more})


def notice(code: str = "held_by_hand", **params: object) -> Notice:
    said = {"title": "Tu derecho a saber", "handle": "INFONL", "network": "by_hand", **params}
    kind = "publication" if code.startswith("held_") else "review"
    return Notice(ref=f"ref{code}", code=code, params=said, subject_kind=kind, subject_ref="abc")


def letter(told: Settings, *notices: Notice, locale: str = "es", count: int = 0) -> Letter:
    parcel = Parcel(
        1, "persona1", "Ana", "ana@ejemplo.mx", locale, "", notices, count or len(notices),
        datetime(2026, 11, 22, tzinfo=UTC),
    )  # fmt: skip
    return letters.writer(told)(parcel)


def test_one_notice_says_in_its_subject_what_happened_and_inside_what_to_do(tmp_path: Path) -> None:
    made = letter(settings(tmp_path, RESUENA_PUBLIC_URL="https://resuena.ejemplo.mx"), notice())
    assert made.subject == "«Tu derecho a saber»: es hora de publicarla a mano en INFONL (A mano)."
    assert "Publícala tú: copia el texto" in made.text
    assert "https://resuena.ejemplo.mx/avisos/refheld_by_hand" in made.text
    assert made.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_several_are_counted_in_the_subject(tmp_path: Path) -> None:
    several = [notice(), notice("held_late", due_at="2026-11-22T16:00:00+00:00"), notice("held_silence")]
    made = letter(settings(tmp_path), *several, count=12)
    assert made.subject == "12 salidas te necesitan"
    assert "Y 9 más." in made.text
    assert "dom 22 nov, 10:00" in made.text


def test_without_a_public_address_the_place_is_said_in_words(tmp_path: Path) -> None:
    made = letter(settings(tmp_path), notice())
    assert "http" not in made.text
    assert "Está en Resuena, en Salidas." in made.text
    assert made.headers == {}


def test_what_people_wrote_is_no_markup(tmp_path: Path) -> None:
    made = letter(settings(tmp_path), notice(title='<img src="x">'))
    assert "<img" not in made.html
    assert "&lt;img" in made.html


def test_a_link_to_want_no_mail_is_good_for_its_person_only(tmp_path: Path) -> None:
    told = settings(tmp_path)
    token = letters.token_of(told, "persona1")
    assert letters.person_of(told, token) == "persona1"
    assert letters.person_of(told, token[:-2] + "xx") == ""
    assert letters.person_of(told, "") == ""


def test_a_review_is_mailed_with_its_link_unless_the_installation_wants_a_sign_in(tmp_path: Path) -> None:
    asked = notice("review_asked", name="Eva")
    parcel = Parcel(
        1, "persona1", "Luz", "luz@ejemplo.mx", "es", "", [asked], 1,
        datetime(2026, 11, 22, tzinfo=UTC), {asked.ref: "clave"},
    )  # fmt: skip
    here = {"RESUENA_PUBLIC_URL": "https://resuena.ejemplo.mx"}
    made = letters.writer(settings(tmp_path, **here))(parcel)
    assert "https://resuena.ejemplo.mx/r/clave" in made.text
    assert "no lo reenvíes" in made.text.casefold()
    assert 'href="https://resuena.ejemplo.mx/r/clave"' in made.html
    strict = letters.writer(settings(tmp_path, RESUENA_REVIEW_BY_MAIL="no", **here))(parcel)
    assert "/r/" not in strict.text + strict.html


@pytest.mark.parametrize("code", [*Code, *(f"held_{reason}" for reason in HoldReason)])
def test_everything_that_may_be_told_has_its_words(code: str) -> None:
    assert str(code) in NOTICES


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_to_wait_has_its_advice(reason: HoldReason) -> None:
    assert reason.value in ADVICE


def test_the_addresses_in_letters_lead_to_pages(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    assert routes.match(letters.NOTICE_PATH.format(ref="abc"))[0] == "account.open_notice"
    assert routes.match(letters.NO_MAIL_PATH.format(token="abc"))[0] == "account.no_mail"
    assert routes.match(letters.REVIEW_PATH.format(token="abc"))[0] == "calendar.review_by_mail"
