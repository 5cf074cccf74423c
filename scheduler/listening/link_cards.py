"""What a network would show of a link: title, description, site, and whether there is a picture.

The page is asked as a feed is: over the one client that judges and pins its address, bounded in time and size. What
it says is a stranger's: read out of its head in one way through, whatever it nests, and made plain. Pictures are
never asked for.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from content_calendar import clock
from content_calendar.links import links
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.cleaning import plain
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Limits, Resolve, fetch, resolve_name
from scheduler.listening.page_heads import HEAD_BYTES, read_head, text_of

PAGE_LIMITS = Limits(
    connect=timedelta(seconds=3),
    read=timedelta(seconds=5),
    total=timedelta(seconds=6),
    wire_bytes=2 << 20,
    body_bytes=4 << 20,
)
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
        self, policy: FetchPolicy, *, limits: Limits = PAGE_LIMITS, resolve: Resolve = resolve_name
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
    url: str, policy: FetchPolicy, limits: Limits = PAGE_LIMITS, resolve: Resolve = resolve_name
) -> LinkCard:
    """Return what a page says of itself; of what is no page, only where it is. Raises FetchError."""
    fetched = fetch(url, policy=policy, limits=limits, resolve=resolve)
    host = urlsplit(fetched.final_url).hostname or ""
    kind = fetched.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    if kind not in {"text/html", "application/xhtml+xml"}:
        return LinkCard(host)
    head = read_head(text_of(fetched.body[:HEAD_BYTES], fetched.headers.get("content-type", "")))
    return LinkCard(
        host,
        title=plain(head.first("og:title", ":title", "title"), _LONGEST_TITLE),
        description=plain(head.first("og:description", ":description", "description"), _LONGEST_WORDS),
        site=plain(head.first("og:site_name", "application-name"), _LONGEST_TITLE),
        has_picture=bool(head.first(":image", "og:image:url", "og:image:secure_url")),
    )
