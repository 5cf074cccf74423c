"""Texts that a platform gives back, compared with what was sent."""

import html
import unicodedata

import pytest

from scheduler.dialects.same_text import same_text


@pytest.mark.parametrize(
    ("sent", "given_back"),
    [
        ("ve https://a.mx ya", "ve http://A.mx/ ya"),
        ("ve a.mx/Datos, ya", "ve http://a.mx/Datos, ya"),
        ("(https://a.mx).", "(https://a.mx/)."),
        ("https://a.mx/información", "https://a.mx/informaci%C3%B3n"),
        (unicodedata.normalize("NFD", "Rendición"), "Rendición"),
        ("dos\n\nrenglones", "dos renglones"),
        ("t&u", html.unescape("t&amp;u")),
        ("http://[", "http://["),
    ],
)
def test_what_a_platform_rewrites_still_says_the_same(sent: str, given_back: str) -> None:
    assert same_text(sent, given_back)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ve https://a.mx/uno", "ve https://a.mx/dos"),
        ("ve https://a.mx/Uno", "ve https://a.mx/uno"),
        ("ve https://a.mx", "ve https://b.mx"),
        ("Abre los datos", "Abre los datos."),
        ("Abre", "abre"),
    ],
)
def test_another_text_does_not(one: str, other: str) -> None:
    assert not same_text(one, other)
