"""What people paste when asked for their accounts, sites and feeds: which network, which handle, or why not.

Pure but for one file of data, ``account_places.toml``, which says how each network writes its accounts.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scheduler.listening.identity import canonical_link, without_tracking

MOST_LINES, LONGEST_LINE = 40, 500
_PLACES = Path(__file__).parent / "account_places.toml"
_SUBDOMAINS = re.compile(r"^(?:www|m|mobile|l|lm)\.")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_BARE_SITE = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}(?:[:/?#]\S*)?", re.IGNORECASE)
_BULLET = re.compile(r"^[\s\-*•·–—>]+|^\d{1,2}[.)]\s+")  # noqa: RUF001 -- the dashes that people begin a line with
_NAMED = re.compile(r"^(?P<name>[^\W\d_][\w /()]{0,29}?)\s*(?:[:=\-–—]\s*|\s+)(?P<rest>@?\S{1,200})$")  # noqa: RUF001 -- same


class Kind(StrEnum):
    """What a line tells of."""

    ACCOUNT = "account"
    SITE = "site"
    FEED = "feed"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a line says. ``code`` says why it cannot be used; with it the rest is empty.

    ``url`` is the canonical form of an account, a site's or feed's address without what tracks people.
    """

    given: str
    kind: Kind
    network: str = ""
    handle: str = ""
    url: str = ""
    code: str = ""


@dataclass(frozen=True)
class _Place:
    slug: str
    names: frozenset[str]
    hosts: frozenset[str]
    accounts: Sequence[re.Pattern[str]]
    url: str
    never: frozenset[str] = frozenset()
    handle: str = ""
    bare: str = ""
    numbered: str = "^$"
    numbered_url: str = ""
    feed: str = ""
    feed_needs_number: bool = False
    silent: bool = False


@cache
def _places() -> tuple[_Place, ...]:
    told = tomllib.loads(_PLACES.read_text(encoding="utf-8"))["network"]
    return tuple(
        _Place(
            **{
                **one,
                "names": frozenset(one["names"]),
                "hosts": frozenset(one["hosts"]),
                "accounts": [re.compile(pattern) for pattern in one["accounts"]],
                "never": frozenset(one.get("never", ())),
            }
        )
        for one in told
    )


def lines_of(text: str) -> list[str]:
    """Return the lines that say something, without bullets, each once, at most ``MOST_LINES``."""
    bare = (_BULLET.sub("", line.strip()[:LONGEST_LINE]).strip(" ,;\t") for line in text.splitlines())
    return list(dict.fromkeys(line for line in bare if line))[:MOST_LINES]


def recognise_account(line: str) -> Recognised:
    """Return whose account a line names: a link, ``@user@server``, ``red: @cuenta``; a site is told as a site."""
    if (found := _URL.search(line)) is not None:
        return _from_link(line, found.group().rstrip(").,;"))
    for place in _places():
        if place.bare and re.fullmatch(place.bare, line):
            return _account(line, place, line.lstrip("@"))
    if not line.startswith("@") and _BARE_SITE.fullmatch(line):
        return _from_link(line, f"https://{line}")
    if (named := _NAMED.match(line)) is not None:
        return _from_name(line, named.group("name"), named.group("rest"))
    return Recognised(line, Kind.ACCOUNT, code="line_no_network")


def recognise_site(line: str, kind: Kind = Kind.SITE) -> Recognised:
    """Return the address of a site, or of a feed, that a line names; one of a network's account is an account."""
    found = _URL.search(line)
    url = found.group().rstrip(").,;") if found else f"https://{line}"
    if found is None and not _BARE_SITE.fullmatch(line):
        return Recognised(line, kind, code="line_no_site")
    clean = without_tracking(url)
    if not clean or "." not in (urlsplit(clean).hostname or ""):
        return Recognised(line, kind, code="line_no_site")
    if kind is Kind.SITE and (account := _from_link(line, url)).network:
        return account
    return Recognised(line, kind, url=clean)


def feed_address(network: str, handle: str) -> str:
    """Return where a network offers the public feed of an account; empty when it offers none that we know."""
    place = next((one for one in _places() if one.slug == network), None)
    if place is None or not place.feed or (place.feed_needs_number and not re.match(place.numbered, handle)):
        return ""
    return _filled(place.feed, handle)


def feed_source(network: str, handle: str) -> str:
    """Return where the feed of an account is found: its address, or the page that names it; empty for no feed."""
    place = next((one for one in _places() if one.slug == network), None)
    if place is None or not place.feed:
        return ""
    return feed_address(network, handle) or account_url(network, handle)


def feed_of_link(url: str) -> str:
    """Return the public feed of the account that a link leads to; the link itself when there is none to name."""
    if len(url) > LONGEST_LINE:
        return url
    found = recognise_account(url)
    return (feed_address(found.network, found.handle) if found.network else "") or url


def is_silent(network: str) -> bool:
    """Return whether a network's public pages tell a program nothing about whether an account is there."""
    return any(one.silent for one in _places() if one.slug == network)


def feed_host(network: str, handle: str) -> str:
    """Return where the public feed of an account is, without ``www.``; empty when it offers none that we know."""
    return (urlsplit(feed_source(network, handle)).hostname or "").removeprefix("www.")


def account_url(network: str, handle: str) -> str:
    """Return the public address of an account; empty for a network whose addresses we do not know."""
    place = next((one for one in _places() if one.slug == network), None)
    if place is None or (place.bare and "{user}" in place.url and "@" not in handle):
        return ""
    return _url(place, handle)


def _from_link(line: str, url: str) -> Recognised:
    clean = without_tracking(url)
    if not clean:
        return Recognised(line, Kind.ACCOUNT, code="line_no_link")
    parts = urlsplit(clean)
    host = _SUBDOMAINS.sub("", (parts.hostname or "").lower())
    path = unquote(parts.path).replace("\0", "") or "/"
    asked = f"{path}?{parts.query}" if parts.query else path
    place = next((one for one in _places() if host in one.hosts), None)
    if place is None:
        # Networks of many servers are known by the form of their accounts' addresses alone.
        for one in (one for one in _places() if not one.hosts):
            if (user := _handle_in(one, asked)) is not None:
                return _account(line, one, user if "@" in user else f"{user}@{host}")
        return Recognised(line, Kind.SITE, url=clean)
    if (handle := _handle_in(place, asked)) is None:
        return Recognised(line, Kind.ACCOUNT, code="line_no_account")
    return _account(line, place, handle)


def _handle_in(place: _Place, path: str) -> str | None:
    for pattern in place.accounts:
        if (found := pattern.fullmatch(path)) is not None:
            handle: str = found.group("handle").rstrip(".")
            return handle if handle.casefold() not in place.never else None
    return None


def _from_name(line: str, name: str, rest: str) -> Recognised:
    words = [word.strip() for word in re.split(r"[/()]", name.casefold()) if word.strip()]
    place = next((one for word in words for one in _places() if word in one.names), None)
    if place is None:
        return Recognised(line, Kind.ACCOUNT, code="line_no_network")
    if _BARE_SITE.fullmatch(rest) and "/" in rest:
        return _from_link(line, f"https://{rest}")
    handle = rest.lstrip("@")
    if not place.handle or not re.fullmatch(place.handle, handle):
        return Recognised(line, Kind.ACCOUNT, code="line_needs_link")
    return _account(line, place, handle)


def _account(line: str, place: _Place, handle: str) -> Recognised:
    return Recognised(line, Kind.ACCOUNT, place.slug, handle, _url(place, handle))


def _url(place: _Place, handle: str) -> str:
    return _filled(place.numbered_url if re.match(place.numbered, handle) else place.url, handle)


def _filled(form: str, handle: str) -> str:
    user, _, server = handle.partition("@")
    return form.format(handle=handle, user=user, server=server)


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses are the same when compared."""
    return canonical_link(one).casefold() == canonical_link(other).casefold()


def recognised(accounts: str, sites: str, feeds: str) -> Iterator[Recognised]:
    """Yield what each line of the three fields says, each thing once."""
    seen: set[tuple[str, str, str]] = set()
    read = [
        *map(recognise_account, lines_of(accounts)),
        *map(recognise_site, lines_of(sites)),
        *(recognise_site(feed_of_link(line), Kind.FEED) for line in lines_of(feeds)),
    ]
    for one in read:
        key = (one.kind, one.network, one.handle.casefold() or canonical_link(one.url) or one.given)
        if key not in seen:
            seen.add(key)
            yield one
