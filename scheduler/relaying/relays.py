"""Posts made of what others publish, and what a person declares that we replicated.

A post is made of a note once: whoever comes second is led to the first. What was written in the composer, from a
note's link or to share a post of a known account, is recognised afterwards (``adopt``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, clock
from content_calendar.content import PostKind
from content_calendar.directory import valid_on
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.states import PostState
from scheduler.listening.identity import canonical_link, link_key, without_tracking
from scheduler.models import Entry
from scheduler.networks import networks
from scheduler.powers import ReadsLinks, RemotePost
from scheduler.relaying.models import DeclaredRelay, Relay

_ADOPTED_FOR = timedelta(days=120)
_MOST_ADOPTED = 200
_LONGEST_LINK = 1000
# What somebody remembers well enough to declare it.
DECLARED_FOR = timedelta(days=62)
_SHARING = (PostKind.REPOST, PostKind.QUOTE)


class DeclaredLinkError(InvalidError):
    """What was replicated can be seen somewhere: a link of the web, of at most ``most`` characters."""

    code = "declared_link_invalid"


class DeclaredLinkTheirsError(InvalidError):
    """The link is the note's own: what is declared is where *we* published."""

    code = "declared_link_theirs"


class DeclaredDayError(InvalidError):
    """The day is to come, or longer ago than ``days``."""

    code = "declared_day_invalid"


class DeclaredTwiceError(ConflictError):
    """That link was declared for this owner already. ``by`` is who did, ``on`` the day."""

    code = "declared_twice"


class DeclaredMissingError(NotFoundError):
    """Nothing was declared under that reference."""

    code = "declared_missing"


@dataclass(frozen=True)
class Taken:
    """The post of a note (loaded with its author), and whether it was made just now."""

    post: Post
    made: bool


@dataclass(frozen=True)
class Declared:
    """What a person says that we replicated: of whom, how, on which day, on which network, where it can be seen."""

    owner: Owner
    kind: PostKind
    on: date
    network: str
    link: str
    entry: Entry | None = None


def take(session: Session, entry: Entry, kind: PostKind, write: Callable[[], Post]) -> Taken:
    """Make a post of a note with ``write``, or return the one of that kind that is there already.

    One that was put away makes room for another. Of two who come at once, the second gets what the first made.
    """
    there = _standing(session, entry, kind)
    if there is not None and there.post.state is PostState.DISCARDED:
        there.released_at = clock.now()
        session.flush()
    elif there is not None:
        return Taken(there.post, made=False)
    try:
        with session.begin_nested():
            post = write()
            session.add(Relay(post_id=post.id, owner_id=entry.owner_id, entry_id=entry.id, kind=kind))
            session.flush()
    except IntegrityError:
        there = _standing(session, entry, kind)
        if there is None:
            raise
        return Taken(there.post, made=False)
    audit.record(session, "", "entry.taken", "entry", entry.ref, post=post.ref, kind=kind.value)
    return Taken(post, made=True)


def _standing(session: Session, entry: Entry, kind: PostKind) -> Relay | None:
    return session.scalars(
        select(Relay)
        .where(Relay.entry_id == entry.id, Relay.kind == kind, Relay.released_at.is_(None))
        .options(joinedload(Relay.post).joinedload(Post.author))
        .execution_options(populate_existing=True)
    ).one_or_none()


def of_post(session: Session, post_id: int) -> Relay | None:
    """Return whose note or post a post takes up, with its owner and the note; None for any other post."""
    return session.scalars(
        select(Relay)
        .where(Relay.post_id == post_id)
        .options(joinedload(Relay.owner), joinedload(Relay.entry))
    ).one_or_none()  # fmt: skip


def remote_post(url: str) -> tuple[str, RemotePost] | None:
    """Return the network whose post a link leads to, by its slug, and what the link says; None for any other link."""
    for slug, network in networks().items() if url else ():
        read = network.read_link(url) if isinstance(network, ReadsLinks) else None
        if read is not None:
            return slug, read
    return None


def adopt(session: Session) -> int:
    """Recognise posts that take up an owner's note or post and were written by hand; return how many."""
    posts = session.scalars(
        select(Post)
        .outerjoin(Relay, Relay.post_id == Post.id)
        .where(
            Relay.id.is_(None),
            Post.created_at > clock.now() - _ADOPTED_FOR,
            or_(Post.origin_url != "", and_(Post.kind.in_(_SHARING), Post.target_url != "")),
        )
        .order_by(Post.id.desc())
        .limit(_MOST_ADOPTED)
    ).all()
    if not posts:
        return 0
    entries = _entries(session, posts)
    owners = _owners(session, posts)
    rows = []
    for post in posts:
        entry = next((found for url in _links(post) if (found := entries.get(link_key(url)))), None)
        owner_id = entry.owner_id if entry else owners.get(post.target_url)
        if owner_id is not None:
            # Released: whoever clicks in the wire may still make one with everything in its place.
            rows.append(
                {
                    "post_id": post.id,
                    "owner_id": owner_id,
                    "entry_id": entry.id if entry else None,
                    "kind": post.kind if post.kind in _SHARING else PostKind.POST,
                    "made_at": post.created_at,
                    "released_at": clock.now(),
                }
            )
    insert_absent(session, Relay, rows)
    return len(rows)


def _links(post: Post) -> Sequence[str]:
    shared = (post.target_url,) if post.kind in _SHARING else ()
    return [url for url in (*shared, post.origin_url) if url]


def _entries(session: Session, posts: Sequence[Post]) -> dict[str, Entry]:
    keys = {link_key(url) for post in posts for url in _links(post)} - {""}
    rows = session.scalars(select(Entry).where(Entry.link_key.in_(keys)).order_by(Entry.id.desc()))
    return {entry.link_key: entry for entry in rows}


def _owners(session: Session, posts: Sequence[Post]) -> dict[str, int]:
    """Return, by the link of a post that is shared, whose account it is of today; one query."""
    told = {
        url: (found[0], found[1].handle.casefold())
        for url in {post.target_url for post in posts if post.kind in _SHARING and post.target_url}
        if (found := remote_post(url)) is not None and found[1].handle
    }
    rows = session.execute(
        select(Account.network, Account.handle_folded, Account.owner_id).where(
            Account.handle_folded.in_({handle for _network, handle in told.values()}),
            *valid_on(Account, clock.now().date()),
        )
    )
    known = {(network, handle): owner_id for network, handle, owner_id in rows}
    return {url: known[told[url]] for url in told if told[url] in known}


def declare(session: Session, said: Declared, person: Person, today: date) -> DeclaredRelay:
    """Note that a person says that we replicated an owner; raises the errors of this module."""
    link = without_tracking(said.link)
    if not link or len(link) > _LONGEST_LINK or not canonical_link(link):
        raise DeclaredLinkError(field="link", most=_LONGEST_LINK)
    if not today - DECLARED_FOR <= said.on <= today:
        raise DeclaredDayError(field="on", days=DECLARED_FOR.days)
    key = link_key(link)
    # A repost by hand has no other address than the post that it shares.
    if said.kind is not PostKind.REPOST and said.entry is not None and key == link_key(said.entry.link):
        raise DeclaredLinkTheirsError(field="link")
    row = DeclaredRelay(
        owner_id=said.owner.id,
        entry_id=said.entry.id if said.entry else None,
        kind=said.kind,
        done_on=said.on,
        network=(found[0] if (found := remote_post(link)) else said.network)[:40],
        link=link,
        link_key=key,
        declared_by_id=person.id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        by, on = session.execute(
            select(Person.name, DeclaredRelay.done_on)
            .join(Person, Person.id == DeclaredRelay.declared_by_id)
            .where(
                DeclaredRelay.owner_id == said.owner.id,
                DeclaredRelay.link_key == key,
                DeclaredRelay.withdrawn_at.is_(None),
            )
        ).one()
        raise DeclaredTwiceError(by=by, on=on) from error
    audit.record(
        session,
        person.ref,
        "relay.declared",
        "owner",
        said.owner.slug,
        declared=row.ref,
        on=said.on.isoformat(),
    )
    return row


def withdraw(session: Session, ref: str, person: Person, *, at: datetime | None) -> DeclaredRelay:
    """Take back what was declared, or with no moment let it stand again; raises DeclaredMissingError."""
    row = session.scalars(
        select(DeclaredRelay).where(DeclaredRelay.ref == ref).options(joinedload(DeclaredRelay.owner))
    ).one_or_none()
    if row is None:
        raise DeclaredMissingError(ref=ref)
    row.withdrawn_at = at
    session.flush()
    act = "relay.withdrawn" if at else "relay.restored"
    audit.record(session, person.ref, act, "owner", row.owner.slug, declared=row.ref)
    return row
