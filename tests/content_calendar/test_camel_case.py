import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.camel_case import in_camel_case
from content_calendar.text_rules import tag_key


@pytest.mark.parametrize(
    ("tag", "better"),
    [
        ("datosabiertos", "DatosAbiertos"),
        ("gobiernoabierto", "GobiernoAbierto"),
        ("derechoasaber", None),
        ("rendicióndecuentas", "RendiciónDeCuentas"),
        ("díadelainformación", "DíaDeLaInformación"),
        ("transparencia", None),
        ("anticorrupcion", None),
        ("DatosAbiertos", None),
        ("datosAbiertos", None),
        ("snt", None),
        ("datos2026", None),
        ("xxxxxxxxxxxxxxxxxxxxxxxx", ""),
        ("institucionalizar", None),
        ("enlaza", None),
        ("日本語", None),
    ],
)
def test_a_tag_of_several_words_is_better_with_capitals(tag: str, better: str | None) -> None:
    assert in_camel_case(tag) == better


@given(
    st.lists(
        st.sampled_from(
            ["datos", "abiertos", "gobierno", "de", "la", "niñez", "educación", "y", "verdad", "en"]
        ),
        min_size=1,
        max_size=6,
    )
)
def test_the_better_writing_is_the_same_tag(words: list[str]) -> None:
    tag = "".join(words)
    better = in_camel_case(tag)
    if better:
        assert tag_key(better) == tag_key(tag)
        assert in_camel_case(better) is None
