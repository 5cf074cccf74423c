"""Hints for an easy-read text."""

import pytest

from content_calendar.easy_read import problems
from content_calendar.plain_language import Glossary, Term

_NONE = Glossary([])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"Pide {'más ' * 15}información.", "easy_long_sentence"),
        ("Pide información. Es gratis.", "easy_many_ideas"),
        ("Te contestan en veinte días.", "easy_number_in_words"),
        ("Estamos en el siglo XXI.", "easy_roman"),
        ("El 20 % ya la pidió.", "easy_percent"),
        ("Pide información (es gratis).", "easy_signs"),
        ("El INAI te ayuda.", "easy_acronym"),
        ("Contestan rápidamente.", "easy_adverb"),
    ],
)  # fmt: skip
def test_what_is_hard_to_read_is_told(text: str, code: str) -> None:
    assert code in {one.code for one in problems(text, _NONE)}


def test_an_easy_text_has_no_hint() -> None:
    text = "Tú puedes pedir información.\nEs gratis.\nTe contestan en 20 días.\n#VinculaciónSNT https://ejemplo.mx/SNT"
    assert problems(text, _NONE) == []


def test_the_glossary_says_what_to_say_instead() -> None:
    glossary = Glossary([Term("jargon", "sujeto obligado", "institución")])
    (found,) = problems("El sujeto obligado contesta.", glossary)
    assert found.params == {"written": "sujeto obligado", "advice": "institución"}
