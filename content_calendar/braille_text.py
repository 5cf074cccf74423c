"""Text that is ready to be put into braille: plain, in short lines, without what fingers cannot read. Pure.

It is a first draft that a person reviews, and no braille itself: the signs of braille are made by whoever embosses it,
with the table of their country.
"""

import unicodedata
from collections.abc import Iterable
from textwrap import wrap

import regex

from content_calendar.links import links

USUAL_WIDTH = 40
"""Cells in a line of the usual embossers and of the larger displays."""
NARROWEST, WIDEST = 20, 80

_TAG = regex.compile(r"#([\p{L}\p{M}\p{N}_]+)")
_MENTION = regex.compile(r"(?<![\p{L}\p{N}])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*)")
# Within a tag: where small letters meet a capital, and around figures.
_SEAM = regex.compile(r"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})|_+")
_KEYCAP = regex.compile(r"([0-9#*])\ufe0f?\u20e3")
_PICTURE = regex.compile(
    r"(?:(?![©®™#*0-9])\p{Extended_Pictographic}|[\p{Regional_Indicator}\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d"
    r"\U000e0020-\U000e007f])+"
)
_BULLET = regex.compile(r"(?m)^[\t ]*[•·▪◦●■▶►*\u2013\u2014][\t ]+")
_AFTER_LINK = regex.compile(r"^[.,;:)\]]+[\t ]*")
_PLAIN = str.maketrans(
    {
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "«": '"', "»": '"', "\u2018": "'", "\u2019": "'",
        "\u2026": "...", "\u2013": "-", "\u2014": "-", "\u00a0": " ", "\u202f": " ", "→": "->", "←": "<-",
        "™": "", "®": "", "©": "",
    }
)  # fmt: skip
_BLANKS = regex.compile(r"[^\S\n]+")
_EMPTY = regex.compile(r"\n{3,}")


def draft(text: str) -> str:
    """Return a text as a first draft for braille: tags as words, no emoji, links in lines of their own."""
    said = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    joined, at = "", 0
    for link in links(said):
        joined = _below(joined, _words(_after(said[at : link.start], at)), alone=bool(at)).rstrip(" \t")
        joined = _below(joined, said[link.start : link.end], alone=True)
        at = link.end
    joined = _below(joined, _words(_after(said[at:], at)), alone=bool(at))
    joined = _BLANKS.sub(" ", joined)
    lines = [line.strip() for line in joined.split("\n")]
    return _EMPTY.sub("\n\n", "\n".join(lines)).strip()


def _below(text: str, more: str, *, alone: bool = False) -> str:
    """Return the two joined; ``alone`` begins a line where none begins."""
    more = more.lstrip(" \t") if alone else more
    needs = alone and text and more and not text.endswith("\n") and not more.startswith("\n")
    return f"{text}\n{more}" if needs else text + more


def _after(text: str, at: int) -> str:
    # A full stop that closed a link would begin the next line.
    return _AFTER_LINK.sub("", text) if at else text


def _words(text: str) -> str:
    text = _KEYCAP.sub(r"\1", text)
    text = _TAG.sub(lambda match: " ".join(part for part in _SEAM.split(match[1]) if part), text)
    text = _MENTION.sub(r"\1", _BULLET.sub("- ", text))
    return _PICTURE.sub(" ", text.translate(_PLAIN))


def page(title: str, sections: Iterable[tuple[str, str]], width: int = USUAL_WIDTH) -> str:
    """Return a text file: its title in capitals, then each section under its heading, no line over ``width`` cells.

    A section without a heading follows as it is. Only an address that is longer than a line is cut, where the
    line ends, so that it can be read on.
    """
    blocks = ["\n".join(_lines(draft(title).upper(), width))]
    for heading, text in sections:
        body = "\n".join(line for one in text.split("\n") for line in _lines(one, width))
        head = "\n".join(_lines(heading.upper(), width)) + "\n\n" if heading else ""
        blocks.append(f"{head}{body}".strip("\n"))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _lines(line: str, width: int) -> list[str]:
    return wrap(line, width, break_long_words=True, break_on_hyphens=False) or [""]
