"""The first draft of a text for braille, and the file that is printed."""

from hypothesis import given
from hypothesis import strategies as st

from content_calendar.braille_text import draft, page


def test_tags_become_words_emoji_go_and_links_stand_alone() -> None:
    said = draft("¡Hola! 👩🏽‍🦯 Pide en https://ejemplo.mx/a?b=1. #VinculaciónSNT #PlanDAI2024 1️⃣ «ya»")
    assert said == '¡Hola! Pide en\nhttps://ejemplo.mx/a?b=1\nVinculación SNT Plan DAI 2024 1 "ya"'


def test_a_draft_of_a_draft_is_the_same() -> None:
    once = draft("✅ Lee @INFO_NL… https://ejemplo.mx/x\n\n\n\n• uno")
    assert draft(once) == once


@given(st.text(max_size=300), st.integers(20, 80))
def test_no_line_is_longer_than_the_paper_is_wide(text: str, width: int) -> None:
    for line in page("Título de la publicación", [("", draft(text)), ("Imagen 1", text)], width).split("\n"):
        assert len(line) <= width


def test_the_file_has_its_title_and_each_section_under_its_heading() -> None:
    made = page("Cómo preguntar", [("", "Pregunta."), ("Imagen 1", "Una mano escribe.")])
    assert made == "CÓMO PREGUNTAR\n\nPregunta.\n\nIMAGEN 1\n\nUna mano escribe.\n"
