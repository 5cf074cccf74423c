"""What is told of an event: references and what is public of them, so that whoever hears it asks for the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from assets.models import Asset
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.models.reports import Report
from content_calendar.models.webhooks import EventKind, WebhookEvent
from scheduler.models import Replication


@dataclass(frozen=True)
class Facts:
    """What is told of one event, and to whom: to all, or to the commission and one body."""

    data: Mapping[str, Any] = field(default_factory=dict)
    body_id: int | None = None
    for_all: bool = True

    def reaches(self, body_id: int | None) -> bool:
        """Return whether an address of that body (None: the commission's) is told of it."""
        return body_id is None or self.for_all or body_id == self.body_id


def facts_of(session: Session, events: Sequence[WebhookEvent]) -> dict[int, Facts]:
    """Return what is told of each event, by its id: one query for each kind; what is gone is told of no more."""
    found: dict[int, Facts] = {}
    for kind, gather in _GATHER.items():
        some = [one for one in events if one.kind is kind]
        if some:
            by_ref = gather(session, [one.subject_ref for one in some])
            found |= {one.id: by_ref[one.subject_ref] for one in some if one.subject_ref in by_ref}
    return found


def _tests(_session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    return {ref: Facts({"webhook": ref}) for ref in refs}


def _reports(session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    rows = session.scalars(select(Report).where(Report.ref.in_(refs)).options(joinedload(Report.body)))
    return {
        row.ref: Facts(
            {
                "report": row.ref,
                "kind": row.kind.value,
                "year": row.year,
                "number": row.number,
                "body": row.body.slug if row.body else None,
            },
            row.body_id,
            for_all=False,
        )
        for row in rows
    }


def _approved(session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    rows = session.execute(
        select(Post, PostVersion.content_hash)
        .join(PostVersion, PostVersion.id == Post.approved_version_id)
        .where(Post.ref.in_(refs))
    )
    return {
        post.ref: Facts(
            {
                "post": post.ref,
                "title": post.title,
                "content_hash": content_hash,
                "due_at": post.due_at.isoformat() if post.due_at else None,
            }
        )
        for post, content_hash in rows
    }


def _published(session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    rows = session.scalars(
        select(Publication)
        .where(Publication.ref.in_(refs))
        .options(
            joinedload(Publication.account).joinedload(Account.owner),
            joinedload(Publication.post),
            selectinload(Publication.parts),
        )
    )
    return {
        row.ref: Facts(
            {
                "publication": row.ref,
                "post": row.post.ref,
                "account": row.account.ref,
                "network": row.account.network,
                "owner": row.account.owner.slug,
                "published_at": row.published_at.isoformat() if row.published_at else None,
                "links": [part.remote_url for part in row.parts if part.remote_url],
            }
        )
        for row in rows
    }


def _found(session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    rows = session.scalars(
        select(Replication)
        .where(Replication.ref.in_(refs))
        .options(joinedload(Replication.post), joinedload(Replication.body))
    )
    return {
        row.ref: Facts(
            {
                "replication": row.ref,
                "post": row.post.ref,
                "body": row.body.slug,
                "kind": row.kind.value,
                "stage": row.stage.value,
                "link": row.link or None,
            },
            row.body_id,
            for_all=False,
        )
        for row in rows
    }


def _materials(session: Session, refs: Sequence[str]) -> dict[str, Facts]:
    # Its title is not told: whether it may be used today is asked when it is fetched.
    rows = session.scalars(select(Asset).where(Asset.ref.in_(refs), Asset.archived_at.is_(None)))
    return {row.ref: Facts({"material": row.ref, "kind": row.kind.value}) for row in rows}


_GATHER: Mapping[EventKind, Callable[[Session, Sequence[str]], dict[str, Facts]]] = {
    EventKind.TEST: _tests,
    EventKind.POST_APPROVED: _approved,
    EventKind.POST_PUBLISHED: _published,
    EventKind.REPLICATION_FOUND: _found,
    EventKind.MATERIAL_NEW: _materials,
    EventKind.REPORT_READY: _reports,
}
