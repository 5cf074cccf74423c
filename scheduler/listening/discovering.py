"""Finding a site's feeds from its address: what its page declares, then a few common places.

One host at a time, in series, few requests with a rest between them; whatever the page says, only what can be read
as a feed is offered.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from content_calendar import clock
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.cleaning import link, plain
from scheduler.listening.fetch_errors import FetchError, StatusError
from scheduler.listening.fetching import Fetched, Limits, Resolve, fetch, resolve_name
from scheduler.listening.identity import canonical_link
from scheduler.listening.page_heads import HEAD_BYTES, Head, read_head, text_of
from scheduler.listening.parsing import FeedError, FeedParser, ParsedFeed

MOST_ASKED = 14
_MOST_DECLARED, _MOST_ANCHORS, _MOST_FOUND = 6, 4, 8
_LONGEST_URL = 1000
_PLACES = Path(__file__).parent / "feed_places.toml"
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml"})
# Comments are what others say, not what the site publishes.
_COMMENTS = re.compile(r"comment|comentario", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,3}=\s{0,3}[\"']([^\"'\s<>]{1,500})[\"']", re.IGNORECASE)
_FEEDISH = re.compile(
    r"(?:^|[/?&=._-])(?:rss|atom|feeds?)(?:\d|[/?&=._-]|$)|(?:rss|atom|feed)\.(?:xml|json|php|aspx)$",
    re.IGNORECASE,
)
_BUSY = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was read. ``entries`` is how many it has, ``last_at`` when the newest is from, if it tells.

    ``declared`` tells whether the site names it itself.
    """

    url: str
    title: str
    entries: int
    last_at: datetime | None
    declared: bool


@dataclass(frozen=True)
class Asking:
    """How sites are asked: ``most`` requests, in ``total`` at most, with ``pause`` seconds between two."""

    policy: FetchPolicy
    parser: FeedParser
    limits: Limits = field(default_factory=lambda: Limits(total=timedelta(seconds=12)))
    resolve: Resolve = resolve_name
    most: int = MOST_ASKED
    total: timedelta = timedelta(seconds=90)
    pause: float = 1.0


Told = Callable[[int], None]


def _nobody(_asked: int) -> None:
    pass


def discover(site: str, asking: Asking, told: Told = _nobody) -> list[FoundFeed]:
    """Return the feeds of a site, those that it declares first.

    ``told`` hears after each request how many were made. Raises FetchError when the site itself cannot be had.
    """
    return _Visit(asking, told).visit(site)


class _Visit:
    def __init__(self, asking: Asking, told: Told) -> None:
        self._asking, self._told = asking, told
        self._until = clock.monotonic() + asking.total.total_seconds()
        self._asked = 0
        self._tried: set[str] = set()
        self._found: list[FoundFeed] = []
        self._contents: set[tuple[str, ...]] = set()
        self._closed = False

    def visit(self, site: str) -> list[FoundFeed]:
        page = self._ask(site)
        if page is None:
            return []
        self._tried.add(_same(page.final_url))
        kind = page.headers.get("content-type", "text/html")
        if kind.partition(";")[0].strip().lower() not in _PAGE_TYPES and self._read(
            page, site, declared=True
        ):
            return self._found
        text = text_of(page.body, kind)
        head = read_head(text[:HEAD_BYTES])
        for url in [*_declared(head, page.final_url), *_anchors(text, page.final_url)]:
            self._try(url, declared=True)
        for url in _places(head, page.final_url):
            if self._found:
                # The common places of one site are nearly always the same feed again.
                break
            self._try(url, declared=False)
        return self._found

    def _try(self, url: str, *, declared: bool) -> None:
        if self._closed or len(self._found) >= _MOST_FOUND or _same(url) in self._tried:
            return
        if self._asked >= self._asking.most or clock.monotonic() >= self._until:
            self._closed = True
            return
        self._tried.add(_same(url))
        clock.rest(self._asking.pause)
        try:
            answer = self._ask(url)
        except StatusError as error:
            # Whoever asks to be left alone is left alone.
            self._closed = error.params["status"] in _BUSY
        except FetchError:
            pass
        else:
            if answer is not None:
                self._read(answer, url, declared=declared)

    def _ask(self, url: str) -> Fetched | None:
        if len(url) > _LONGEST_URL:
            return None
        self._asked += 1
        try:
            asking = self._asking
            return fetch(url, policy=asking.policy, limits=asking.limits, resolve=asking.resolve)
        finally:
            self._told(self._asked)

    def _read(self, answer: Fetched, url: str, *, declared: bool) -> bool:
        """Keep what was answered if it is a feed that was not found yet; return whether it is a feed."""
        try:
            feed = self._asking.parser.parse(answer.body, answer.final_url)
        except FeedError:
            return False
        content = _content(feed)
        if not feed.entries or content not in self._contents:
            self._contents.add(content)
            dates = [one.published_at for one in feed.entries if one.published_at is not None]
            kept = answer.moved_to or url
            self._found.append(
                FoundFeed(kept, feed.title, len(feed.entries), max(dates, default=None), declared)
            )
        return True


def _content(feed: ParsedFeed) -> tuple[str, ...]:
    return tuple(f"{one.title}\n{one.link}" for one in feed.entries[:5])


def _same(url: str) -> str:
    return canonical_link(url) or url


def _declared(head: Head, base: str) -> list[str]:
    found = []
    for one in head.links:
        if "alternate" not in one.get("rel", "").lower().split():
            continue
        if one.get("type", "").partition(";")[0].strip().lower() in _FEED_TYPES and not _COMMENTS.search(
            f"{one.get('title', '')} {one.get('href', '')}"
        ):
            found.append(one.get("href", ""))
    return list(_joined(found, base))[:_MOST_DECLARED]


def _anchors(page: str, base: str) -> list[str]:
    found = [one.group(1).replace("&amp;", "&") for one in _HREF.finditer(page)]
    likely = [one for one in found if _FEEDISH.search(one) and not _COMMENTS.search(one)]
    site = _host(base)
    return [one for one in _joined(likely, base) if _host(one) == site][:_MOST_ANCHORS]


def _joined(urls: Sequence[str], base: str) -> Iterator[str]:
    for url in dict.fromkeys(urls):
        try:
            whole = link(urljoin(base, url.strip()))
        except ValueError:
            continue
        if url and whole:
            yield whole


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@cache
def _known_places() -> tuple[list[str], dict[str, list[str]]]:
    told = tomllib.loads(_PLACES.read_text(encoding="utf-8"))
    return told["places"], told["generators"]


def _places(head: Head, base: str) -> list[str]:
    places, generators = _known_places()
    made_by = plain(head.said.get("generator", ""), 200).casefold()
    first = [place for name, some in generators.items() if name in made_by for place in some]
    parts = urlsplit(base)
    root = f"{parts.scheme}://{parts.netloc}"
    # A site that lives in a folder of its host keeps its feed there, as often as not.
    folder = parts.path.rpartition("/")[0]
    own = [f"{folder}{place}" for place in (first or places)[:2]] if folder else []
    return [f"{root}{place}" for place in dict.fromkeys([*own, *first, *places])]
