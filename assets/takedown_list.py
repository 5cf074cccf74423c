"""The take-down tasks as a page shows them: what to take down, where it is, and what each body answered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from assets.models import Asset, Takedown
from content_calendar.models.directory import Account, Owner
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PublicationState


@dataclass(frozen=True)
class Task:
    """One take-down with what tells it: the material, whose it is, the post, the account, the link."""

    row: Takedown
    asset: Asset
    owner: str
    post: Post | None
    publication_ref: str
    publication_state: PublicationState | None
    handle: str
    network: str
    link: str
    answered_by: str

    @property
    def open(self) -> bool:
        """Return whether it waits for an answer."""
        return self.row.answered_at is None

    @property
    def is_out(self) -> bool:
        """Return whether the material can be seen somewhere, as far as known."""
        return bool(self.link)


@dataclass(frozen=True)
class Tally:
    """How far the bodies have answered about one material."""

    asset: Asset
    asked_at: datetime
    total: int
    answered: int


def owned(owner_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the tasks that these owners see; None sees all."""
    shown: list[ColumnElement[bool]] = [Takedown.closed_at.is_(None)]
    return shown if owner_ids is None else [*shown, Takedown.owner_id.in_(owner_ids)]


def listed(
    session: Session,
    owner_ids: Collection[int] | None,
    *,
    open_only: bool,
    most: int,
    asset_id: int | None = None,
) -> Sequence[Task]:
    """Return the tasks of these owners, or all; those that wait first, then the latest answers. One query."""
    link = (
        select(func.min(PublicationPart.remote_url))
        .where(PublicationPart.publication_id == Takedown.publication_id, PublicationPart.remote_url != "")
        .scalar_subquery()
    )
    query = (
        select(
            Takedown, Asset, Owner.short_name, Post, Publication.ref, Publication.state, Account.handle,
            Account.network, link, Person.name,
        )
        .join(Asset, Asset.id == Takedown.asset_id)
        .outerjoin(Owner, Owner.id == Takedown.owner_id)
        .outerjoin(Post, Post.id == Takedown.post_id)
        .outerjoin(Publication, Publication.id == Takedown.publication_id)
        .outerjoin(Account, Account.id == Publication.account_id)
        .outerjoin(Person, Person.id == Takedown.answered_by_id)
        .where(*owned(owner_ids))
        .order_by(Takedown.answered_at.is_not(None), Asset.id.desc(), Owner.short_name, Takedown.id)
        .limit(most)
    )  # fmt: skip
    if open_only:
        query = query.where(Takedown.answered_at.is_(None))
    if asset_id is not None:
        query = query.where(Takedown.asset_id == asset_id)
    return [
        Task(
            row,
            asset,
            owner or "",
            post,
            ref or "",
            state,
            handle or "",
            network or "",
            url or row.link,
            by or "",
        )
        for row, asset, owner, post, ref, state, handle, network, url, by in session.execute(query)
    ]


def waiting_count(session: Session, owner_ids: Collection[int] | None) -> int:
    """Return how many tasks wait for an answer of these owners, or of anybody."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Takedown)
            .where(*owned(owner_ids), Takedown.answered_at.is_(None))
        )
        or 0
    )


def tallies(session: Session) -> Sequence[Tally]:
    """Return by material how many answered, those with somebody missing first. One query."""
    answered = func.count(Takedown.answered_at)
    rows = session.execute(
        select(Asset, func.max(Takedown.asked_at), func.count(), answered)
        .join(Takedown, Takedown.asset_id == Asset.id)
        .where(*owned(None))
        .group_by(Asset.id)
        .order_by(answered == func.count(), func.max(Takedown.asked_at).desc())
    )
    return [Tally(*row) for row in rows]
