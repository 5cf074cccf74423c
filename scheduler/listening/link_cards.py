"""What a network would show of a link: title, description, site, and whether there is a picture.

The page is asked as a feed is: over the one client that judges and pins its address, bounded in time and size. What
it says is a stranger's: read out of its head in one way through, whatever it nests, and made plain. Pictures are
never asked for.
"""

import codecs
import html
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from urllib.parse import urlsplit

from content_calendar import clock
from content_calendar.links import links
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.cleaning import plain
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Limits, Resolve, fetch, resolve_name

_LIMITS = Limits(
    connect=timedelta(seconds=3),
    read=timedelta(seconds=5),
    total=timedelta(seconds=6),
    wire_bytes=2 << 20,
    body_bytes=4 << 20,
)
# Where a page says what it is about; what comes later is its body.
_HEAD = 256 * 1024
_SNIFFED = 2048
# By Python's names of them.
_CODECS = frozenset(
    {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
)
_LONGEST_TAG, _MOST_TAGS = 8192, 400
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{1,40})")
# What holds no tags of ours, however much it looks like them.
_SKIPPED = re.compile(r"<(?:!--|script|style|noscript|template|svg|textarea)(?![a-z0-9])")
_ATTRIBUTE = re.compile(
    r"(?P<name>[a-z:_.-]{1,40})\s{0,9}=\s{0,9}"
    r"(?:\"(?P<double>[^\"]{0,2000})\"|'(?P<single>[^']{0,2000})'|(?P<bare>[^\s\"'>]{1,2000}))",
    re.IGNORECASE,
)
_META = re.compile(
    rf"<meta(?P<said>(?:[\s/]|{re.sub('[?]P<[a-z]+>', '?:', _ATTRIBUTE.pattern)}|[a-z:_.-]{{1,40}})*+)>",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title(?:\s[^>]{0,200})?>(?P<said>[^<]{0,2000})", re.IGNORECASE)
_LONGEST_TITLE, _LONGEST_WORDS = 200, 400
_KEPT = timedelta(hours=1)
_REFUSAL_KEPT = timedelta(minutes=2)
_MOST_KEPT = 500
_AT_ONCE = 2


@dataclass(frozen=True)
class LinkCard:
    """What a page says of itself; texts are plain, empty where it says nothing. ``host`` is where it was found."""

    host: str
    title: str = ""
    description: str = ""
    site: str = ""
    has_picture: bool = False


@dataclass(frozen=True)
class SeenLink:
    """A link and its card; none when it could not be opened, ``busy`` when nobody has tried yet."""

    url: str
    card: LinkCard | None = None
    busy: bool = False


class LinkCards:
    """Cards of links, looked at once an hour at most, by one process; a few at a time, the rest are told to wait."""

    def __init__(
        self, policy: FetchPolicy, *, limits: Limits = _LIMITS, resolve: Resolve = resolve_name
    ) -> None:
        self._policy, self._limits, self._resolve = policy, limits, resolve
        self._kept: OrderedDict[str, tuple[float, SeenLink]] = OrderedDict()
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def see(self, url: str) -> SeenLink:
        """Return what there is to show of a link. Takes seconds: no transaction should be open meanwhile."""
        if (known := self._known(url)) is not None:
            return known
        if not self._places.acquire(blocking=False):
            return SeenLink(url, busy=True)
        try:
            seen = SeenLink(url, read_card(url, self._policy, self._limits, self._resolve))
        except FetchError:
            seen = SeenLink(url)
        finally:
            self._places.release()
        self._keep(seen)
        return seen

    def _known(self, url: str) -> SeenLink | None:
        with self._lock:
            until, seen = self._kept.get(url, (0.0, None))
            if seen is not None and clock.monotonic() >= until:
                del self._kept[url]
                return None
            return seen

    def _keep(self, seen: SeenLink) -> None:
        span = _KEPT if seen.card else _REFUSAL_KEPT
        with self._lock:
            self._kept[seen.url] = (clock.monotonic() + span.total_seconds(), seen)
            self._kept.move_to_end(seen.url)
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)


def first_link(text: str) -> str | None:
    """Return the address that a network makes a card of: the first link of a text, with its scheme."""
    found = next((one.text for one in links(text)), None)
    if found is None:
        return None
    return found if "://" in found else f"https://{found}"


def read_card(
    url: str, policy: FetchPolicy, limits: Limits = _LIMITS, resolve: Resolve = resolve_name
) -> LinkCard:
    """Return what a page says of itself; of what is no page, only where it is. Raises FetchError."""
    fetched = fetch(url, policy=policy, limits=limits, resolve=resolve)
    host = urlsplit(fetched.final_url).hostname or ""
    kind = fetched.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in {"text/html", "application/xhtml+xml"}:
        return LinkCard(host)
    said = _said(_text(fetched.body[:_HEAD], fetched.headers.get("content-type", "")))
    return LinkCard(
        host,
        title=plain(_first(said, "og:title", ":title", "title"), _LONGEST_TITLE),
        description=plain(_first(said, "og:description", ":description", "description"), _LONGEST_WORDS),
        site=plain(_first(said, "og:site_name", "application-name"), _LONGEST_TITLE),
        has_picture=bool(_first(said, ":image", "og:image:url", "og:image:secure_url")),
    )


def _text(body: bytes, content_type: str) -> str:
    header = Message()
    header["content-type"] = content_type
    sniffed = _CHARSET.search(body[:_SNIFFED])
    for name in (header.get_content_charset(), sniffed.group(1).decode() if sniffed else None):
        if name is None:
            continue
        try:
            # Only those that pages are written in: Python knows others, some of which take minutes on purpose.
            if codecs.lookup(name).name in _CODECS:
                return body.decode(name, "replace")
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace")


def _said(page: str) -> dict[str, str]:
    """Return what the page's head says, by name; the first to speak counts. One way through, however it is made."""
    said: dict[str, str] = {}
    lower, at, tried = page.lower(), 0, 0
    if len(lower) != len(page):
        # A letter or two grow when lowered; where they stand does not matter here.
        page = lower
    while (at := lower.find("<", at)) >= 0 and tried < _MOST_TAGS:
        if (skipped := _SKIPPED.match(lower, at)) is not None:
            closing = "-->" if skipped.group() == "<!--" else f"</{skipped.group()[1:]}"
            at = lower.find(closing, skipped.end())
            if at < 0:
                break
        elif lower.startswith(("<body", "</head"), at):
            break
        elif lower.startswith("<meta", at):
            tried += 1
            if (meta := _META.match(page, at, at + _LONGEST_TAG)) is not None:
                _hear(meta.group("said"), said)
        elif (title := _TITLE.match(page, at)) is not None:
            said.setdefault("title", html.unescape(title.group("said")))
        at += 1
    return said


def _hear(attributes: str, said: dict[str, str]) -> None:
    given: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(attributes):
        value = next((part for part in one.group("double", "single", "bare") if part is not None), "")
        given.setdefault(one.group("name").lower(), html.unescape(value))
    name = (given.get("property") or given.get("name") or "").strip().lower()
    if name and given.get("content"):
        said.setdefault(name, given["content"])
        if ":" in name:
            # A network of its own prefix, say; what follows the last one is what it tells.
            said.setdefault(":" + name.rpartition(":")[2], given["content"])


def _first(said: dict[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name, "").strip()), "")
