"""Search in the guide: words without their accents, pages whose title holds them first. Pure."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from webapp.guide.texts import Page
from webapp.guide.writing import plain

_MOST_PAGES, _MOST_MESSAGES = 12, 20
_AROUND = 90
_TITLE, _ABOUT, _BODY = 8, 4, 1


@dataclass(frozen=True)
class Found:
    """A page that answers, and some of its words around the first that was sought."""

    page: Page
    near: str


def folded(text: str) -> str:
    """Return a text in small letters, without accents."""
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def _words(asked: str) -> list[str]:
    return [word for word in folded(asked).split() if len(word) > 1][:12]


def _near(body: str, words: list[str]) -> str:
    text = " ".join(plain(body).split())
    low = folded(text)
    at = min((place for word in words if (place := low.find(word)) >= 0), default=0)
    start = max(0, at - _AROUND)
    shown = text[start : at + _AROUND].strip()
    return f"{'…' if start else ''}{shown}…"


def seek(asked: str, pages: Iterable[Page]) -> list[Found]:
    """Return the pages that hold every word, the likeliest first."""
    words = _words(asked)
    ranked = []
    for page in pages if words else ():
        title, about, body = folded(page.title), folded(page.about), folded(plain(page.body))
        marks = [
            _TITLE * (word in title) + _ABOUT * (word in about) + _BODY * (word in body) for word in words
        ]
        if all(marks):
            ranked.append((-sum(marks), page))
    ranked.sort(key=lambda one: one[0])
    return [Found(page, _near(page.body, words)) for _, page in ranked[:_MOST_PAGES]]


def seek_codes(asked: str, codes: Iterable[str], said: Callable[[str], str]) -> list[str]:
    """Return the messages whose sentence or code holds every word; a whole sentence may be pasted."""
    words = _words(asked)
    if not words:
        return []
    found = []
    for code in codes:
        text = f"{code} {folded(said(code))}"
        # Of a pasted sentence some words are the reader's own: its names and figures.
        hits = sum(word in text for word in words)
        if hits == len(words) or (len(words) > 4 and hits >= 0.7 * len(words)):  # noqa: PLR2004 -- a sentence, mostly
            found.append((-hits, code))
    return [code for _, code in sorted(found)[:_MOST_MESSAGES]]
