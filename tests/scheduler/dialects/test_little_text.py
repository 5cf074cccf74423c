"""The little text format: what goes out is what people read, whatever signs it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.dialects.little_text import said, written
from tests.simulators.linkedin_state import read_little


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("Tu derecho a saber", "Tu derecho a saber"),
        ("Acceso (gratis) [hoy]", r"Acceso \(gratis\) \[hoy\]"),
        ("#SNTtips y #VinculaciónSNT", r"{hashtag|\#|SNTtips} y {hashtag|\#|VinculaciónSNT}"),
        ("#dos_palabras", r"{hashtag|\#|dos\_palabras}"),
        ("El punto #1 de C#", r"El punto \#1 de C\#"),
        ("https://a.mx/una_ruta#parte", r"https://a.mx/una\_ruta\#parte"),
        ("correo@a.mx ~ <b> | {x} * \\", r"correo\@a.mx \~ \<b\> \| \{x\} \* \\"),
    ],
)
def test_signs_that_mean_something_are_escaped(text: str, little: str) -> None:
    assert written(text) == little
    assert said(little) == text


def test_whoever_is_mentioned_is_read_by_name() -> None:
    assert said("Gracias, @[INAI \\(México\\)](urn:li:organization:7)!") == "Gracias, INAI (México)!"


@given(st.text(alphabet=st.sampled_from("aé #_\\|{}@[]()<>*~hashtag1\n:/.")))
def test_what_is_written_is_what_is_read(text: str) -> None:
    assert said(written(text)) == text
    assert read_little(written(text)) == text


def test_control_a_text_that_is_not_escaped_is_cut_off() -> None:
    assert read_little("Acceso (gratis)") == "Acceso "
