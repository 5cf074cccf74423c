"""Noticing: what has come to need a person is told, and what needs nobody any more is closed.

A tick compares the rows as they stand with the notices that are open, in a few questions however long the
calendar is. It asks nothing of the engine, keeps no place of its own to lose, and any number of workers may do
it at once: the same hold has the same key, and is told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, defer

from content_calendar import clock, notices
from content_calendar.audience import Audience, Somebody, of_publication, of_system
from content_calendar.models.directory import Account, Owner
from content_calendar.models.jobs import Installation
from content_calendar.models.notices import Notice
from content_calendar.models.posts import Post, PostVersion, Review, ReviewOutcome
from content_calendar.models.publications import Publication
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope
from content_calendar.states import HoldReason, PublicationState
from scheduler import expiring, heartbeat, keeping_watch
from scheduler.worker import Worker

# What a tick tells at most: the rest of a great many waits for the next tick, and no transaction grows long.
MOST_AT_ONCE = 50
_TITLE = 90
# Written out, as the partial index has it.
_NEEDING = literal_column("publication.state").in_([literal_column("'held'"), literal_column("'failed'")])
# Told while it lasts, by how the installation stands at each look.
_STANDING = (
    Subject.CATCH_UP, Subject.WORKER, Subject.ACCOUNT, Subject.BACKUP, Subject.PERSONAL_DATA, Subject.RESTORED,
    Subject.AUDIT,
)  # fmt: skip
_OPEN = literal_column("notice.over_at").is_(None)


@dataclass
class _Found:
    """What a look found: what to tell, and the ids of the notices that are over."""

    held: list[tuple[Happening, Scope, frozenset[int]]] = field(default_factory=list)
    told: list[tuple[Happening, Permission]] = field(default_factory=list)
    over: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.held or self.told or self.over)


def tick(worker: Worker) -> int:
    """Tell what has come to need a person since the last look; return how many happenings were told."""
    with worker.database.reading() as session:
        found = _look(session)
    if not found:
        return 0
    with worker.database.transaction() as session:
        notices.over_ids(session, found.over)
        if not found.held and not found.told:
            return 0
        people = notices.people_to_tell(session, clock.now().date())
        told = _addressed(found, people)
        notices.tell(session, told)
    return len(told)


def _addressed(found: _Found, people: Sequence[Somebody]) -> list[tuple[Happening, Audience]]:
    told = [
        (happening, of_publication(people, happening.code.removeprefix("held_"), scope, concerned))
        for happening, scope, concerned in found.held
    ]
    return [*told, *((happening, of_system(people, permission)) for happening, permission in found.told)]


def _look(session: Session) -> _Found:
    found = _Found(held=_held(session), over=_resolved(session))
    standing = [
        *_catching_up(session),
        *_silent_workers(session),
        *_closing_accounts(session),
        *keeping_watch.standing(session),
    ]
    known = dict(
        session.execute(
            select(Notice.happening, Notice.id).where(
                _OPEN,
                Notice.subject_kind.in_(_STANDING),
            )
        ).all()
    )
    lasting = {happening.key for happening, _permission in standing}
    found.told = [(happening, permission) for happening, permission in standing if happening.key not in known]
    found.over += _ended(session, lasting) if set(known) - lasting else []
    return found


def _held(session: Session) -> list[tuple[Happening, Scope, frozenset[int]]]:
    """Return what waits for a person and has no open notice; a catch-up is told as a whole, not one by one."""
    open_notice = exists().where(
        Notice.subject_ref == Publication.ref, Notice.subject_kind == Subject.PUBLICATION.value, _OPEN
    )
    approver = (
        select(func.max(Review.decided_by_id))
        .where(Review.version_id == Publication.version_id, Review.outcome == ReviewOutcome.APPROVED)
        .where(Review.post_id == Publication.post_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Publication, Post, Account.handle, Account.network, Owner.id, Owner.region_id, PostVersion.content
        )
        .add_columns(approver.label("approver_id"))
        .join(Post, Post.id == Publication.post_id)
        .join(Account, Account.id == Publication.account_id)
        .join(Owner, Owner.id == Account.owner_id)
        .join(PostVersion, PostVersion.id == Publication.version_id)
        .where(
            _NEEDING, or_(Publication.hold_reason.is_(None), Publication.hold_reason != HoldReason.CATCH_UP)
        )
        .where(~open_notice)
        .options(defer(Publication.payload, raiseload=True))
        .order_by(Publication.due_at.desc())
        .limit(MOST_AT_ONCE)
    )
    return [
        (
            _happening(row, post.title or _first_words(content), handle, network),
            Scope(owner_id, region_id),
            frozenset(one for one in (post.author_id, approver_id) if one is not None),
        )
        for row, post, handle, network, owner_id, region_id, content, approver_id in rows
    ]


def _happening(row: Publication, title: str, handle: str, network: str) -> Happening:
    failed = row.state is PublicationState.FAILED
    code = Code.REFUSED.value if failed or row.hold_reason is None else f"held_{row.hold_reason.value}"
    # A new claim grows the generation, and a person's decision moves the last moment: together they tell one
    # hold of a publication from the next.
    key = f"publication:{row.ref}:{code}:{row.lease_gen}:{int(row.late_after.timestamp())}"
    return Happening(
        key,
        code,
        Subject.PUBLICATION,
        row.ref,
        {
            "title": title[:_TITLE],
            "handle": handle,
            "network": network,
            "due_at": row.due_at.isoformat(timespec="seconds"),
            "said_code": row.said_code,
            "said_params": row.said_params,
        },
        urgent=row.hold_reason is HoldReason.BY_HAND,
    )


def _first_words(content: dict[str, object]) -> str:
    parts = content.get("parts")
    text = str(parts[0]) if isinstance(parts, list) and parts else ""
    return (text.splitlines() or [""])[0]


def _resolved(session: Session) -> list[int]:
    """Return the open notices of publications that wait for nobody any more."""
    waits = exists().where(Publication.ref == Notice.subject_ref, _NEEDING)
    rows = session.scalars(
        select(Notice.id).where(_OPEN, Notice.subject_kind == Subject.PUBLICATION.value, ~waits)
    )
    return list(rows)


def _ended(session: Session, lasting: set[str]) -> list[int]:
    rows = session.scalars(
        select(Notice.id).where(
            _OPEN,
            Notice.subject_kind.in_(_STANDING),
            Notice.happening.not_in(lasting),
        )
    )
    return list(rows)


def _catching_up(session: Session) -> list[tuple[Happening, Permission]]:
    rows = session.execute(
        select(Installation.catch_up_since, Installation.catch_up_code).where(
            Installation.catch_up_since.is_not(None)
        )
    )
    return [
        (
            Happening(
                f"catch_up:{since.isoformat()}",
                Code.CATCH_UP.value,
                Subject.CATCH_UP,
                since.isoformat(timespec="seconds"),
                {"since": since.isoformat(timespec="seconds"), "why": why},
            ),
            Permission.DECIDE_PUBLICATIONS,
        )
        for since, why in rows
        if since is not None
    ]


def _silent_workers(session: Session) -> list[tuple[Happening, Permission]]:
    return [
        (
            Happening(
                f"worker:{row.worker}:{row.beat_at.isoformat(timespec='seconds')}",
                Code.WORKER_SILENT.value,
                Subject.WORKER,
                row.worker[:60],
                {"worker": row.worker, "beat_at": row.beat_at.isoformat(timespec="seconds")},
            ),
            Permission.VIEW_SYSTEM,
        )
        for row in heartbeat.silent(session)
    ]


def _closing_accounts(session: Session) -> list[tuple[Happening, Permission]]:
    """Return the accounts that only a person can open again: they stop publishing when their access ends."""
    return [
        (_closing(one), Permission.CONNECT_ACCOUNTS) for one in expiring.ending_soon(session, clock.now())
    ]


def _closing(one: expiring.Ending) -> Happening:
    ends_at = one.ends_at.isoformat(timespec="seconds") if one.ends_at else ""
    return Happening(
        f"account:{one.account.ref}:{one.code}:{ends_at}",
        Code.ACCOUNT_CLOSING.value,
        Subject.ACCOUNT,
        one.account.ref,
        {
            "handle": one.account.handle,
            "network": one.account.network,
            "said_code": one.code,
            "said_params": {"ends_at": ends_at},
        },
    )
