"""What comes in an address or a form, bounded before anybody works with it."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter

# Fits every column and every kind of database; nothing here has as many rows.
_DIGITS = 9
_NOTHING = SplitResult("", "", "", "", "")


def small(text: str) -> int:
    """Return a number of at most nine digits; raise ValueError for anything else, as ``args.get(type=)`` asks."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise ValueError(text[:_DIGITS])
    return int(text)


def split_address(text: str) -> SplitResult:
    """Return the parts of an address; all are empty for what is none, such as "http://["."""
    try:
        return urlsplit(text)
    except ValueError:
        return _NOTHING


class SmallInteger(IntegerConverter):
    """The number of a route: longer ones lead nowhere."""

    regex = rf"[0-9]{{1,{_DIGITS}}}"


class RouteWord(UnicodeConverter):
    """The word of a route; one with a NUL, which PostgreSQL refuses, leads nowhere."""

    def __init__(
        self, routes: Map, minlength: int = 1, maxlength: int | None = None, length: int | None = None
    ) -> None:
        super().__init__(routes, minlength, maxlength, length)
        self.regex = self.regex.replace("[^/]", r"[^/\0]")


class Words(ImmutableMultiDict[str, str]):
    """Values of an address or a form without NUL, which PostgreSQL does not store."""

    def __init__(self, mapping: Any = None) -> None:  # noqa: ANN401 -- whatever a MultiDict is made of
        super().__init__(_pairs(mapping))


def _pairs(mapping: Any) -> list[tuple[str, str]]:  # noqa: ANN401 -- same
    rows = mapping.items(multi=True) if isinstance(mapping, ImmutableMultiDict) else mapping or ()
    return [
        (key.replace("\0", ""), value.replace("\0", "") if isinstance(value, str) else value)
        for key, value in rows
        # A part of a form that nobody named is read by nobody.
        if key is not None
    ]


class CleanRequest(Request):
    """A request whose values are ``Words``."""

    parameter_storage_class = Words
