"""Emoji that count as their bytes, and codes that tell their moment."""

import pytest

from scheduler.dialects.emoji_bytes import length
from scheduler.dialects.shortcodes import moment_of


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("hola", 4),
        ("año", 3),
        ("an\u0303o", 3),
        ("🎉", 4),
        ("❤️", 6),
        ("👩‍🏫", 11),
        ("🇲🇽", 8),
        ("1️⃣", 7),
        ("©", 1),
    ],
)
def test_an_emoji_counts_as_its_bytes(text: str, counted: int) -> None:
    assert length(text) == counted


# As seen in public, within three seconds of what the network said of them.
@pytest.mark.parametrize(
    ("code", "moment"), [("DXbQ0LAk7UW", "2026-04-22T07:43:11"), ("DXYOXEPk5SM", "2026-04-21T03:24:01")]
)
def test_a_code_tells_its_moment(code: str, moment: str) -> None:
    found = moment_of(code)
    assert found is not None
    assert found.isoformat().startswith(moment)


@pytest.mark.parametrize("code", ["", "a b", "DXbQ0LAk7UWabcdef", "A"])
def test_what_is_no_code_tells_none(code: str) -> None:
    assert moment_of(code) is None
