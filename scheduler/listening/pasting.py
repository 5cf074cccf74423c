"""A pasted link as a note of the wire: what its page says of it, whose it probably is, kept once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.accounts import fold_handle
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.directory import Account, Owner, Site
from content_calendar.models.people import Person
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.cleaning import link, plain, rich
from scheduler.listening.entries import keep
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.fetching import Resolve, fetch, resolve_name
from scheduler.listening.identity import Told, identify, link_key, without_tracking
from scheduler.listening.link_cards import PAGE_LIMITS
from scheduler.listening.page_heads import HEAD_BYTES, Head, read_head, text_of
from scheduler.listening.parsing import ParsedEntry, sane_date
from scheduler.listening.recognising import recognise_account
from scheduler.models import Entry
from scheduler.networks import networks
from scheduler.powers import ReadsLinks

_LONGEST_TITLE, _LONGEST_WORDS, LONGEST_URL = 300, 1000, 1000
_DATES = (
    "article:published_time", "og:published_time", "date", "dc.date", "dc.date.issued", "dcterms.date",
    "dcterms.created", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "article:modified_time",
)  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?")


class PastedLinkError(InvalidError):
    """That is no link of the web."""

    code = "pasted_link"


class PastedTitleError(InvalidError):
    """A note has a title."""

    code = "pasted_title"


@dataclass(frozen=True)
class Pasted:
    """What is known of a link. ``code`` says why its page told nothing, empty when it did."""

    url: str
    title: str = ""
    summary: str = ""
    published_at: datetime | None = None
    code: str = ""
    params: Mapping[str, object] | None = None


def clean(url: str) -> str:
    """Return the link without what tracks people; raise PastedLinkError."""
    text = url.strip()
    found = without_tracking(text if "://" in text else f"https://{text}")
    if not link(found) or "." not in (urlsplit(found).hostname or "") or len(found) > LONGEST_URL:
        raise PastedLinkError(field="url")
    return found


def look(url: str, policy: FetchPolicy, resolve: Resolve = resolve_name) -> Pasted:
    """Return what the page of a clean link says of itself. Takes seconds: no transaction should be open meanwhile."""
    said_at = _moment_of_link(url)
    try:
        page = fetch(url, policy=policy, limits=PAGE_LIMITS, resolve=resolve)
    except FetchError as error:
        return Pasted(url, published_at=said_at, code=error.code, params=error.params)
    kind = page.headers.get("content-type", "text/html")
    if "html" not in kind:
        return Pasted(url, published_at=said_at)
    head = read_head(text_of(page.body[:HEAD_BYTES], kind))
    return Pasted(
        url,
        title=plain(head.first("og:title", ":title", "title"), _LONGEST_TITLE),
        summary=plain(head.first("og:description", ":description", "description"), _LONGEST_WORDS),
        published_at=said_at or sane_date(_date_of(head), now()),
    )


def _moment_of_link(url: str) -> datetime | None:
    for network in networks().values():
        if isinstance(network, ReadsLinks) and (post := network.read_link(url)) is not None:
            return post.published_at
    return None


def _date_of(head: Head) -> datetime | None:
    found = _DAY.search(head.first(*_DATES))
    if found is None:
        return None
    year, month, day, hour, zone = found.groups()
    # A day alone is meant as one of ours: its noon is in no zone of ours another day.
    offset = "+00:00" if zone in (None, "Z") else zone
    try:
        moment = datetime.fromisoformat(f"{year}-{month}-{day}T{hour or '18:00'}{offset}")
    except ValueError:
        return None
    return moment.astimezone(UTC)


def owner_of(session: Session, url: str) -> Owner | None:
    """Return whose a link probably is: the owner of the account or of the site that it leads to; two queries."""
    account = recognise_account(url)
    if account.network:
        return session.scalars(
            select(Owner)
            .join(Account, Account.owner_id == Owner.id)
            .where(
                Account.network == account.network,
                Account.handle_folded == fold_handle(account.handle),
                Account.valid_to.is_(None),
            )
        ).first()
    host = _host(url)
    sites = session.execute(select(Site.owner_id, Site.url)).all()
    fitting = [
        (len(_host(site)), owner_id) for owner_id, site in sites if (f".{host}").endswith(f".{_host(site)}")
    ]
    return session.get(Owner, max(fitting)[1]) if fitting else None


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "?").removeprefix("www.")
    except ValueError:
        return "?"


def known(session: Session, url: str) -> Entry | None:
    """Return the note of the wire that has that link already, with its owner, whoever's it is."""
    return session.scalars(
        select(Entry).where(Entry.link_key == link_key(url)).options(joinedload(Entry.owner)).limit(1)
    ).one_or_none()


def keep_pasted(session: Session, owner: Owner, pasted: Pasted, person: Person) -> Entry:
    """Keep a link as a note of its owner, once: one that is known is returned as it stands, shown again if hidden.

    Raises PastedTitleError.
    """
    entry = known(session, pasted.url)
    if entry is not None:
        entry.hidden_at = None
        return entry
    title = plain(pasted.title, _LONGEST_TITLE)
    if not title:
        raise PastedTitleError(field="title")
    told = ParsedEntry(
        title=title, link=pasted.url, summary=rich(pasted.summary[:_LONGEST_WORDS]),
        published_at=sane_date(pasted.published_at, now()), author="", guid=None,
    )  # fmt: skip
    keep(session, owner.id, None, [told], now())
    [identity] = identify([Told(told.link, None, told.title, told.summary, told.published_at)])
    entry = session.scalars(
        select(Entry).where(Entry.owner_id == owner.id, Entry.identity == identity.key)
    ).one()
    audit.record(session, person.ref, "entry.paste", "entry", entry.ref, owner=owner.slug)
    return entry
