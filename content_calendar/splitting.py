"""A text that is too long for one post, as the parts of a thread. Pure."""

from collections.abc import Callable, Sequence

import regex

# A full stop within "art. 6" or "a.m. del" ends no sentence: what follows begins with a capital or an opening sign.
_SENTENCE_END = regex.compile(
    r"(?<=[.!?…][\"'»”\u2019)\]]*)\s+(?=[\p{Lu}\p{So}\p{Pi}¿¡\"'(#@])|\s*\n\s*\n\s*|(?<=[:;.!?…])\s*\n\s*"
)
_SPACE = regex.compile(r"\s+")

Fits = Callable[[str], bool]


def split(text: str, fits: Fits) -> list[str]:
    """Return the text as parts that all fit, as few as can be made without breaking what need not be broken.

    Parts end where sentences do; a sentence that does not fit ends at words, and a word at characters as a
    reader sees them. Nothing is lost but the white space at the ends of the parts.
    """
    text = text.strip()
    if not text or fits(text):
        return [text]
    return _gathered(_pieces(text, _SENTENCE_END), fits, _in_words)


def _in_words(sentence: str, fits: Fits) -> list[str]:
    return _gathered(_pieces(sentence, _SPACE), fits, _in_characters)


def _in_characters(word: str, fits: Fits) -> list[str]:
    signs, parts = regex.findall(r"\X", word), []
    while signs:
        count = _most(signs, fits)
        parts.append("".join(signs[:count]))
        signs = signs[count:]
    return parts


def _most(signs: Sequence[str], fits: Fits) -> int:
    # One at least: what no part can hold is for a person to mend.
    low, high = 1, len(signs)
    while low < high:
        middle = (low + high + 1) // 2
        if fits("".join(signs[:middle])):
            low = middle
        else:
            high = middle - 1
    return low


def _pieces(text: str, boundary: regex.Pattern[str]) -> list[tuple[str, str]]:
    """Return each piece with the white space that stood before it."""
    found, at, before = [], 0, ""
    for match in boundary.finditer(text):
        found.append((before, text[at : match.start()]))
        at, before = match.end(), match.group()
    return [*found, (before, text[at:])]


def _gathered(
    pieces: Sequence[tuple[str, str]], fits: Fits, break_up: Callable[[str, Fits], list[str]]
) -> list[str]:
    parts: list[str] = []
    begun = ""
    for before, piece in pieces:
        if begun and fits(begun + before + piece):
            begun += before + piece
            continue
        if begun:
            parts.append(begun)
        begun = piece
        if not fits(piece):
            *whole, begun = break_up(piece, fits)
            parts += whole
    return [*parts, begun] if begun else parts
