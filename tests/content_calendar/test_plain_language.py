import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar import hints
from content_calendar.content import Content
from content_calendar.links import links
from content_calendar.plain_language import Glossary, Term, read, syllables

WORDS = [
    Term("jargon", "sujeto obligado", "institución"),
    Term("inclusive", "los niños", "las niñas y los niños"),
]
EASY = "Pide tus datos. Es tu derecho. Te damos la lista hoy. " * 5
HARD = (
    "La implementación interinstitucional de procedimientos administrativos especializados requiere indispensablemente "
    "la correspondiente fundamentación normativa, procedimental, metodológica e institucional, independientemente "
    "de la naturaleza jurídica, organizacional, presupuestaria y programática correspondiente a las dependencias "
    "gubernamentales participantes, considerando simultáneamente responsabilidades complementarias."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("país", 2), ("guía", 2), ("aéreo", 4), ("averiguar", 4), ("transparencia", 4), ("oía", 3),
        ("quien", 1), ("ciudad", 2), ("y", 1), ("información", 4), ("INFORMACIO\u0301N", 4), ("SNT", 1),
    ],
)  # fmt: skip
def test_syllables_of(word: str, count: int) -> None:
    assert syllables(word) == count


def test_few_words_have_no_readability() -> None:
    assert read("Pide información. " * 19).score is None
    assert read("Pide información. " * 20).score is not None


def test_a_hard_text_scores_less_than_an_easy_one() -> None:
    easy, hard = read(EASY), read(f"{HARD} {HARD}")
    assert easy.score is not None
    assert hard.score is not None
    assert hard.score < 55 < easy.score


def test_links_tags_and_mentions_are_no_words() -> None:
    text = "Mira https://infonl.mx/una-guia-larga #PlanDAI @infonl ya"
    assert read(text, links(text)).words == 2


def test_a_long_sentence_is_told_with_its_beginning() -> None:
    found = [
        one for one in hints.of_text(HARD, Glossary(()), spanish=True) if one.code == "sentence_too_long"
    ]
    assert [one.params["begins"] for one in found] == ["La implementación interinstitucional de"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Los Sujetos Obligados y el sujeto obligado.", ["sujeto obligado"]),
        ("LOS NIN\u0303OS primero", ["LOS NIÑOS"]),
        ("#sujeto obligado, insujeto obligado", []),
        ("", []),
    ],
)
def test_a_term_is_found_as_words_whatever_the_case(text: str, written: list[str]) -> None:
    assert [one.written.rstrip("s") for one in Glossary(WORDS).hits(text)] == [
        one.rstrip("s") for one in written
    ]


@given(st.text(max_size=60), st.sampled_from(WORDS), st.text(max_size=60))
def test_a_term_between_spaces_is_found_in_any_text(before: str, term: Term, after: str) -> None:
    found = Glossary(WORDS).hits(f"{before} {term.term} {after}")
    assert term in [one.term for one in found]


def test_hints_never_keep_a_post_back_and_only_of_spanish() -> None:
    content = Content(parts=("Cada sujeto obligado responde.",), variants={"red": ("Los niños saben.",)})
    found = list(hints.of_content(content, Glossary(WORDS)))
    assert [(one.code, one.field, one.severity.value) for one in found] == [
        ("jargon", "text", "hint"),
        ("not_inclusive", "variant.red", "hint"),
    ]
    nahuatl = Content(parts=("sujeto obligado ana@gmail.com",), language="nah")
    assert [one.code for one in hints.of_content(nahuatl, Glossary(WORDS))] == ["personal_email"]
