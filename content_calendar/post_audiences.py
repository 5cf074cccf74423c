"""Whom a post speaks to, when that is not whom its theme speaks to.

It is planning, like its theme and its campaigns: nobody reads it in what goes out. So it is no part of the content
that is approved and hashed, and a change of it takes no approval back.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from content_calendar import audiences, audit
from content_calendar.models.audiences import Audience, post_audience
from content_calendar.models.posts import Post

_ORDER = list(Audience)


def own(session: Session, post: Post) -> list[Audience]:
    """Return the post's own audiences in the plan's order; empty when it speaks to its theme's."""
    asked = select(post_audience.c.audience).where(post_audience.c.post_id == post.id)
    return sorted(session.scalars(asked), key=_ORDER.index)


def of_post(session: Session, post: Post) -> list[Audience]:
    """Return whom a post speaks to, loaded with its theme: its own audiences, else its theme's."""
    return own(session, post) or (audiences.of_theme(session, post.theme) if post.theme else [])


def set_own(session: Session, post: Post, wanted: Collection[Audience], *, actor_ref: str) -> None:
    """Say whom a post speaks to; nobody means whoever its theme speaks to."""
    chosen = sorted(set(wanted), key=_ORDER.index)
    if chosen == own(session, post):
        return
    write(session, {post.id: chosen})
    audit.record(session, actor_ref, "post_audiences_set", "post", post.ref, audiences=chosen)


def write(session: Session, wanted: Mapping[int, Sequence[Audience]]) -> None:
    """Write the audiences of posts, by their ids, over what stands: two statements however many they are."""
    if not wanted:
        return
    session.execute(delete(post_audience).where(post_audience.c.post_id.in_(list(wanted))))
    rows = [{"post_id": post_id, "audience": one} for post_id, some in wanted.items() for one in some]
    if rows:
        session.execute(insert(post_audience), rows)


def by_post(session: Session, post_ids: Collection[int]) -> Mapping[int, list[Audience]]:
    """Return the own audiences of these posts; one that has none is left out; one query."""
    found: dict[int, list[Audience]] = {}
    rows = session.execute(
        select(post_audience.c.post_id, post_audience.c.audience).where(
            post_audience.c.post_id.in_(list(post_ids))
        )
    )
    for post_id, audience in rows:
        found.setdefault(post_id, []).append(audience)
    return {post_id: sorted(some, key=_ORDER.index) for post_id, some in found.items()}
