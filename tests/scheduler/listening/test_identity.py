from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.listening.identity import Told, canonical_link, fold, identify, is_front_page, link_key

NOTE = "https://www.infonl.mx/noticias/2026/foro-datos.html"


def told(
    link: str | None = NOTE, guid: str | None = None, title: str = "Foro de datos", summary: str = "Hoy"
) -> Told:
    return Told(link, guid, title, summary)


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.infonl.mx/noticias/2026/foro-datos.html",
        "HTTPS://WWW.InfoNL.mx/noticias/2026/foro-datos.html",
        "https://infonl.mx:443/noticias/2026/foro-datos.html",
        "http://infonl.mx:80/noticias/2026/foro-datos.html/",
        "https://infonl.mx/noticias/2026/foro-datos.html#comentarios",
        "  https://infonl.mx/noticias/2026/foro-datos.html  \n",
        "https://infonl.mx/noticias/2026/foro-datos.html?utm_source=x&UTM_Medium=social&fbclid=1&igsh=2",
        "https://infonl.mx./noticias/2026/foro-datos.html",
        "https://infonl.mx/noticias/2026/foro%2Ddatos.html",
    ],
)
def test_spellings_of_one_link_are_one(spelling: str) -> None:
    assert canonical_link(spelling) == canonical_link(NOTE)


def test_the_order_of_parameters_makes_no_difference_and_their_values_do() -> None:
    assert canonical_link("https://a.mx/v?b=2&a=1") == canonical_link("https://a.mx/v?a=1&b=2")
    assert canonical_link("https://a.mx/v?id=1") != canonical_link("https://a.mx/v?id=2")
    assert canonical_link("https://a.mx/v?id=1") != canonical_link("https://a.mx/v")


@pytest.mark.parametrize(
    "text", ["", "javascript:alert(1)", "mailto:a@b.mx", "/nota", "http://[", "http://a:99999/"]
)
def test_what_is_no_link_of_the_web_has_no_form_and_no_key(text: str) -> None:
    assert canonical_link(text) == ""
    assert link_key(text) == ""


@given(st.text(max_size=60))
def test_a_canonical_form_is_its_own(rest: str) -> None:
    once = canonical_link("https://a.mx/" + rest)
    assert canonical_link(once) == once


def test_a_front_page_tells_nothing_about_a_note() -> None:
    assert is_front_page("http://www.inegi.org.mx/")
    assert is_front_page("https://infonl.mx/index.php?utm_source=x")
    assert not is_front_page(NOTE)
    assert not is_front_page("https://infonl.mx/?p=12")


def test_words_are_folded() -> None:
    assert fold("  ¡Día de la PROTECCIÓN\nde Datos! ") == "dia de la proteccion de datos"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (told(), told(title="Foro de datos (corregido)", summary="Mañana")),
        (told(), told(link=NOTE.replace("https://www.", "http://"))),
        (told(), told(link=NOTE.upper())),
        (told(guid="A1"), told(guid=" a1 ", link="https://otro.mx/nota")),
        (told(guid=NOTE), told(guid=NOTE.replace("https", "http"))),
        (told(guid="a1"), told(guid="b2")),
        (told(guid="a1"), told(guid=None)),
        (told(link=None), told(link=None, title="FORO DE DATOS")),
    ],
)
def test_a_note_stays_the_same_when_its_guid_its_link_or_its_case_changes(before: Told, after: Told) -> None:
    (first,), (second,) = identify([before]), identify([after])
    assert first.key == second.key or (first.link_key and first.link_key == second.link_key)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told(link=NOTE), told(link=NOTE.replace(".html", ".xls"))),
        (told(link=None), told(link=None, summary="Otra cosa")),
        (told(link="https://infonl.mx/"), told(link="https://infonl.mx/", title="Otra nota")),
        (told(guid="0", link=None), told(guid="0", link=None, title="Otra nota")),
        (told(link=NOTE, guid="0"), told(link=NOTE + "?id=2", guid="0", title="Otra nota")),
    ],
)
def test_two_notes_of_one_feed_stay_two(one: Told, other: Told) -> None:
    first, second = identify([one, other])
    assert first.key != second.key
    assert not first.link_key or first.link_key != second.link_key


def test_a_note_listed_twice_is_one() -> None:
    first, second = identify([told(guid="a"), told(guid="a")])
    assert first == second


def test_notes_without_link_and_date_differ_by_their_day() -> None:
    today, tomorrow = datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
    first, second = identify(
        [Told(None, None, "Sesión", "", today), Told(None, None, "Sesión", "", tomorrow)]
    )
    assert first.key != second.key
