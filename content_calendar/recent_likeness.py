"""Posts of these weeks that say nearly what a text says: told to whoever writes it, before others tell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.content import Content, PostKind, from_json
from content_calendar.likeness import alike, keys
from content_calendar.models.composing import PostTextKey
from content_calendar.models.posts import Post, PostVersion
from content_calendar.states import PostState

RECENT = timedelta(days=60)
"""Followers forget; the calendar of a bimester does not repeat itself."""
_MOST_COMPARED = 12

_SHARING = (
    select(Post.ref, Post.title, PostVersion.content)
    .join(PostVersion, PostVersion.id == Post.version_id)
    .where(
        Post.id.in_(
            select(PostTextKey.post_id).where(PostTextKey.key.in_(bindparam("keys", expanding=True)))
        ),
        Post.id != bindparam("post_id"),
        Post.changed_at > bindparam("since"),
        Post.state != PostState.DISCARDED,
    )
    .order_by(Post.changed_at.desc())
    .limit(_MOST_COMPARED)
)


@dataclass(frozen=True)
class Recent:
    """A post that says nearly the same."""

    ref: str
    title: str


def text_of(content: Content) -> str:
    """Return the words that are compared: those of the base, all parts."""
    return "" if content.kind == PostKind.REPOST else "\n".join(content.parts)


def remember(session: Session, post_id: int, content: Content) -> None:
    """Keep the keys of what a post says now, in place of those of what it said."""
    session.execute(delete(PostTextKey).where(PostTextKey.post_id == post_id))
    if said := keys(text_of(content)):
        session.execute(insert(PostTextKey), [{"post_id": post_id, "key": key} for key in said])


def sharing(session: Session, said: Sequence[int], post_id: int | None) -> Sequence[tuple[Recent, str]]:
    """Return recent posts that share one of these keys, each with its words; one query, none without keys."""
    if not said:
        return []
    rows = session.execute(_SHARING, {"keys": list(said), "post_id": post_id or 0, "since": now() - RECENT})
    return [(Recent(ref, title), text_of(from_json(content))) for ref, title, content in rows]


def first_alike(text: str, others: Sequence[tuple[Recent, str]]) -> Recent | None:
    """Return the first of these posts that says nearly what ``text`` says."""
    return next((one for one, words in others if alike(text, words)), None)
