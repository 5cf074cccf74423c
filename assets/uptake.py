"""Knowing the use: which bodies were offered, saw and pulled what, and where a material went out.

The first three steps of how a message is taken up (offered, seen, downloaded) come from here. Of a view only the
body and the day are kept, never who it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from assets.models import Asset, AssetUse, BodyView, SeenThing, UseKind
from assets.uses import posts_with
from content_calendar.clock import now
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Membership
from content_calendar.models.posts import Post, PostMedia
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.permissions import Role
from content_calendar.states import PublicationState

# How long a post is offered: so long it stands first on the page of whoever stands for a body.
OFFERED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Reach:
    """How far a post came with the bodies: their ids. Whoever pulled it was offered it and has seen it."""

    offered: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    downloaded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Outing:
    """A material in a post on an account: when it went out, or is to, and where it can be seen."""

    post: Post
    state: PublicationState
    at: datetime
    network: str
    handle: str
    owner: str
    link: str


@dataclass(frozen=True)
class Pull:
    """Somebody of a body, or of the commission's staff where ``owner`` is empty, pulled a version in a format."""

    owner: str
    version: int
    format: str
    at: datetime


@dataclass
class BodyTotal:
    """What a body made of a material."""

    owner: str
    outings: int = 0
    pulls: int = 0
    formats: set[str] = field(default_factory=set)


def note_view(session: Session, thing: SeenThing, thing_id: int, body_ids: Collection[int]) -> None:
    """Note that these bodies saw it today; a second time on the same day changes nothing."""
    today = now().date()
    insert_absent(
        session,
        BodyView,
        [
            {"thing": thing, "thing_id": thing_id, "body_id": body_id, "seen_on": today}
            for body_id in sorted(body_ids)
        ],
    )


def is_noted(session: Session, thing: SeenThing, thing_id: int, body_ids: Collection[int]) -> bool:
    """Return whether all these bodies are known to have seen it today: then nothing needs to be written."""
    known = session.scalar(
        select(func.count())
        .select_from(BodyView)
        .where(
            BodyView.thing == thing,
            BodyView.thing_id == thing_id,
            BodyView.body_id.in_(body_ids),
            BodyView.seen_on == now().date(),
        )
    )
    return known == len(set(body_ids))


def reaches(
    session: Session, post_ids: Collection[int], body_ids: Collection[int] | None = None
) -> Mapping[int, Reach]:
    """Return for each post which bodies it was offered to, which saw it, which pulled it. Five queries for them all.

    Of these bodies alone, or of everybody; to whom it was offered is told of all.

    Offered to every body that somebody stood for in the week after it went out, or stands for today while it is not
    out. A body saw a post when it opened its page, or that of a material in it; it pulled it when it downloaded its
    pack, or a material in it, wherever it found that.
    """
    offered = _offered(session, post_ids)
    materials: dict[int, set[int]] = {}
    shown = session.execute(
        select(PostMedia.post_id, Asset.id)
        .join(Asset, Asset.ref == PostMedia.asset_ref)
        .where(PostMedia.post_id.in_(post_ids))
    )
    for post_id, asset_id in shown:
        materials.setdefault(post_id, set()).add(asset_id)
    assets = set().union(*materials.values())
    viewed = _viewed(session, post_ids, assets, body_ids)
    pulled = _pulled(session, assets)
    return {
        post_id: _reach(post_id, materials.get(post_id, set()), offered[post_id], viewed, pulled)
        for post_id in post_ids
    }


def _viewed(
    session: Session, post_ids: Collection[int], assets: Collection[int], body_ids: Collection[int] | None
) -> Mapping[tuple[SeenThing, int], set[int]]:
    """Return for each of these posts, packs and materials the bodies that opened it."""
    viewed: dict[tuple[SeenThing, int], set[int]] = {}
    views = session.execute(
        select(BodyView.thing, BodyView.thing_id, BodyView.body_id)
        .where(
            or_(
                BodyView.thing.in_((SeenThing.POST, SeenThing.PACK)) & BodyView.thing_id.in_(post_ids),
                (BodyView.thing == SeenThing.ASSET) & BodyView.thing_id.in_(assets),
            ),
            *([] if body_ids is None else [BodyView.body_id.in_(body_ids)]),
        )
        .distinct()
    )
    for thing, thing_id, body_id in views:
        viewed.setdefault((thing, thing_id), set()).add(body_id)
    return viewed


def _pulled(session: Session, assets: Collection[int]) -> Mapping[int, set[int]]:
    """Return for each of these materials the bodies that pulled it."""
    pulled: dict[int, set[int]] = {}
    pulls = session.execute(
        select(AssetUse.asset_id, AssetUse.body_id)
        .where(
            AssetUse.kind == UseKind.DOWNLOADED,
            AssetUse.asset_id.in_(assets),
            AssetUse.body_id.is_not(None),
        )
        .distinct()
    )
    for asset_id, puller in pulls:
        if puller is not None:
            pulled.setdefault(asset_id, set()).add(puller)
    return pulled


def _reach(
    post_id: int,
    materials: Collection[int],
    offered: frozenset[int],
    viewed: Mapping[tuple[SeenThing, int], Collection[int]],
    pulled: Mapping[int, Collection[int]],
) -> Reach:
    downloaded = frozenset(body for one in materials for body in pulled.get(one, ()))
    downloaded |= frozenset(viewed.get((SeenThing.PACK, post_id), ()))
    seen = frozenset(viewed.get((SeenThing.POST, post_id), ()))
    seen |= frozenset(body for one in materials for body in viewed.get((SeenThing.ASSET, one), ()))
    seen |= downloaded
    return Reach(offered | seen, seen, downloaded)


def _offered(session: Session, post_ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return for each post the bodies that somebody stood for while it was offered."""
    first = session.execute(
        select(Publication.post_id, func.min(Publication.published_at))
        .where(Publication.post_id.in_(post_ids), Publication.state == PublicationState.PUBLISHED)
        .group_by(Publication.post_id)
    )
    days = {post_id: at.date() for post_id, at in first if at is not None}
    stood = session.execute(
        select(Membership.body_id, Membership.valid_from, Membership.valid_to)
        .where(Membership.role == Role.LIAISON, Membership.body_id.is_not(None))
        .distinct()
    ).all()
    today = now().date()

    def standing(first_day: date, last_day: date) -> frozenset[int]:
        return frozenset(
            body_id
            for body_id, since, until in stood
            if body_id is not None and since <= last_day and (until is None or until > first_day)
        )

    # Many posts go out on one day: each day is asked about once.
    on_day = {day: standing(day, min(day + OFFERED_FOR, today)) for day in {*days.values(), today}}
    return {post_id: on_day[days.get(post_id, today)] for post_id in post_ids}


def outings(session: Session, asset: Asset, most: int, *, published_only: bool) -> Sequence[Outing]:
    """Return where the material went out or is to go out, the newest first, with links to what is out."""
    link = (
        select(func.min(PublicationPart.remote_url))
        .where(PublicationPart.publication_id == Publication.id, PublicationPart.remote_url != "")
        .scalar_subquery()
    )
    query = (
        select(
            Post, Publication.state, func.coalesce(Publication.published_at, Publication.due_at),
            Account.network, Account.handle, Owner.short_name, link, Publication.payload,
            select(PostMedia.id)
            .where(PostMedia.post_id == Publication.post_id, PostMedia.asset_ref == asset.ref)
            .exists(),
        )
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .where(
            Publication.post_id.in_(posts_with(session, asset)),
            Publication.state.not_in((PublicationState.CANCELLED, PublicationState.EXPIRED)),
        )
        .order_by(Publication.due_at.desc(), Publication.id.desc())
        .limit(most)
    )  # fmt: skip
    if published_only:
        query = query.where(Publication.state == PublicationState.PUBLISHED)
    return [
        Outing(post, state, at, network, handle, owner, url or "")
        for post, state, at, network, handle, owner, url, payload, shows in session.execute(query)
        if shows or asset.ref.encode() in payload
    ]


def pulls(session: Session, asset: Asset, most: int, body_ids: Collection[int] | None) -> Sequence[Pull]:
    """Return who pulled the material, the latest first; of these bodies alone, or of everybody."""
    query = (
        select(Owner.short_name, AssetUse.version, AssetUse.format, AssetUse.at)
        .outerjoin(Owner, Owner.id == AssetUse.body_id)
        .where(AssetUse.asset_id == asset.id, AssetUse.kind == UseKind.DOWNLOADED)
        .order_by(AssetUse.at.desc(), AssetUse.id.desc())
        .limit(most)
    )
    if body_ids is not None:
        query = query.where(AssetUse.body_id.in_(body_ids))
    return [Pull(owner or "", version, kind, at) for owner, version, kind, at in session.execute(query)]


def totals(outings: Sequence[Outing], pulls: Sequence[Pull]) -> Sequence[BodyTotal]:
    """Return what each body made of it, whoever did most first. Pure."""
    made: dict[str, BodyTotal] = {}
    for one in outings:
        if one.state is PublicationState.PUBLISHED:
            made.setdefault(one.owner, BodyTotal(one.owner)).outings += 1
    for pull in pulls:
        total = made.setdefault(pull.owner, BodyTotal(pull.owner))
        total.pulls += 1
        if pull.format:
            total.formats.add(pull.format)
    return sorted(made.values(), key=lambda one: (-one.outings - one.pulls, one.owner))
