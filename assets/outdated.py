"""Formats that nobody can reach any more: of a logo, a cut, a recipe or a picture that is not in force now.

Only the rows go, in the nightly sweep; their files go in the next one, so that a pack that is being sent keeps them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from assets import renditions
from assets.models import AssetFraming, AssetVersion, Rendition
from assets.renditions import Mark, Source
from content_calendar.db import Database
from content_calendar.models.directory import Owner

# Looked at in one transaction.
_PIECE = 2_000


def drop(database: Database, made_before: datetime, most: int) -> int:
    """Remove the rows of formats that were made before that moment and that nobody can reach; return how many.

    At most so many: the others go another night.
    """
    dropped, after = 0, 0
    while dropped < most:
        with database.reading() as session:
            rows = _next(session, after, made_before)
            outdated = _outdated(session, rows)[: most - dropped]
        if outdated:
            with database.transaction() as session:
                session.execute(delete(Rendition).where(Rendition.id.in_(outdated)))
        dropped += len(outdated)
        if len(rows) < _PIECE:
            break
        after = rows[-1].id
    return dropped


def _next(session: Session, after: int, made_before: datetime) -> Sequence[Rendition]:
    return session.scalars(
        select(Rendition)
        .where(Rendition.id > after, Rendition.created_at < made_before)
        .order_by(Rendition.id)
        .limit(_PIECE)
    ).all()


def _outdated(session: Session, rows: Sequence[Rendition]) -> list[int]:
    """Return those of the rows that are made of nothing that is in force. Four queries at most."""
    if not rows:
        return []
    marks = {Mark().key} | {mark.key for mark in _marks(session).values()}
    recipes = {slug: one.recipe for slug, one in renditions.formats().items()}
    cuts = _cuts(session, {row.source_sha256 for row in rows})
    return [
        row.id
        for row in rows
        if row.mark not in marks
        or recipes.get(row.format) != row.recipe
        or (row.source_sha256, row.framing) not in cuts
    ]


def _marks(session: Session) -> Mapping[int, Mark]:
    return renditions.marks_of(session, list(session.scalars(select(Owner.id))))


def _cuts(session: Session, sources: Collection[str]) -> set[tuple[str, str]]:
    """Return how each of these pictures is cut today; one that is no version's any more is not among them."""
    found = session.execute(
        select(AssetVersion.sha256, AssetFraming.cut, AssetFraming.across, AssetFraming.down)
        .outerjoin(AssetFraming, AssetFraming.version_id == AssetVersion.id)
        .where(AssetVersion.sha256.in_(sources))
    )
    # A left join types its right side as always there.
    cuts = [(sha256, () if not cut else (cut, across, down)) for sha256, cut, across, down in found]
    return {(sha256, Source(sha256, "", *cut).framing) for sha256, cut in cuts}
