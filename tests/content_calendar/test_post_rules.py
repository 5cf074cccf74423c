"""The rules of a whole post: threads, reposts, quotes, videos, and servers that differ in what they take."""

from dataclasses import replace

import pytest

from content_calendar.content import PostKind
from content_calendar.rules import (
    CampaignRules,
    ImageFacts,
    NetworkRules,
    PartFacts,
    PostFacts,
    Problem,
    Severity,
    post_problems,
    tightest,
)
from content_calendar.text_rules import characters

SHORT = NetworkRules(network="breve", max_length=30, measure=characters, unit="characters", max_images=2)
TIPS = CampaignRules(slug="tips", name="Consejos", required_tags=("#SNTtips",))


def thread(*texts: str) -> PostFacts:
    return PostFacts([PartFacts(text) for text in texts], PostKind.THREAD)


def said(found: list[Problem]) -> list[tuple[str, str, object]]:
    return [(one.code, one.field, one.params.get("part")) for one in found]


def test_each_part_of_a_thread_is_measured_by_itself() -> None:
    assert post_problems(thread("a" * 30, "b" * 30), SHORT) == []
    assert said(post_problems(thread("a" * 30, "b" * 31), SHORT)) == [("text_too_long", "text.2", 2)]


def test_a_tag_may_stand_in_any_part() -> None:
    assert post_problems(thread("Hola", "Adiós #SNTtips"), SHORT, TIPS) == []
    assert said(post_problems(thread("Hola", "Adiós"), SHORT, TIPS)) == [("tag_missing", "text", None)]


def test_what_is_missing_is_counted_in_the_last_part() -> None:
    found = post_problems(thread("a" * 30, "b" * 25), SHORT, TIPS)
    assert ("text_too_long_with_tags", "text.2", 2) in said(found)


def test_an_empty_part_is_told_by_its_number() -> None:
    assert said(post_problems(thread("Hola", " "), SHORT)) == [("text_empty", "text.2", 2)]


def test_a_thread_of_one_part_is_none() -> None:
    assert said(post_problems(thread("Hola"), SHORT)) == [("thread_of_one", "text", None)]


def test_only_the_first_part_may_not_begin_with_a_mention() -> None:
    assert post_problems(thread("Hola", "@INFO_NL lo dijo"), SHORT) == []
    assert said(post_problems(thread("@INFO_NL lo dijo", "Hola"), SHORT)) == [
        ("starts_with_mention", "text", 1)
    ]


def test_a_repost_asks_for_no_text_and_says_that_tags_are_not_asked_for() -> None:
    repost = PostFacts([PartFacts("")], PostKind.REPOST)
    assert post_problems(repost, SHORT) == []
    (only,) = post_problems(repost, SHORT, TIPS)
    assert (only.code, only.severity) == ("repost_without_tags", Severity.WARNING)


def test_a_quote_is_held_to_what_its_text_is_held_to() -> None:
    quote = PostFacts([PartFacts("a" * 31)], PostKind.QUOTE)
    assert [one.code for one in post_problems(quote, SHORT, TIPS)] == ["text_too_long", "tag_missing"]


def test_images_are_numbered_through_all_parts() -> None:
    shown = [PartFacts("Uno", [ImageFacts("a", "Plaza")]), PartFacts("Dos", [ImageFacts("b")])]
    assert said(post_problems(PostFacts(shown, PostKind.THREAD), SHORT)) == [
        ("alt_text_missing", "images.2.alt_text", 2)
    ]


@pytest.mark.parametrize(
    ("media", "code"),
    [
        ([ImageFacts("v", "Uno", video=True), ImageFacts("w", "Dos", video=True)], "too_many_videos"),
        ([ImageFacts("v", "Uno", video=True), ImageFacts("a", "Dos")], "video_with_images"),
        ([ImageFacts("v", "", video=True)], "video_alt_missing"),
        ([ImageFacts(name, "Plaza") for name in "abc"], "too_many_images"),
    ],
)
def test_a_part_has_one_video_or_some_images(media: list[ImageFacts], code: str) -> None:
    assert [one.code for one in post_problems(PostFacts([PartFacts("Hola", media)]), SHORT)] == [code]


def test_a_video_does_not_count_as_an_image() -> None:
    one = replace(SHORT, max_images=0)
    assert post_problems(PostFacts([PartFacts("Hola", [ImageFacts("v", "Plaza", video=True)])]), one) == []


def test_what_fits_the_tightest_fits_all() -> None:
    other = replace(SHORT, max_length=500, max_images=1, max_alt_length=100)
    free = replace(SHORT, max_length=None, max_images=None)
    assert tightest([other, SHORT, free]) == replace(SHORT, max_length=30, max_images=1, max_alt_length=100)
    assert tightest([free]) == free
    with pytest.raises(ValueError, match="no rules"):
        tightest([])
