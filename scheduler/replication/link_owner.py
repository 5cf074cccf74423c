"""Whose a link to a post is, as far as the link tells: the body's own, another's, or a name that looks like one."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content_calendar.accounts import fold_handle
from content_calendar.look_alikes import Known, alike
from content_calendar.models.directory import Account, Owner, Site
from scheduler.listening.identity import without_tracking
from scheduler.listening.recognising import Kind, recognise_account
from scheduler.networks import networks
from scheduler.powers import ReadsLinks


class Whose(StrEnum):
    """Whose a link is. ``untold``: it names no account; ``unknown``: it names one that nobody registered."""

    THEIRS = "theirs"
    ANOTHERS = "anothers"
    LIKE = "like"
    UNKNOWN = "unknown"
    UNTOLD = "untold"


@dataclass(frozen=True)
class LinkOwner:
    """Whose a link is: the handle or site that it names, and whose that is or looks like."""

    whose: Whose
    handle: str = ""
    owner: str = ""


def owner_of(session: Session, link: str, body_id: int) -> LinkOwner:
    """Return whose a link is, seen from a body; two queries at most."""
    link = without_tracking(link) or link
    for network in networks().values():
        if isinstance(network, ReadsLinks) and (read := network.read_link(link)) is not None:
            if not read.handle:
                return LinkOwner(Whose.UNTOLD)
            return _of_account(session, network.slug, read.handle, body_id)
    found = recognise_account(link)
    if found.kind is Kind.SITE:
        return _of_site(session, found.url, body_id)
    return (
        _of_account(session, found.network, found.handle, body_id)
        if found.network
        else LinkOwner(Whose.UNTOLD)
    )


def _of_account(session: Session, network: str, handle: str, body_id: int) -> LinkOwner:
    folded = fold_handle(handle)
    rows = session.execute(
        select(Account.network, Account.handle_folded, Account.handle, Owner.short_name, Owner.id)
        .join(Owner, Owner.id == Account.owner_id)
        .where(
            or_(Account.owner_id == body_id, (Account.network == network) & (Account.handle_folded == folded))
        )
        .order_by(Account.valid_to.is_not(None), Account.id)
    ).all()
    same = [row for row in rows if (row[0], row[1]) == (network, folded)]
    if any(row[4] == body_id for row in same):
        return LinkOwner(Whose.THEIRS, handle)
    if same:
        return LinkOwner(Whose.ANOTHERS, handle, same[0][3])
    known = [Known(row[0], row[1], row[2], row[3], official=True) for row in rows if row[0] == network]
    if like := alike(handle, network, known, most=1):
        return LinkOwner(Whose.LIKE, handle, like[0].known.handle)
    return LinkOwner(Whose.UNKNOWN, handle)


def _of_site(session: Session, url: str, body_id: int) -> LinkOwner:
    host = _host(url)
    rows = session.execute(
        select(Site.url, Site.owner_id, Owner.short_name).join(Owner, Owner.id == Site.owner_id)
    )
    others = ""
    for site, owner_id, name in rows:
        if not _within(host, _host(site)):
            continue
        if owner_id == body_id:
            return LinkOwner(Whose.THEIRS, host)
        others = others or name
    return LinkOwner(Whose.ANOTHERS, host, others) if others else LinkOwner(Whose.UNKNOWN, host)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _within(host: str, site: str) -> bool:
    return bool(site) and (host == site or host.endswith(f".{site}"))
