r"""The "little text format": text in which some signs mean something unless a backslash stands before them.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format. A hashtag is
written ``{hashtag|\#|name}``, as the network gives it back; where a reserved sign is left as it is, the network
publishes the text cut off there and says nothing.
"""

import re

from content_calendar.text_rules import hashtags_in_place

_RESERVED = re.compile(r"[\\|{}@\[\]()<>#*_~]")
_READ = re.compile(
    r"\\(?P<plain>.)"
    r"|\{hashtag\|\\?#\|(?P<tag>(?:\\.|[^\\}])*)\}"
    r"|@\[(?P<name>(?:\\.|[^\\\]])*)\]\([^)]*\)",
    re.DOTALL,
)


def written(text: str) -> str:
    """Return a text as the format writes it: every sign as it stands, and hashtags as hashtags."""
    pieces, place = [], 0
    for tag in hashtags_in_place(text):
        if text[tag.start] == "#":
            pieces += [_escaped(text[place : tag.start]), rf"{{hashtag|\#|{_escaped(tag.text)}}}"]
            place = tag.end
    return "".join([*pieces, _escaped(text[place:])])


def said(little: str) -> str:
    """Return what a text in this format says to people; whoever it mentions is there by name."""
    return _READ.sub(_plain, little)


def _escaped(text: str) -> str:
    return _RESERVED.sub(r"\\\g<0>", text)


def _plain(found: re.Match[str]) -> str:
    if found["tag"] is not None:
        return f"#{said(found['tag'])}"
    return said(found["name"]) if found["name"] is not None else found["plain"]
