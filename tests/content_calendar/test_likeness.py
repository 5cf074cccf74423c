"""Which texts are taken for the same one, measured on pairs that a person told apart."""

from datetime import timedelta
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.fuzz import ratio

from content_calendar.content import Content, PostKind
from content_calendar.likeness import alike, folded, keys, one_text_for_several, text_of
from content_calendar.payloads import Payload, PayloadPart
from tests.content_calendar.likeness_pairs import ALIKE, BASE, DIFFERENT

BIGGEST = 2**63


def test_every_labelled_pair_falls_on_its_side() -> None:
    """Precision and recall on the labelled set: both 1."""
    taken = [pair for pair in ALIKE + DIFFERENT if alike(*pair)]
    assert taken == ALIKE


def test_a_plain_comparison_of_the_texts_as_written_would_not() -> None:
    """The control: without folding and without sorting, no threshold parts the two sets."""
    least = min(ratio(*pair) for pair in ALIKE)
    most = max(ratio(*pair) for pair in DIFFERENT if all(pair))
    assert least < most


def test_texts_that_are_alike_share_a_key() -> None:
    missed = [pair for pair in ALIKE if not set(keys(pair[0])) & set(keys(pair[1]))]
    assert missed == []


def test_fewer_keys_would_miss_some() -> None:
    missed = [pair for pair in ALIKE if not set(keys(pair[0])[:1]) & set(keys(pair[1])[:1])]
    assert missed


@given(st.text(max_size=400))
def test_any_text_folds_to_something_stable_with_keys_that_a_database_holds(text: str) -> None:
    once = folded(text)
    assert once == " ".join(once.split())
    said = keys(text)
    assert said == keys(text)
    assert len(said) <= 8
    assert all(-BIGGEST <= key < BIGGEST for key in said)
    assert bool(said) == bool(once) == alike(text, text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("¡Hola, @INAI_mx! Mira https://snt.org.mx/a?b=1 hoy mismo 🎉", "hola mira hoy mismo"),
        ("#SNT Pide información pública hoy #Datos", "pide informacion publica hoy"),
        ("#B #A", "a b"),
        ("La #Transparencia es de todas", "la transparencia es de todas"),
        ("👀 https://snt.org.mx", ""),
    ],
)
def test_what_is_compared_is_the_words(text: str, left: str) -> None:
    assert folded(text) == left


def test_a_repost_has_no_words_of_ours_and_a_thread_has_those_of_all_its_parts() -> None:
    parts = (PayloadPart("Uno", "es"), PayloadPart("Dos", "es"))
    assert text_of(Payload(parts)) == "Uno\nDos"
    assert text_of(Payload(parts[:1], PostKind.REPOST, "https://red.example/1")) == ""


class Minding:
    name: ClassVar[str] = "Red"
    identical_window: ClassVar[timedelta] = timedelta(hours=24)


class Easy:
    name: ClassVar[str] = "Otra"
    identical_window: ClassVar[timedelta] = timedelta(0)


@pytest.mark.parametrize(
    ("networks", "kind", "told"),
    [
        (["red", "red", "otra"], "post", [("one_text_for_several", {"network": "Red", "count": 2})]),
        (["red", "otra", "otra"], "post", []),
        (["red", "red"], "repost", []),
        (["sin archivo", "sin archivo"], "post", []),
    ],
)
def test_one_text_for_several_accounts_is_an_error_where_the_network_minds(
    networks: list[str], kind: str, told: list[tuple[str, dict[str, object]]]
) -> None:
    content = Content(parts=(BASE,), kind=kind)
    found = one_text_for_several(content, networks, {"red": Minding(), "otra": Easy()})
    assert [(one.code, one.params) for one in found] == told
