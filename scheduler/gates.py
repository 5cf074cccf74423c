"""The gates: what must still be true at the moment of sending, whatever was true when it was approved.

Each gate is a function that returns why a publication may not go out, or None. They run before anything is
prepared, and again in the transaction that begins to send.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from assets.library import clearance_of
from content_calendar.models.directory import (
    Account,
    Body,
    SilenceException,
    SilenceWindow,
    Standing,
)
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.payloads import digest, thaw
from content_calendar.sending import Said
from content_calendar.silence import EVERYBODY, Window, may_speak
from content_calendar.states import HoldReason, PostState

# A post is done when all its publications rest; one that a person plans again still says what was approved.
_OUT_OF_REVIEW = frozenset({PostState.SCHEDULED, PostState.DONE})


@dataclass(frozen=True)
class Closed:
    """A gate that is closed: why, and what a person should know."""

    reason: HoldReason
    said: Said


def load(session: Session, publication_id: int) -> Publication:
    """Return the publication with what the gates need; its post cannot be changed until this commits."""
    publication = session.execute(
        select(Publication)
        .where(Publication.id == publication_id)
        .options(
            joinedload(Publication.account).joinedload(Account.owner),
            joinedload(Publication.post),
            joinedload(Publication.parts),
        )
        .execution_options(populate_existing=True)
    ).unique()
    return publication.scalar_one()


def hold_still(session: Session, post_id: int) -> None:
    """Keep the post as it is until the transaction ends, where the database locks rows."""
    session.execute(select(Post.id).where(Post.id == post_id).with_for_update(read=True))


def judge(session: Session, publication: Publication, now: datetime) -> Closed | None:
    """Return the first gate that is closed for the publication, None when it may go out."""
    for gate in GATES:
        closed = gate(session, publication, now)
        if closed is not None:
            return closed
    return None


def _content(session: Session, publication: Publication, now: datetime) -> Closed | None:  # noqa: ARG001 -- every gate is asked alike
    """Let only what was approved go out."""
    post = publication.post
    approved = session.get(PostVersion, post.approved_version_id) if post.approved_version_id else None
    if post.state not in _OUT_OF_REVIEW or approved is None:
        return Closed(HoldReason.CONTENT, Said("not_approved"))
    if approved.id != publication.version_id or approved.content_hash != publication.content_hash:
        return Closed(HoldReason.CONTENT, Said("content_changed"))
    if digest(publication.payload) != publication.payload_sha256:
        return Closed(HoldReason.CONTENT, Said("payload_damaged"))
    return None


def _account(session: Session, publication: Publication, now: datetime) -> Closed | None:  # noqa: ARG001 -- every gate is asked alike
    """Let only accounts speak that are still official, and still ours to publish with."""
    account = publication.account
    today = now.astimezone(ZoneInfo(account.owner.zone)).date()
    ended = [one for one in (account.valid_to, account.owner.valid_to) if one is not None and one <= today]
    if account.standing is not Standing.IN_FORCE or ended:
        return Closed(HoldReason.ACCOUNT, Said("account_not_in_force", {"standing": account.standing.value}))
    if account.connected_at is None:
        return Closed(HoldReason.ACCOUNT, Said("account_not_connected"))
    return None


def _silence(session: Session, publication: Publication, now: datetime) -> Closed | None:
    """Keep the owner's electoral silence, unless this post has a reasoned exception."""
    owner = publication.account.owner
    today = now.astimezone(ZoneInfo(owner.zone)).date()
    state_iso = owner.state_iso if isinstance(owner, Body) else ""
    excepted = select(SilenceException.window_id).where(SilenceException.post_id == publication.post_id)
    rows = session.scalars(
        select(SilenceWindow).where(
            SilenceWindow.starts_on <= today,
            SilenceWindow.ends_on >= today,
            or_(SilenceWindow.body_id.is_(None), SilenceWindow.body_id == owner.id),
            SilenceWindow.id.not_in(excepted),
        )
    )
    windows = [
        Window(row.starts_on, row.ends_on, _scope(row, owner.slug), row.reason, row.source) for row in rows
    ]
    verdict = may_speak(owner.slug, state_iso, today, windows, ())
    if verdict.allowed or verdict.window is None:
        return None
    return Closed(
        HoldReason.SILENCE,
        Said("in_silence", {"until": verdict.window.ends_on.isoformat(), "reason": verdict.window.reason}),
    )


def _scope(window: SilenceWindow, owner_slug: str) -> str:
    return owner_slug if window.body_id is not None else window.state_iso or EVERYBODY


def _materials(session: Session, publication: Publication, now: datetime) -> Closed | None:
    """Let only materials out that may still be used: not expired, embargoed, put away or without consent."""
    parts = thaw(publication.payload, publication.payload_sha256).parts
    refs = {image.asset_ref for part in parts for image in part.images}
    zone = ZoneInfo(publication.account.owner.zone)
    for clearance in clearance_of(session, refs, now, zone).values():
        blocking = next((reason for reason in clearance.reasons if reason.blocks), None)
        if blocking is not None:
            return Closed(HoldReason.MATERIAL, Said(blocking.code, dict(blocking.params)))
    return None


def _lateness(session: Session, publication: Publication, now: datetime) -> Closed | None:  # noqa: ARG001 -- every gate is asked alike
    """Miss what is late."""
    return Closed(HoldReason.LATE, Said("late")) if now > publication.late_after else None


GATES: tuple[Callable[[Session, Publication, datetime], Closed | None], ...] = (
    _content,
    _account,
    _silence,
    _materials,
    _lateness,
)
