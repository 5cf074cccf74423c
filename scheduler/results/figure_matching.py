"""Which publication or account of ours a row of a sheet tells of: by its id, its address, or its name."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from content_calendar.models.directory import Account
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.sheet_columns import plain
from content_calendar.states import PublicationState
from scheduler.models import Reading
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from scheduler.results.figure_columns import Told
from scheduler.results.figure_judging import Part, Row, cells_of
from scheduler.results.models import Followers

_AT_ONCE: Final = 400


def matched(session: Session, rows: Sequence[Row], columns: Sequence[str]) -> dict[int, Part]:
    """Return the part of ours that each row tells of, by the row's number."""
    wanted: dict[int, tuple[set[str], set[str]]] = {}
    for row in rows:
        cells = cells_of(row.cells, columns)
        ids = {cells[Told.REMOTE_ID][1].strip("'\"")} if Told.REMOTE_ID in cells else set[str]()
        links = set[str]()
        if Told.LINK in cells:
            ids |= _ids_in(cells[Told.LINK][1])
            links = spellings(cells[Told.LINK][1])
        wanted[row.n] = ids, links
    by_id, by_link = _parts(
        session,
        {one for ids, _ in wanted.values() for one in ids},
        {one for _, links in wanted.values() for one in links},
    )
    found = {}
    for n, (ids, links) in wanted.items():
        parts = {by_id[one] for one in ids if one in by_id} or {
            by_link[one] for one in links if one in by_link
        }
        if len(parts) == 1:
            found[n] = parts.pop()
    return found


def _ids_in(link: str) -> set[str]:
    """Return the ids that the networks that know their links see in one."""
    seen = [one.read_link(link) for one in networks().values() if isinstance(one, ReadsLinks)]
    return {post.remote_id for post in seen if post is not None and post.remote_id}


def spellings(link: str) -> set[str]:
    """Return how the same address may stand in our books: with and without question, slash, www and s."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return set()
    if not parts.hostname:
        return set()
    host = parts.netloc.casefold().removeprefix("www.")
    path = parts.path.rstrip("/")
    question = f"?{parts.query}" if parts.query else ""
    return {link.strip()} | {
        f"{scheme}://{www}{host}{path}{end}"
        for scheme in ("https", "http")
        for www in ("", "www.")
        for end in {"", "/", question, f"/{question}" if question else ""}
    }


def _parts(
    session: Session, ids: Collection[str], links: Collection[str]
) -> tuple[dict[str, Part], dict[str, Part]]:
    """Return our parts that are out, by remote id and by address; an id that two accounts have tells nothing."""
    sibling = aliased(PublicationPart)
    many = (
        select(func.count())
        .where(sibling.publication_id == PublicationPart.publication_id)
        .correlate(PublicationPart)
        .scalar_subquery()
    )
    by_id: dict[str, Part | None] = {}
    by_link: dict[str, Part] = {}
    listed_ids, listed_links = sorted(ids), sorted(links)
    for start in range(0, max(len(listed_ids), len(listed_links)), _AT_ONCE):
        rows = session.execute(
            select(
                PublicationPart.remote_id, PublicationPart.remote_url, PublicationPart.publication_id,
                PublicationPart.n, many, Post.ref, Post.title, Account.handle, Publication.published_at,
            )
            .join(Publication, Publication.id == PublicationPart.publication_id)
            .join(Post, Post.id == Publication.post_id)
            .join(Account, Account.id == Publication.account_id)
            .where(
                Publication.state == PublicationState.PUBLISHED,
                Publication.published_at.is_not(None),
                or_(
                    PublicationPart.remote_id.in_(listed_ids[start : start + _AT_ONCE]),
                    PublicationPart.remote_url.in_(listed_links[start : start + _AT_ONCE]),
                ),
            )
        )  # fmt: skip
        for remote_id, url, publication_id, n, parts, ref, title, handle, at in rows:
            part = Part(publication_id, n, parts, ref, title or ref, f"@{handle}", at)
            if remote_id:
                by_id[remote_id] = part if by_id.get(remote_id, part) == part else None
            if url:
                by_link[url] = part
    return {name: part for name, part in by_id.items() if part is not None}, by_link


def known_figures(session: Session, ids: Collection[int]) -> Mapping[tuple[int, str], frozenset[str]]:
    """Return the figures that there are of these publications, by age."""
    found: dict[tuple[int, str], set[str]] = {}
    listed_ids = sorted(ids)
    for start in range(0, len(listed_ids), _AT_ONCE):
        rows = session.execute(
            select(Reading.publication_id, Reading.window, Reading.metric).where(
                Reading.publication_id.in_(listed_ids[start : start + _AT_ONCE])
            )
        )
        for publication_id, window, metric in rows:
            found.setdefault((publication_id, window), set()).add(metric)
    return {key: frozenset(names) for key, names in found.items()}


def known_followers(session: Session) -> Mapping[tuple[int, date], int]:
    """Return what is known of who followed when, of every account and day; one query."""
    return {
        (account, on): value
        for account, on, value in session.execute(select(Followers.account_id, Followers.on, Followers.value))
    }


def accounts_by_name(session: Session) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Return the accounts that stand, by how people write them: handle, address, network and handle; one query."""
    names = {slug: one.name for slug, one in networks().items()}
    found: dict[str, list[tuple[int, str]]] = {}
    rows = session.execute(
        select(Account.id, Account.network, Account.handle, Account.url)
        .where(Account.valid_to.is_(None))
        .order_by(Account.id)
    )
    for account_id, network, handle, url in rows:
        called = names.get(network, network)
        said = {handle, url, f"{called} {handle}", f"{handle} {called}", f"{network} {handle}"}
        for name in {plain(one) for one in said if one} - {""}:
            found.setdefault(name, []).append((account_id, f"@{handle} · {called}"))
    return found
