"""Whether a site links to an account: the page is asked as a feed is, and its links are read, nothing else of it."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin

from content_calendar import accounts, link_backs
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.pasted import read_pasted
from content_calendar.sending import Said
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Limits, fetch
from scheduler.listening.identity import canonical_link

LIMITS = Limits(
    connect=timedelta(seconds=4),
    read=timedelta(seconds=6),
    total=timedelta(seconds=10),
    wire_bytes=2 << 20,
    body_bytes=4 << 20,
)
# In the order in which one may hide another; what stands in them is no link that people see.
_HIDDEN = (("<!--", "-->"), ("<script", "</script"), ("<template", "</template"), ("<style", "</style"))
_TAG = re.compile(r"<(?:a|area|link)\s(?P<said>[^<>]{1,4000})>", re.IGNORECASE)
_HREF = re.compile(
    r"(?:^|\s)href\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]{0,2000})\"|'(?P<single>[^']{0,2000})'|(?P<bare>[^\s\"'>]{1,2000}))",
    re.IGNORECASE,
)
_MOST_LINKS = 5000


@dataclass(frozen=True, slots=True)
class Page:
    """The links of a page, or why it could not be read."""

    url: str
    links: Sequence[str] = ()
    said: Said | None = None


def read_page(url: str, policy: FetchPolicy, limits: Limits = LIMITS) -> Page:
    """Return the links of a page; takes seconds, no transaction may be open meanwhile. Raises nothing."""
    try:
        answer = fetch(url, policy=policy, limits=limits)
    except FetchError as error:
        return Page(url, said=Said(error.code, error.params))
    # Addresses are written in ASCII whatever the page's letters are.
    return Page(url, links_in(answer.body.decode("utf-8", "replace"), answer.final_url))


def links_in(page: str, base: str) -> list[str]:
    """Return where a page's links lead, in one way through, however it is made."""
    for begins, ends in _HIDDEN:
        page = _without(page, begins, ends)
    found: list[str] = []
    for tag in _TAG.finditer(page):
        href = _HREF.search(tag["said"])
        if href is None:
            continue
        said = next((part for part in href.group("double", "single", "bare") if part is not None), "")
        try:
            found.append(urljoin(base, html.unescape(said).strip()))
        except ValueError:
            continue
        if len(found) >= _MOST_LINKS:
            break
    return found


def _without(page: str, begins: str, ends: str) -> str:
    lower, kept, at = page.lower(), [], 0
    if len(lower) != len(page):
        page = lower
    while (start := lower.find(begins, at)) >= 0:
        kept.append(page[at:start])
        end = lower.find(ends, start + len(begins))
        if end < 0:
            return "".join(kept)
        at = end + len(ends)
    return "".join([*kept, page[at:]])


def leads_to(link: str, account: Account) -> bool:
    """Return whether a link leads to the account, by its network and handle, or by the address that was kept."""
    said = read_pasted(link)
    if said.network == account.network and accounts.fold_handle(said.handle) == account.handle_folded:
        return True
    return bool(account.url) and canonical_link(link).casefold() == canonical_link(account.url).casefold()


def check(
    database: Database, account: Account, read: Callable[[str], Page], *, actor_ref: str = ""
) -> bool | None:
    """Look on the owner's sites for a link to the account and keep what was found; None when there is no site.

    No transaction may be open: sites take seconds to answer.
    """
    with database.reading() as session:
        urls = link_backs.sites_of(session, account.owner_id)
    if not urls:
        return None
    page = Page("")
    found = False
    for url in urls:
        page = read(url)
        found = any(leads_to(link, account) for link in page.links)
        if found:
            break
    with database.transaction() as session:
        kept = session.get_one(Account, account.id)
        said = None if found else page.said
        link_backs.record(session, kept, page.url, found=found, said=said, actor_ref=actor_ref)
    return found
