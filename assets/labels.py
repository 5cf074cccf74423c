"""What is said of a material: cleaned, checked, and folded for searching. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assets.clearance import People
from content_calendar.errors import InvalidError

# What the strictest of the large networks takes; a longer text is a description.
LONGEST_ALT_TEXT = 1000
_LONGEST_DESCRIPTION = 5000
_LONGEST_SOURCE = 1000
_LIMITS = {
    "title": 200,
    "alt_text": LONGEST_ALT_TEXT,
    "description": _LONGEST_DESCRIPTION,
    "language": 20,
    "author": 200,
    "source": _LONGEST_SOURCE,
    "licence": 120,
}
_LONGEST_FILENAME = 200
_LONGEST_ENDING = 10
_A_DAY = timedelta(days=1)
_FILE_NAME = re.compile(r"\S+\.(jpe?g|png|gif|webp|heic|tiff?|bmp|svg|pdf)", re.IGNORECASE)


class AltTextMissingError(InvalidError):
    """A picture needs a text for those who do not see it."""

    code = "alt_text_missing"


class AltTextIsFileNameError(InvalidError):
    """The alternative text is the name of a file, which tells nothing to those who do not see."""

    code = "alt_text_is_file_name"


class LabelTooLongError(InvalidError):
    """What is said in ``field`` is too long. ``limit`` and ``length`` are characters."""

    code = "label_too_long"


class ExpiresBeforeEmbargoError(InvalidError):
    """The material would expire before it may be used at all."""

    code = "expires_before_embargo"


@dataclass(frozen=True)
class Label:
    """What a person says of a material; everything but the alternative text may wait.

    ``expires_on`` is the last day on which it may be used; ``embargo_until`` the first moment.
    """

    alt_text: str
    title: str = ""
    description: str = ""
    language: str = "es"
    author: str = ""
    source: str = ""
    licence: str = ""
    people: People = People.UNSAID
    theme_id: int | None = None
    campaign_id: int | None = None
    body_id: int | None = None
    embargo_until: datetime | None = None
    expires_on: date | None = None


def checked(label: Label, filename: str = "", *, needs_alt: bool = True) -> Label:
    """Return the label with clean texts and a title, the file's name when nobody gave one.

    Raises AltTextMissingError, AltTextIsFileNameError, LabelTooLongError and ExpiresBeforeEmbargoError,
    each with its field. To be called before an upload is opened, which costs more.
    """
    said = {name: clean(getattr(label, name)) for name in _LIMITS}
    label = replace(label, **said)  # type: ignore[arg-type] # the names of _LIMITS are those of the texts
    if not label.title:
        stem = clean_filename(filename).rpartition(".")[0]
        label = replace(label, title=stem.replace("_", " ") or label.alt_text[: _LIMITS["title"]])
    if needs_alt and not label.alt_text:
        raise AltTextMissingError("alt_text")
    if label.alt_text and (
        _FILE_NAME.fullmatch(label.alt_text) or label.alt_text == clean_filename(filename)
    ):
        raise AltTextIsFileNameError("alt_text", given=label.alt_text)
    for field, limit in _LIMITS.items():
        length = len(getattr(label, field))
        if length > limit:
            raise LabelTooLongError(field, limit=limit, length=length)
    # A day's margin: which day a moment falls on depends on the zone, which clearance knows.
    if label.embargo_until and label.expires_on and label.embargo_until.date() - label.expires_on > _A_DAY:
        raise ExpiresBeforeEmbargoError("expires_on")
    return label


def clean(text: str) -> str:
    """Return the text composed (NFC), trimmed, and without control characters other than line ends."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def clean_filename(name: str) -> str:
    """Return the last part of a file's name, safe to show and to offer; empty when nothing is left."""
    last = re.split(r"[/\\]", clean(name).replace("\n", " "))[-1].strip(" .")
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return last[:_LONGEST_FILENAME]
    return stem[: _LONGEST_FILENAME - len(dot + ending)] + dot + ending


def folded(text: str) -> str:
    """Return the text without accents, capitals or repeated spaces, so that «café» finds «CAFE»."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).split())


def searchable(parts: Iterable[str]) -> str:
    """Return what a search looks in: every part once, folded."""
    return "\n".join(dict.fromkeys(filter(None, map(folded, parts))))
