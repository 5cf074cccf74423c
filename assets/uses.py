"""Where a material was used: by whom, in which post, sent where, pulled by whom.

Read from what is there: a publication's frozen bytes say what it shows, whatever its post shows by now.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from assets.models import Asset, AssetUse, UsedAs, UseKind
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post, PostMedia
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PartState, PostState, PublicationState

# Nothing of these is out or will go out, unless a part of them is.
_NOWHERE = frozenset({PublicationState.CANCELLED, PublicationState.EXPIRED, PublicationState.FAILED})


@dataclass(frozen=True)
class FoundUse:
    """One use of a material; ``owner_id`` is None for the commission's own staff."""

    used_as: UsedAs
    key: str
    owner_id: int | None
    post_id: int | None = None
    publication_id: int | None = None
    link: str = ""


def posts_with(session: Session, asset: Asset) -> set[int]:
    """Return the posts that show the material, or once did."""
    shown = select(PostMedia.post_id).where(PostMedia.asset_ref == asset.ref)
    composed = select(AssetUse.post_id).where(AssetUse.asset_id == asset.id, AssetUse.post_id.is_not(None))
    return set(session.scalars(shown.union(composed)))


def uses_of(session: Session, asset: Asset, until: datetime) -> list[FoundUse]:
    """Return every use of the material: its publications, posts without one, and who pulled it ``until`` then."""
    posts = posts_with(session, asset)
    showing = set(session.scalars(select(PostMedia.post_id).where(PostMedia.asset_ref == asset.ref)))
    sent = list(_publications(session, asset.ref, posts, showing))
    bare = session.scalars(
        select(Post.id)
        .where(Post.id.in_(showing - {one.post_id for one in sent}), Post.state != PostState.DISCARDED)
        .order_by(Post.id)
    )
    pulled = session.scalars(
        select(AssetUse.body_id)
        .where(AssetUse.asset_id == asset.id, AssetUse.kind == UseKind.DOWNLOADED, AssetUse.at <= until)
        .distinct()
        .order_by(AssetUse.body_id)
    )
    return [
        *sent,
        *(FoundUse(UsedAs.POST, f"post:{post_id}", None, post_id) for post_id in bare),
        *(FoundUse(UsedAs.DOWNLOAD, f"download:{body_id or 0}", body_id) for body_id in pulled),
    ]


def _publications(
    session: Session, ref: str, posts: Collection[int], showing: Collection[int]
) -> Iterator[FoundUse]:
    a_part_is_out = exists().where(
        PublicationPart.publication_id == Publication.id, PublicationPart.state == PartState.PUBLISHED
    )
    rows = session.execute(
        select(
            Publication.id, Publication.post_id, Publication.state, Publication.payload, Account.owner_id,
            a_part_is_out.label("is_out"),
        )
        .join(Account, Account.id == Publication.account_id)
        .where(Publication.post_id.in_(posts))
        .order_by(Publication.id)
    )  # fmt: skip
    for publication_id, post_id, state, payload, owner_id, is_out in rows:
        # Its reference is 12 letters of our own making: the frozen bytes hold it only if they show the material.
        shows = ref.encode() in payload or post_id in showing
        if shows and (is_out or state not in _NOWHERE):
            yield FoundUse(
                UsedAs.PUBLICATION, f"publication:{publication_id}", owner_id, post_id, publication_id
            )
