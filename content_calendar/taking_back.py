"""An import taken back: its drafts are put away, what it changed is as it was, its themes leave the calendar.

Only while nothing of it has gone on to review: what somebody approved is no longer the sheet's to take away.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from content_calendar import audit, planning, posts
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.importing import ImportOverError
from content_calendar.models.exchange import (
    ImportAct,
    ImportActKind,
    ImportStage,
    SheetImport,
    SheetKey,
)
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme, ThemeSpan
from content_calendar.models.posts import Post, PostVersion
from content_calendar.moves import move
from content_calendar.sheet_posts import keep_notes, notes, values_of
from content_calendar.sheet_values import digest_of
from content_calendar.states import PostEvent, PostState
from content_calendar.taking_in import moment_of

_LOOSE = frozenset({PostState.DRAFT, PostState.DISCARDED})


class ImportGoneOnError(ConflictError):
    """Something of the import is in review or approved: it can no longer be taken back. ``count`` is how much."""

    code = "import_gone_on"


def gone_on(session: Session, one: SheetImport) -> int:
    """Return how many posts of the import are past being drafts; one query."""
    made = select(ImportAct.post_id).where(ImportAct.import_id == one.id, ImportAct.post_id.is_not(None))
    states = session.scalars(
        select(Post.state).where(
            Post.id.in_(made), Post.state.not_in(_LOOSE) | Post.approved_version_id.is_not(None)
        )
    )
    return len(states.all())


def take_back(session: Session, one: SheetImport, person: Person) -> int:
    """Take a held import back; return how many changed posts were left, because somebody wrote in them since.

    Raises ImportOverError and ImportGoneOnError.
    """
    if one.stage is not ImportStage.DONE:
        raise ImportOverError
    if count := gone_on(session, one):
        raise ImportGoneOnError(count=count)
    acts = session.scalars(
        select(ImportAct).where(ImportAct.import_id == one.id).order_by(ImportAct.id)
    ).all()
    made = [act.post_id for act in acts if act.kind is ImportActKind.POST_MADE and act.post_id]
    move(session, Post, PostEvent.DISCARD, [Post.id.in_(made)])
    session.execute(delete(SheetKey).where(SheetKey.post_id.in_(made)))
    left = sum(not _restore(session, act, person) for act in acts if act.kind is ImportActKind.POST_CHANGED)
    _take_themes_back(session, acts, person)
    one.stage, one.undone_at = ImportStage.UNDONE, now()
    session.flush()
    audit.record(session, person.ref, "import_undone", "sheet_import", one.ref, left=left)
    return left


def _restore(session: Session, act: ImportAct, person: Person) -> bool:
    """Write a post as it was before the import; return False when somebody has written in it since."""
    ref = session.scalars(select(Post.ref).where(Post.id == act.post_id)).one()
    post = posts.find(session, ref)
    noted = notes(session, [post.id]).get(post.id, {})
    version = session.get(PostVersion, act.was["version"])
    if version is None or digest_of(values_of(post, noted)) != act.digest:
        return False
    draft = posts.Draft(
        content=posts.content_of(version),
        account_ids=act.was["accounts"],
        title=act.was["title"],
        theme_id=act.was["theme"],
        campaign_ids=act.was["campaigns"],
        due=moment_of(act.was["local"], act.was["zone"]),
        contribution_id=post.contribution_id,
        origin_url=post.origin_url,
    )
    posts.save(session, post, person, draft, post.edition, timedelta())
    keep_notes(session, {post.id: act.was["note"]})
    session.execute(delete(SheetKey).where(SheetKey.post_id == post.id))
    return True


def _take_themes_back(session: Session, acts: Sequence[ImportAct], person: Person) -> None:
    for act in reversed(acts):
        if act.span_ref and (span := _span(session, act.span_ref)) is not None:
            if act.kind is ImportActKind.THEME_MOVED and act.was_on and act.was_until:
                planning.move_theme(session, span, act.was_on, act.was_until, actor_ref=person.ref)
            elif act.kind is ImportActKind.THEME_PLACED:
                planning.remove_theme(session, span, actor_ref=person.ref)
        if act.kind is ImportActKind.THEME_MADE:
            theme = session.get_one(Theme, act.theme_id)
            in_use = exists().where(Post.theme_id == theme.id, Post.state != PostState.DISCARDED)
            if not session.scalar(select(in_use)):
                planning.archive_theme(session, theme, actor_ref=person.ref)


def _span(session: Session, ref: str) -> ThemeSpan | None:
    found = session.scalars(select(ThemeSpan.ref).where(ThemeSpan.ref == ref)).one_or_none()
    return planning.find_span(session, found) if found else None
