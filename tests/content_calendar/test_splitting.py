"""A long text cut into a thread: nothing lost, every part fits, and it is cut where a reader would pause."""

from collections.abc import Callable

import regex
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.splitting import split
from content_calendar.text_rules import graphemes

TEXT = (
    "Tienes derecho a saber. El art. 6 de la Constitución lo dice. ¿Cómo se pide? Entra a la plataforma y "
    "escribe qué quieres saber, con tus palabras. Es gratis.\n\nTe contestan en veinte días."
)


def within(most: int) -> Callable[[str], bool]:
    return lambda text: graphemes(text) <= most


def test_a_text_that_fits_stays_whole() -> None:
    assert split("  Hola.  ", within(5)) == ["Hola."]


def test_parts_end_where_sentences_do() -> None:
    assert split(TEXT, within(80)) == [
        "Tienes derecho a saber. El art. 6 de la Constitución lo dice. ¿Cómo se pide?",
        "Entra a la plataforma y escribe qué quieres saber, con tus palabras. Es gratis.",
        "Te contestan en veinte días.",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert all(not part.endswith("art.") for part in split(TEXT, within(60)))


def test_a_sentence_that_does_not_fit_ends_at_words() -> None:
    assert split("uno dos tres cuatro", within(9)) == ["uno dos", "tres", "cuatro"]


def test_a_word_that_does_not_fit_ends_between_what_a_reader_sees_as_characters() -> None:
    family = "👨‍👩‍👧‍👦"
    assert split(family * 3, within(2)) == [family * 2, family]


def test_the_measure_is_the_network_s_own() -> None:
    by_links = lambda text: len(regex.sub(r"https://\S+", "x" * 23, text)) <= 40  # noqa: E731 -- said once
    text = "Lee la guía. https://www.ejemplo.mx/una/direccion/muy/larga/que/cuenta/veintitres"
    assert split(text, by_links) == [text]


@given(st.text(alphabet="aá 👨‍👩‍👧.¿\n#@", max_size=120), st.integers(min_value=1, max_value=20))
def test_nothing_is_lost_and_every_part_fits(text: str, most: int) -> None:
    parts = split(text, within(most))
    squeezed = regex.sub(r"\s+", "", text)
    assert regex.sub(r"\s+", "", "".join(parts)) == squeezed
    assert all(graphemes(part) <= most for part in parts)
    assert squeezed == "" or all(part.strip() for part in parts)
