"""Which notes are shown: the filters of an address, a page after the last one, and what was done with each note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import request
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import visibility
from content_calendar.content import PostKind
from content_calendar.models.directory import Account, Owner, OwnerKind, Region
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.permissions import Rights
from content_calendar.states import PostState, PublicationState
from scheduler.listening.note_words import asked as words_asked
from scheduler.models import Entry, Feed, Replication
from scheduler.relaying.candidates import SURE, unused
from scheduler.relaying.models import DeclaredRelay, EntryTheme, Relay

KINDS: Mapping[str, OwnerKind] = {
    "organismos": OwnerKind.BODY,
    "comisiones": OwnerKind.COMMISSION,
    "coordinaciones": OwnerKind.COORDINATION,
}
WITHOUT_THEME = "sin"
_LONGEST = 120
_NAMES = ("organismo", "region", "tema", "de", "buscar", "uso", "ver")


@dataclass(frozen=True)
class Row:
    """A note with its owner loaded, its theme, and whether a person decided that."""

    entry: Entry
    theme: Theme | None = None
    words: Sequence[str] = ()
    decided: bool = False


@dataclass(frozen=True)
class Made:
    """A post made of a note: where it stands, and where it can be seen when it went out."""

    ref: str
    state: PostState
    kind: PostKind
    author: str
    due_at: datetime | None
    out_at: datetime | None = None
    link: str = ""
    network: str = ""


@dataclass
class Deeds:
    """What was done with a note: the posts made of it, and what was declared."""

    posts: list[Made] = field(default_factory=list)
    declared: list[DeclaredRelay] = field(default_factory=list)
    # Posts of ours that the note takes up: their reference and title.
    echoes: list[tuple[str, str]] = field(default_factory=list)


def asked() -> dict[str, str]:
    """Return the filters of the address; those that are not given are empty."""
    return {name: request.args.get(name, "").strip()[:_LONGEST] for name in _NAMES}


def conditions(said: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions of these filters on a query that joins ``Entry`` with its ``Owner``."""
    where: list[ColumnElement[bool]] = [
        Entry.hidden_at.is_not(None) if said.get("ver") == "ocultas" else Entry.hidden_at.is_(None)
    ]
    if slug := said.get("organismo"):
        where.append(Owner.slug == slug)
    if region := said.get("region"):
        where.append(Owner.region_id.in_(select(Region.id).where(Region.slug == region)))
    if kind := KINDS.get(said.get("de", "")):
        where.append(Owner.kind == kind)
    if theme := said.get("tema"):
        where.append(_of_theme(theme))
    if said.get("uso") == "sin":
        where.append(unused())
    return [*where, *(_holds(word) for word in words_asked(said.get("buscar", "")))]


def _of_theme(ref: str) -> ColumnElement[bool]:
    if ref == WITHOUT_THEME:
        return Entry.id.not_in(select(EntryTheme.entry_id).where(EntryTheme.theme_id.is_not(None)))
    themes = select(EntryTheme.entry_id).join(Theme, Theme.id == EntryTheme.theme_id)
    return Entry.id.in_(themes.where(Theme.ref == ref))


def _holds(word: str) -> ColumnElement[bool]:
    # A note of before there was this search is found by its title as it is written.
    old = and_(Entry.searched == "", Entry.title.icontains(word, autoescape=True))
    return or_(Entry.searched.contains(word, autoescape=True), old)


def rows(
    session: Session, where: Sequence[ColumnElement[bool]], after: tuple[datetime, int] | None, limit: int
) -> list[Row]:
    """Return the notes that meet the conditions, the newest first, one page after ``after``; one query."""
    query: Select[Entry, EntryTheme | None] = (
        select(Entry, EntryTheme)
        .join(Owner, Owner.id == Entry.owner_id)
        .outerjoin(EntryTheme, EntryTheme.entry_id == Entry.id)
        .where(*where)
        .options(joinedload(Entry.owner).joinedload(Owner.region), joinedload(EntryTheme.theme))
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(limit)
    )
    if after is not None:
        at, entry_id = after
        query = query.where(or_(Entry.published_at < at, and_(Entry.published_at == at, Entry.id < entry_id)))
    return [
        Row(entry, judged.theme, judged.words, judged.decided_at is not None)
        if judged is not None
        else Row(entry)
        for entry, judged in session.execute(query)
    ]


def place_of(session: Session, ref: str) -> tuple[datetime, int] | None:
    """Return where a note stands in the order; None for one that is not there."""
    row = session.execute(select(Entry.published_at, Entry.id).where(Entry.ref == ref)).one_or_none()
    return (row[0], row[1]) if row else None


def owners(session: Session) -> Sequence[Owner]:
    """Return those who can be heard, or were: an owner without feeds and notes is nobody to filter by."""
    heard = select(Feed.owner_id).union(select(Entry.owner_id))
    return session.scalars(select(Owner).where(Owner.id.in_(heard)).order_by(Owner.short_name)).all()


def deeds(session: Session, entry_ids: Sequence[int], rights: Rights) -> dict[int, Deeds]:
    """Return what was done with these notes, as far as it is shown to whoever has these rights; four queries."""
    found = {entry_id: Deeds() for entry_id in entry_ids}
    posts = session.execute(
        select(Relay.entry_id, Post.id, Post.ref, Post.state, Relay.kind, Person.name, Post.due_at)
        .join(Post, Post.id == Relay.post_id)
        .join(Person, Person.id == Post.author_id)
        .where(
            Relay.entry_id.in_(entry_ids),
            Post.state.in_(set(visibility.visible_states(rights)) - {PostState.DISCARDED}),
        )
        .order_by(Relay.id)
    ).all()
    out = _out(session, [row.id for row in posts])
    for entry_id, post_id, ref, state, kind, author, due_at in posts:
        assert entry_id is not None  # noqa: S101 -- it was asked for by its note
        found[entry_id].posts.append(Made(ref, state, kind, author, due_at, *out.get(post_id, ())))
    for one in session.scalars(
        select(DeclaredRelay)
        .where(DeclaredRelay.entry_id.in_(entry_ids), DeclaredRelay.withdrawn_at.is_(None))
        .options(joinedload(DeclaredRelay.declared_by))
        .order_by(DeclaredRelay.done_on, DeclaredRelay.id)
    ):
        assert one.entry_id is not None  # noqa: S101 -- it was asked for by its note
        found[one.entry_id].declared.append(one)
    for entry_id, ref, title in session.execute(
        select(Replication.entry_id, Post.ref, Post.title)
        .join(Post, Post.id == Replication.post_id)
        .where(Replication.entry_id.in_(entry_ids), Replication.stage.in_(SURE))
        .order_by(Replication.id)
    ):
        assert entry_id is not None  # noqa: S101 -- as above
        found[entry_id].echoes.append((ref, title))
    return found


def _out(session: Session, post_ids: Sequence[int]) -> dict[int, tuple[datetime, str, str]]:
    """Return, by post, its first publication that is out: when, where, on which network."""
    rows = session.execute(
        select(Publication.post_id, Publication.published_at, PublicationPart.remote_url, Account.network)
        .join(PublicationPart, (PublicationPart.publication_id == Publication.id) & (PublicationPart.n == 1))
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id.in_(post_ids), Publication.state == PublicationState.PUBLISHED)
        .order_by(Publication.published_at.desc(), Publication.id.desc())
    )
    return {post_id: (at, link, network) for post_id, at, link, network in rows if at is not None}
