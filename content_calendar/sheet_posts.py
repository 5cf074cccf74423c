"""The posts and themes of a bimester as rows of its sheet: for the export, and to compare an import with."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from content_calendar import post_audiences
from content_calendar.bimesters import bimester_span
from content_calendar.content import Content, PostKind, from_json
from content_calendar.models.audiences import Audience
from content_calendar.models.exchange import SheetKey, SheetNote
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.models.posts import Post
from content_calendar.sheet_columns import Column
from content_calendar.sheet_values import (
    PART_MARK,
    KnownPost,
    KnownSpan,
    Values,
    digest_of,
    parts_of,
    title_from,
)
from content_calendar.states import PostState

_MARK_LENGTH = 10
_EXPORTED = re.compile(rf"([a-z0-9]{{12}})-([0-9a-f]{{{_MARK_LENGTH}}})")
_WRITABLE = frozenset({PostKind.POST, PostKind.THREAD})


@dataclass(frozen=True)
class Standing:
    """A post or a theme's place as it stands, with its key; ``state`` is a post's."""

    key: str
    values: Values
    state: PostState | None = None


def key_of_post(ref: str, values: Values) -> str:
    """Return the key of an exported row: the post, and how it stood when it went out."""
    return f"{ref}-{digest_of(values)[:_MARK_LENGTH]}"


def key_of_span(ref: str) -> str:
    """Return the key of a theme's place."""
    return f"tema-{ref}"


def _loaded() -> tuple[Any, ...]:
    return (
        selectinload(Post.theme),
        selectinload(Post.accounts),
        selectinload(Post.campaigns),
        selectinload(Post.version),
    )


def values_of(post: Post, note: Mapping[str, str]) -> Values:
    """Return the row of a post, loaded with all that it tells."""
    content = from_json(post.version.content) if post.version else Content(parts=())
    parts = parts_of(f"\n{PART_MARK}\n".join(content.parts))
    if content.kind == PostKind.QUOTE and content.target not in " ".join(parts):
        parts = (*parts[:-1], "\n".join([*parts[-1:], content.target]))
    return Values(
        theme=post.theme.title if post.theme else "",
        theme_ref=post.theme.ref if post.theme else "",
        local=datetime.fromisoformat(post.due_local) if post.due_local else None,
        zone=post.due_zone,
        accounts=tuple(sorted(one.ref for one in post.accounts)),
        title=" ".join(post.title.split()) or title_from(parts),
        parts=parts,
        campaigns=tuple(one.slug for one in post.campaigns),
        noted={name: said for name, said in note.items() if said},
        target=content.target if content.kind == PostKind.REPOST else "",
    )


def notes(session: Session, post_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Return what the rows of these posts say beside their content, their own audiences too; two queries."""
    rows = session.execute(select(SheetNote.post_id, SheetNote.said).where(SheetNote.post_id.in_(post_ids)))
    found = {post_id: dict(said) for post_id, said in rows}
    for post_id, some in post_audiences.by_post(session, post_ids).items():
        found.setdefault(post_id, {})[Column.AUDIENCE.value] = " ".join(some)
    return found


def keep_notes(session: Session, said: Mapping[int, Mapping[str, str]]) -> None:
    """Keep what the rows of these posts say beside their content, over what was kept; what is empty is taken away."""
    if not said:
        return
    wanted = {
        post_id: [Audience(one) for one in noted.get(Column.AUDIENCE, "").split()]
        for post_id, noted in said.items()
    }
    post_audiences.write(session, wanted)
    session.execute(delete(SheetNote).where(SheetNote.post_id.in_(list(said))))
    for post_id, noted in said.items():
        if rest := {name: value for name, value in noted.items() if name != Column.AUDIENCE.value and value}:
            session.add(SheetNote(post_id=post_id, said=rest))


def standing(
    session: Session, year: int, number: int, states: Collection[PostState]
) -> tuple[list[Standing], list[Standing]]:
    """Return the themes' places and the posts of a bimester, each in order of time: nine queries.

    ``states`` are those of the posts that the reader is shown.
    """
    first, last = bimester_span(year, number)
    posts = session.scalars(
        select(Post)
        .where(
            Post.due_local >= first.isoformat(),
            Post.due_local <= f"{last.isoformat()}T23:59:59",
            Post.state.in_(set(states) - {PostState.DISCARDED}),
        )
        .options(*_loaded())
        .order_by(Post.due_local, Post.id)
    ).all()
    noted = notes(session, [post.id for post in posts])
    found = []
    for post in posts:
        values = values_of(post, noted.get(post.id, {}))
        found.append(Standing(key_of_post(post.ref, values), values, post.state))
    return _places(session, year, number), found


def _places(session: Session, year: int, number: int) -> list[Standing]:
    return [
        Standing(
            key_of_span(ref),
            Values(
                theme=title, theme_ref=theme_ref, local=datetime.combine(starts_on, time()), until=ends_on
            ),
        )
        for ref, theme_ref, title, starts_on, ends_on in session.execute(_spans(year, number))
    ]


def _spans(year: int, number: int) -> Any:  # noqa: ANN401 -- a Select of five columns
    first, last = bimester_span(year, number)
    return (
        select(ThemeSpan.ref, Theme.ref, Theme.title, ThemeSpan.starts_on, ThemeSpan.ends_on)
        .join(Theme, Theme.id == ThemeSpan.theme_id)
        .where(ThemeSpan.starts_on >= first, ThemeSpan.starts_on <= last, Theme.archived_at.is_(None))
        .order_by(ThemeSpan.starts_on, Theme.title, ThemeSpan.id)
    )


def known_spans(session: Session, year: int, number: int) -> dict[str, KnownSpan]:
    """Return the places of a bimester's themes, by their keys; one query."""
    return {
        key_of_span(ref): KnownSpan(ref, theme_ref, starts_on, ends_on)
        for ref, theme_ref, _title, starts_on, ends_on in session.execute(_spans(year, number))
    }


def known_posts(session: Session, keys: Sequence[str]) -> dict[str, KnownPost]:
    """Return the posts that these keys name; at most nine queries. One that was put away is no longer named."""
    exported = {key: match for key in keys if (match := _EXPORTED.fullmatch(key))}
    rows = session.execute(
        select(SheetKey.key, SheetKey.post_id, SheetKey.digest).where(SheetKey.key.in_(keys))
    )
    kept = {key: (post_id, digest) for key, post_id, digest in rows}
    wanted = Post.id.in_({post_id for post_id, _ in kept.values()}) | Post.ref.in_(
        {m[1] for m in exported.values()}
    )
    posts = session.scalars(
        select(Post).where(wanted, Post.state != PostState.DISCARDED).options(*_loaded())
    ).all()
    noted = notes(session, [post.id for post in posts])
    by_id = {post.id: post for post in posts}
    by_ref = {post.ref: post for post in posts}
    digests = {post.id: digest_of(values_of(post, noted.get(post.id, {}))) for post in posts}
    found: dict[str, KnownPost] = {}
    for key in keys:
        post_id, base = kept.get(key, (0, ""))
        post = by_id.get(post_id) or (by_ref.get(exported[key][1]) if key in exported else None)
        if post is None:
            continue
        digest = digests[post.id]
        if not base and digest.startswith(exported[key][2]):
            base = digest
        writable = post.state is PostState.DRAFT and post.kind in _WRITABLE
        found[key] = KnownPost(post.ref, digest, base, writable)
    return found
