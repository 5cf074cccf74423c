import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.links import links
from content_calendar.rules import Severity, problems
from content_calendar.text_rules import hashtags
from scheduler.dialects.weighted_text import LINK_WEIGHT, MAX_WEIGHTED_LENGTH, mentions, weighted_length
from scheduler.networks import networks

# Texts of our own, hand-picked and generated, with what twitter-text 3.1.0 (parseTweet, extractUrls,
# extractHashtags and extractMentions of the text in NFC) said of each.
LIBRARY_SAYS = json.loads(Path(__file__).with_name("weighted_texts.json").read_text(encoding="utf-8"))


def test_the_count_is_the_librarys() -> None:
    assert {row["text"]: weighted_length(row["text"]) for row in LIBRARY_SAYS} == {
        row["text"]: row["length"] for row in LIBRARY_SAYS
    }


def test_the_links_are_the_librarys() -> None:
    for row in LIBRARY_SAYS:
        normal = unicodedata.normalize("NFC", row["text"])
        assert [link.text for link in links(normal)] == row["links"], row["text"]


def test_the_hashtags_are_the_librarys() -> None:
    for row in LIBRARY_SAYS:
        assert hashtags(unicodedata.normalize("NFC", row["text"])) == row["hashtags"], row["text"]


def test_the_mentions_are_the_librarys() -> None:
    for row in LIBRARY_SAYS:
        assert mentions(unicodedata.normalize("NFC", row["text"])) == row["mentions"], row["text"]


def test_a_text_is_refused_exactly_when_the_library_calls_it_invalid() -> None:
    rules = networks()["x"].rules
    for row in LIBRARY_SAYS:
        # A text of which one sees nothing is the house's own rule.
        codes = {one.code for one in problems(row["text"], (), rules) if one.severity is Severity.ERROR}
        assert not codes - {"text_empty"} or not row["valid"], row["text"]
        assert codes or row["valid"], row["text"]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("¿Qué es la transparencia? ¡Tu derecho!", 38),
        ("n\u0303", 1),
        ("©", 1),
        ("语", 2),
        ("infonl.mx", 23),
        ("a.b", 3),
        ("http://infonl.mx/una/direccion/muy/larga/que/no/cuenta", 23),
        ("Lee infonl.mx.", 4 + 23 + 1),
        ("hola@infonl.mx", 14),
        ("👨‍👩‍👧‍👦", 2),
        ("🇲🇽", 2),
        ("1️⃣", 2),
        ("👍🏽", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("©️", 2),
        ("#VinculaciónSNT", 15),
    ],
)
def test_a_text_weighs(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_a_text_of_the_limit_fits_and_one_more_does_not() -> None:
    assert weighted_length("ñ" * 280) == MAX_WEIGHTED_LENGTH
    assert weighted_length("ñ" * 281) > MAX_WEIGHTED_LENGTH
    assert weighted_length("語" * 140) == MAX_WEIGHTED_LENGTH


EMOJI = [
    "👩🏽‍💻",
    "🤷🏽‍♀️",
    "👩‍❤️‍💋‍👨",
    "👨‍👨‍👧‍👦",
    "🏳️‍🌈",
    "🏴‍☠️",
    "🇲🇽",
    "🇺🇳",
    "#️⃣",
    "9⃣",
    "☝️🏽",
    "✌🏿",
    "❤️",
    "😀",
    "🏋🏽‍♂️",
    "🧜🏽‍♀️",
    "👨‍🦰",
]
spanish = st.text(alphabet="abcdeñáéíóúüABCÑ ¿?¡!,;:()«»“”0123456789\n", max_size=80)
anything = st.text(max_size=60)


@given(st.lists(st.sampled_from(EMOJI), max_size=12))
def test_every_emoji_weighs_two_however_many_code_points_it_has(emoji: list[str]) -> None:
    assert weighted_length(" ".join(emoji)) == max(0, 3 * len(emoji) - 1)


@given(spanish)
def test_spanish_weighs_its_characters(text: str) -> None:
    assert weighted_length(text) == len(text)


@given(anything)
def test_how_accents_are_stored_does_not_matter(text: str) -> None:
    assert weighted_length(unicodedata.normalize("NFD", text)) == weighted_length(text)


@given(st.one_of(anything, st.sampled_from([row["text"] for row in LIBRARY_SAYS])), anything)
def test_texts_apart_weigh_what_they_weigh_alone(before: str, after: str) -> None:
    assert weighted_length(f" {before} {after}") == weighted_length(f" {before}") + weighted_length(
        f" {after}"
    )


@given(spanish, st.from_regex(r"https://[a-z]{1,20}\.gob\.mx/[a-z0-9/]{0,60}[a-z]", fullmatch=True))
def test_a_link_weighs_the_same_however_long(text: str, link: str) -> None:
    assert weighted_length(f"{text} {link} {text}") == 2 * (len(text) + 1) + LINK_WEIGHT


@given(anything)
def test_a_text_without_links_weighs_at_most_twice_its_characters(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    if not links(normal):
        assert weighted_length(text) <= 2 * len(normal)


WORDS = [
    "hola",
    "ñandú",
    "#VinculaciónSNT",
    "@infonl",
    "2026",
    "👩🏽‍💻",
    "語",
    "¿",
    "RT",
    "a@b",
    "gob.mx",
    "http://x.mx/#a",
]
mixed = st.lists(st.sampled_from(WORDS), max_size=12)


@given(mixed)
def test_words_apart_weigh_the_sum_and_hold_each_its_own(words: list[str]) -> None:
    text = " ".join(words)
    assert weighted_length(text) == sum(map(weighted_length, words)) + max(0, len(words) - 1)
    assert [link.text for link in links(text)] == [
        one for one in words if one in {"gob.mx", "http://x.mx/#a"}
    ]
    assert hashtags(text) == [one[1:] for one in words if one.startswith("#")]
    assert mentions(text) == [one[1:] for one in words if one.startswith("@")]


@given(st.from_regex(r"[a-z]{1,12}(\.[a-z]{1,9}){0,2}\.mx(/[a-z#]{1,15}[a-z])?", fullmatch=True), anything)
def test_what_stands_within_a_link_is_no_tag(link: str, after: str) -> None:
    assert hashtags(f"{link} {after}") == hashtags(f" {after}")


@given(anything)
def test_every_mention_is_in_the_text_behind_its_sign(text: str) -> None:
    for name in mentions(text):
        assert len(name) <= 20
        assert f"@{name}" in text or f"\uff20{name}" in text


@given(anything)
def test_links_are_apart_and_where_they_say(text: str) -> None:
    end = 0
    for link in links(text):
        assert end <= link.start < link.end
        assert text[link.start : link.end] == link.text
        end = link.end


@pytest.mark.parametrize(
    "text",
    [
        "a." * 5000,
        "a." * 5000 + ",x.mx",
        "gob.mx/" + "(a)" * 3000 + "!",
        "http://" * 2000,
        "a.mx," * 2000,
        "-.mx" * 2500,
    ],
)
def test_a_hostile_text_costs_no_more_than_its_length_deserves(text: str) -> None:
    started = time.process_time()
    weighted_length(text)
    assert time.process_time() - started < 1
