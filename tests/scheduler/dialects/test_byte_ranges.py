import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.dialects.byte_ranges import MarkKind, marks


def shown(text: str) -> list[tuple[str, str, str]]:
    content = text.encode()
    return [(one.kind.value, one.value, content[one.start : one.end].decode()) for one in marks(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("á #SNTtips", [("tag", "SNTtips", "#SNTtips")]),
        ("👩🏽‍⚖️ @a.test: ñ", [("mention", "a.test", "@a.test")]),
        ("«https://a.mx/é».", [("link", "https://a.mx/é", "https://a.mx/é")]),
        ("inai.org.mx", [("link", "https://inai.org.mx", "inai.org.mx")]),
        (
            "https://a.mx/@ana.test/#parte",
            [("link", "https://a.mx/@ana.test/#parte", "https://a.mx/@ana.test/#parte")],
        ),
        ("ana@a.mx y @nadie", [("mention", "nadie", "@nadie")]),
        ("", []),
    ],
)
def test_what_is_marked_is_found_in_the_bytes(text: str, found: list[tuple[str, str, str]]) -> None:
    assert shown(text) == found


@given(
    st.lists(st.sampled_from(["á", "🏛️", " ", "#Uno", "@a.test", "https://a.mx/é", "x", "\n", "#"])).map(
        "".join
    )
)
def test_marks_lie_one_after_the_other_on_whole_characters(text: str) -> None:
    found = marks(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
    assert all(one.end <= following.start for one, following in itertools.pairwise(found))
    for one in found:
        said = text.encode()[one.start : one.end].decode()  # cut through a character, this would fail
        assert said.removeprefix("@" if one.kind is MarkKind.MENTION else "#").endswith(
            one.value.removeprefix("https://")
        )
