"""Posts: write one, save it, put it away. Reviews are in ``review.py``, sendings in ``publications.py``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session, selectinload

from content_calendar import audit, publications, recent_likeness
from content_calendar.clock import now
from content_calendar.content import Content, PostKind, as_json, from_json, hash_of
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.posts import (
    Post,
    PostMedia,
    PostVersion,
    Review,
    ReviewOutcome,
    post_account,
    post_campaign,
)
from content_calendar.models.publications import Publication
from content_calendar.moves import move_one
from content_calendar.states import PostEvent, PostState, PublicationState


class PostNotFoundError(NotFoundError):
    """There is no post of that reference."""

    code = "post_not_found"


class EmptyPostError(InvalidError):
    """A post without a word says nothing."""

    code = "post_empty"


class TargetMissingError(InvalidError):
    """A repost is nothing without the link of what it shares."""

    code = "target_missing"


class DueInPastError(InvalidError):
    """The moment has passed; ``local`` is what was asked for."""

    code = "due_in_past"


class DueMissingError(InvalidError):
    """A scheduled post keeps a moment; to take it off the calendar its publications are cancelled."""

    code = "due_missing"


class EditedMeanwhileError(ConflictError):
    """Somebody saved the post after this person opened it; ``by`` is who and ``at`` when."""

    code = "post_edited_meanwhile"


class PostIsOutError(ConflictError):
    """Part of the post is already out, or on its way: it can no longer be changed."""

    code = "post_is_out"


# Acts after which a form that was opened before tells of a post that stands no more.
_CHANGES = (
    "post_created",
    "post_saved",
    "post_moved",
    "post_theme_set",
    "post_campaign_added",
    "post_campaign_removed",
)
_STANDING = ("state", "edition", "version_id", "approved_version_id", "due_at", "due_local", "due_zone")


@dataclass(frozen=True)
class Due:
    """A moment as a person meant it, and the same in UTC."""

    at: datetime
    local: datetime
    zone: str


@dataclass(frozen=True)
class Draft:
    """What a person wrote: the content, and what surrounds it."""

    content: Content
    account_ids: Sequence[int] = ()
    title: str = ""
    theme_id: int | None = None
    campaign_ids: Sequence[int] = ()
    due: Due | None = None
    contribution_id: int | None = None
    origin_url: str = ""


def lock(session: Session, post: Post) -> None:
    """Keep the post still until the transaction ends, and read anew how it stands.

    What a page was opened with may be old: on PostgreSQL another person's decision can be committed
    between reading the post and writing to it. SQLite has one writer at a time.
    """
    session.refresh(post, _STANDING, with_for_update=True)


def find(session: Session, ref: str) -> Post:
    """Return the post of that reference with all that its page shows; raise PostNotFoundError."""
    post = session.scalars(
        select(Post)
        .where(Post.ref == ref)
        .options(
            selectinload(Post.author),
            selectinload(Post.theme),
            selectinload(Post.campaigns),
            selectinload(Post.accounts),
            selectinload(Post.media),
            selectinload(Post.version),
        )
        # Also over what this transaction has already touched: its relations are read anew.
        .execution_options(populate_existing=True)
    ).one_or_none()
    if post is None:
        raise PostNotFoundError(ref=ref)
    return post


def content_of(version: PostVersion) -> Content:
    """Return what that version says."""
    return from_json(version.content)


def create(session: Session, author: Person, draft: Draft) -> Post:
    """Write a new post; raise EmptyPostError, TargetMissingError or DueInPastError."""
    _check(draft, None)
    post = Post(author_id=author.id, kind=PostKind(draft.content.kind))
    session.add(post)
    session.flush()
    _write(session, post, author, draft)
    audit.record(session, author.ref, "post_created", "post", post.ref)
    return post


def save(
    session: Session, post: Post, editor: Person, draft: Draft, edition: int, tolerance: timedelta
) -> PostVersion:
    """Save what ``editor`` wrote over edition number ``edition``; return the version that holds it.

    New content takes an approved or scheduled post back to a draft: its publications that have not
    begun are cancelled. A save that changes nothing of the content keeps its review and its approval,
    and moves the publications when the moment is another; ``tolerance`` is how late they may then be.
    Raises EditedMeanwhileError, PostIsOutError, EmptyPostError, TargetMissingError, DueInPastError or
    DueMissingError.
    """
    _check(draft, post)
    taken = session.scalars(
        update(Post)
        .where(Post.id == post.id, Post.edition == edition)
        .values(edition=Post.edition + 1, changed_at=now())
        .returning(Post.id)
        .execution_options(synchronize_session="fetch")
    ).all()
    if not taken:
        raise _edited_meanwhile(session, post)
    lock(session, post)
    last = session.get(PostVersion, post.version_id) if post.version_id else None
    changed = last is None or hash_of(as_json(draft.content)) != last.content_hash
    if changed:
        _take_back(session, post, editor)
    elif post.state in {PostState.DONE, PostState.DISCARDED}:
        raise PostIsOutError
    elif post.state is PostState.SCHEDULED and (draft.due.at if draft.due else None) != post.due_at:
        if draft.due is None:
            raise DueMissingError(field="due")
        _move_publications(session, post, editor, draft.due, tolerance)
    version = _write(session, post, editor, draft)
    audit.record(session, editor.ref, "post_saved", "post", post.ref, version=version.n)
    return version


def reschedule(session: Session, post: Post, person: Person, due: Due, tolerance: timedelta) -> None:
    """Move the post to another moment; its approval stays, the gates run again.

    Raises DueInPastError, or PostIsOutError when a publication has already begun.
    """
    lock(session, post)
    _check_due(due)
    if post.state is PostState.DONE:
        raise PostIsOutError
    if post.state is PostState.SCHEDULED:
        _move_publications(session, post, person, due, tolerance)
    _set_due(post, due)
    changed_beside(post)
    audit.record(session, person.ref, "post_moved", "post", post.ref, due=due.at.isoformat())


def changed_beside(post: Post) -> None:
    """Note a change that was not made in the composer: whoever has the post open there is told when they save.

    Otherwise their form, which still says how it stood, would take the change back unseen.
    """
    post.edition, post.changed_at = post.edition + 1, now()


def discard(session: Session, post: Post, person: Person) -> None:
    """Put a draft away; ``restore`` brings it back."""
    move_one(session, Post, PostEvent.DISCARD, post.id)
    audit.record(session, person.ref, "post_discarded", "post", post.ref)


def restore(session: Session, post: Post, person: Person) -> None:
    """Bring a post that was put away back as a draft."""
    move_one(session, Post, PostEvent.RESTORE, post.id)
    audit.record(session, person.ref, "post_restored", "post", post.ref)


def versions(session: Session, post: Post) -> Sequence[PostVersion]:
    """Return the post's versions, the newest first."""
    return session.scalars(
        select(PostVersion)
        .where(PostVersion.post_id == post.id)
        .options(selectinload(PostVersion.author))
        .order_by(PostVersion.n.desc())
    ).all()


def version(session: Session, post: Post, number: int) -> PostVersion | None:
    """Return one version of the post by its number; None when it has none."""
    return session.scalars(
        select(PostVersion).where(PostVersion.post_id == post.id, PostVersion.n == number)
    ).one_or_none()


def _check(draft: Draft, post: Post | None) -> None:
    if draft.content.kind == PostKind.REPOST:
        if not draft.content.target:
            raise TargetMissingError(field="target")
    elif not any(part.strip() for part in draft.content.parts):
        raise EmptyPostError(field="text")
    # A moment that was right when it was chosen must not keep a person from saving a word.
    if draft.due is not None and (post is None or post.due_at != draft.due.at):
        _check_due(draft.due)


def _check_due(due: Due) -> None:
    if due.at <= now():
        raise DueInPastError(field="due", local=due.local)


def _edited_meanwhile(session: Session, post: Post) -> EditedMeanwhileError:
    """Return who changed the post last, in the composer or beside it: each change is in the audit."""
    by, at = session.execute(
        select(Person.name, AuditEvent.at)
        .join(Person, Person.ref == AuditEvent.actor_ref)
        .where(
            AuditEvent.subject_kind == "post",
            AuditEvent.subject_ref == post.ref,
            AuditEvent.act.in_(_CHANGES),
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    ).one()
    return EditedMeanwhileError(by=by, at=at)


def _take_back(session: Session, post: Post, editor: Person) -> None:
    if post.state is PostState.IN_REVIEW:
        move_one(session, Post, PostEvent.WITHDRAW, post.id)
        session.execute(
            update(Review)
            .where(Review.post_id == post.id, Review.outcome == ReviewOutcome.WAITING)
            .values(outcome=ReviewOutcome.WITHDRAWN, decided_by_id=editor.id, decided_at=now())
        )
    elif post.state in {PostState.APPROVED, PostState.SCHEDULED}:
        if post.state is PostState.SCHEDULED:
            _withdraw_publications(session, post, editor)
        move_one(session, Post, PostEvent.REOPEN, post.id)
        audit.record(session, editor.ref, "post_reopened", "post", post.ref)
    elif post.state is not PostState.DRAFT:
        raise PostIsOutError


_NOT_BEGUN = frozenset({PublicationState.SCHEDULED, PublicationState.CANCELLED, PublicationState.EXPIRED})


def _publications(session: Session, post: Post) -> Sequence[Publication]:
    return session.scalars(select(Publication).where(Publication.post_id == post.id)).all()


def _move_publications(session: Session, post: Post, person: Person, due: Due, tolerance: timedelta) -> None:
    moment = publications.PlannedMoment(due.at, _local(due), due.zone)
    _require_nothing_out(session, post)
    for one in _publications(session, post):
        if one.state is PublicationState.SCHEDULED:
            publications.replan(session, one, moment, tolerance, person.ref)


def _withdraw_publications(session: Session, post: Post, editor: Person) -> None:
    publications.withdraw_all(session, post, editor.ref)
    # What moved away meanwhile, or waits for a person with a doubt, may be out: it keeps its words.
    _require_nothing_out(session, post)


def _require_nothing_out(session: Session, post: Post) -> None:
    # Of a thread whose rest was cancelled, the beginning is out all the same.
    begun = or_(Publication.state.not_in(_NOT_BEGUN), publications.partly_out())
    if session.execute(select(Publication.id).where(Publication.post_id == post.id, begun)).first():
        raise PostIsOutError


def _write(session: Session, post: Post, editor: Person, draft: Draft) -> PostVersion:
    value = as_json(draft.content)
    content_hash = hash_of(value)
    post.title = draft.title
    post.theme_id = draft.theme_id
    post.kind = PostKind(draft.content.kind)
    post.target_url = draft.content.target
    post.language = draft.content.language
    post.contribution_id = draft.contribution_id
    post.origin_url = draft.origin_url
    _set_due(post, draft.due)
    _link(session, post, draft)
    recent_likeness.remember(session, post.id, draft.content)
    last = session.scalars(
        select(PostVersion).where(PostVersion.post_id == post.id).order_by(PostVersion.n.desc()).limit(1)
    ).one_or_none()
    if last is not None and last.content_hash == content_hash:
        return last
    version = PostVersion(
        post_id=post.id,
        n=(last.n if last else 0) + 1,
        content=value,
        content_hash=content_hash,
        author_id=editor.id,
    )
    session.add(version)
    session.flush()
    post.version_id = version.id
    session.flush()
    session.expire(post, ["version"])
    return version


def _link(session: Session, post: Post, draft: Draft) -> None:
    session.execute(delete(post_campaign).where(post_campaign.c.post_id == post.id))
    session.execute(delete(post_account).where(post_account.c.post_id == post.id))
    session.execute(delete(PostMedia).where(PostMedia.post_id == post.id))
    if draft.campaign_ids:
        session.execute(
            insert(post_campaign), [{"post_id": post.id, "campaign_id": i} for i in draft.campaign_ids]
        )
    if draft.account_ids:
        session.execute(
            insert(post_account), [{"post_id": post.id, "account_id": i} for i in draft.account_ids]
        )
    session.add_all(
        PostMedia(
            post_id=post.id,
            part=medium.part,
            position=position,
            asset_ref=medium.asset_ref,
            asset_version=medium.asset_version,
            sha256=medium.sha256,
            alt_text=medium.alt_text,
            crop=dict(medium.crop) if medium.crop else None,
        )
        for position, medium in enumerate(draft.content.media, start=1)
    )
    session.flush()
    session.expire(post, ["campaigns", "accounts", "media"])


def _local(due: Due) -> str:
    return due.local.strftime("%Y-%m-%dT%H:%M:%S")


def _set_due(post: Post, due: Due | None) -> None:
    post.due_at = due.at if due else None
    post.due_local = _local(due) if due else ""
    post.due_zone = due.zone if due else ""
