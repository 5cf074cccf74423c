import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.text_rules import (
    characters,
    graphemes,
    hashtags,
    is_blank,
    mentions,
    starts_with_mention,
    tag_key,
    without_accents,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#PlanDAI y #VinculaciónSNT.", ["PlanDAI", "VinculaciónSNT"]),
        ("(#SNTtips) ¡#SNTtips!", ["SNTtips", "SNTtips"]),
        ("\uff03PlanDAI", ["PlanDAI"]),
        ("#2026 #2026x #_ #1", ["2026x"]),
        ("a#PlanDAI &#39; #PlanDAI#SNTtips", []),
        ("https://infonl.mx/#PlanDAI gob.mx#PlanDAI", []),
        ("#Plan-DAI", ["Plan"]),
        ("sin etiquetas", []),
    ],
)
def test_hashtags_in(text: str, found: list[str]) -> None:
    assert hashtags(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hola @INAImexico.", ["INAImexico"]),
        ("(@infonl) “@itei”", ["infonl", "itei"]),
        ("@infonl.bsky.social @infonl@mastodon.social!", ["infonl.bsky.social", "infonl@mastodon.social"]),
        ("hola@infonl.mx @@x #@y", []),
        ("@aliceñ @http://x", []),
    ],
)
def test_mentions_in(text: str, found: list[str]) -> None:
    assert mentions(text) == found


@pytest.mark.parametrize(
    ("text", "starts"),
    [("@infonl hola", True), ("\n @infonl", True), (".@infonl", False), ("Hola @infonl", False), ("", False)],
)
def test_a_text_starts_with_a_mention(text: str, starts: bool) -> None:  # noqa: FBT001 -- a column of the table above
    assert starts_with_mention(text) is starts


def test_a_family_is_one_grapheme_and_several_characters() -> None:
    assert graphemes("👨‍👩‍👧‍👦🇲🇽e\u0301") == 3
    assert characters("👨‍👩‍👧‍👦") == 7
    assert characters("e\u0301") == 1


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u2060\ufeff", "\u3164\u2800", "\u200e"])
def test_a_text_of_which_one_sees_nothing_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", [".", "👍", " a "])
def test_a_text_of_which_one_sees_something_is_not_blank(text: str) -> None:
    assert not is_blank(text)


def test_two_writings_of_one_tag_have_one_key() -> None:
    assert tag_key("#VinculaciónSNT") == tag_key("VINCULACIO\u0301NSNT")
    assert tag_key("#VinculaciónSNT") != tag_key("#VinculacionSNT")
    assert without_accents("VinculaciónSNT, ñandú") == "VinculacionSNT, nandu"


@given(st.text(max_size=60))
def test_every_hashtag_is_in_the_text_behind_its_sign(text: str) -> None:
    for tag in hashtags(text):
        assert f"#{tag}" in text or f"\uff03{tag}" in text


@given(
    st.text(alphabet="abñáé12_", min_size=1, max_size=20).filter(
        lambda tag: any(sign.isalpha() for sign in tag)
    )
)
def test_a_tag_is_found_between_spaces_however_its_accents_are_stored(tag: str) -> None:
    for form in ("NFC", "NFD"):
        stored = unicodedata.normalize(form, tag)
        assert hashtags(f"Mira #{stored} ya") == [stored]
        assert tag_key(stored) == tag_key(tag)


@given(st.text(max_size=60))
def test_graphemes_are_never_more_than_code_points(text: str) -> None:
    assert graphemes(text) <= len(text)
    assert graphemes(text + "\n" + text) >= graphemes(text)
