"""Notices: what needs a person, told once to each one whom it concerns, until somebody has seen to it.

Everything is set-based and may be said again by anybody at any time: what was told already is told no more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock
from content_calendar.audience import Audience, Somebody
from content_calendar.errors import NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.notices import Notice
from content_calendar.models.people import Membership, Person
from content_calendar.permissions import Grant, rights_of

# Beyond this a count says "many" and costs no more.
MOST_COUNTED = 99


class Code(StrEnum):
    """What a notice tells. That a publication waits is told by ``held_`` and its reason instead."""

    REFUSED = "refused"
    REVIEW_ASKED = "review_asked"
    REVIEW_SIGNED = "review_signed"
    REVIEW_COMMENTED = "review_commented"
    REVIEW_RETURNED = "review_returned"
    REVIEW_APPROVED = "review_approved"
    CATCH_UP = "catch_up"
    WIRE_OPEN = "wire_open"
    WIRE_OPEN_NOBODY = "wire_open_nobody"
    WORKER_SILENT = "worker_silent"
    ACCOUNT_CLOSING = "account_closing"
    MAIL_FAILING = "mail_failing"
    MAIL_REFUSED = "mail_refused"
    CONTRIBUTION_ASKED = "contribution_asked"
    CONTRIBUTION_REMINDER = "contribution_reminder"
    CONTRIBUTION_UNANSWERED = "contribution_unanswered"
    CONTRIBUTION_SENT = "contribution_sent"
    CONTRIBUTION_RETURNED = "contribution_returned"
    CONTRIBUTION_ACCEPTED = "contribution_accepted"
    EVENT_TO_CLOSE = "event_to_close"
    ADAPTATION_ASKED = "adaptation_asked"
    ADAPTATION_RETURNED = "adaptation_returned"
    ADAPTATION_APPROVED = "adaptation_approved"
    TAKEDOWN_ASKED = "takedown_asked"
    TAKEDOWN_REMINDER = "takedown_reminder"
    TAKEDOWN_UNANSWERED = "takedown_unanswered"
    REPLIES_WAITING = "replies_waiting"
    ALLY_PACK_READY = "ally_pack_ready"
    CERTIFICATION_DUE = "certification_due"
    CERTIFICATION_LAPSED = "certification_lapsed"
    CERTIFICATION_UNANSWERED = "certification_unanswered"
    CERTIFICATION_SECOND = "certification_second"
    ACCOUNT_SUSPECTED = "account_suspected"
    PROPOSAL_MADE = "proposal_made"
    PROPOSAL_ACCEPTED = "proposal_accepted"
    PROPOSAL_RETURNED = "proposal_returned"
    REPLICATION_ASKED = "replication_asked"
    LINKS_BROKEN = "links_broken"
    LINKS_BROKEN_OURS = "links_broken_ours"
    BARRIDO_LATE = "barrido_late"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_REMINDER = "correction_reminder"
    CORRECTION_UNANSWERED = "correction_unanswered"
    TEXT_SUGGESTED = "text_suggested"
    VERSION_OUTDATED = "version_outdated"
    WEBHOOK_OFF = "webhook_off"
    MILESTONE_DUE = "milestone_due"
    MILESTONE_CLAIMED = "milestone_claimed"
    MILESTONE_RETURNED = "milestone_returned"
    PARTIAL_DUE = "partial_due"
    PARTIAL_DELIVERED = "partial_delivered"
    PARTIAL_RETURNED = "partial_returned"
    BACKUP_FAILED = "backup_failed"
    BACKUP_UNSENT = "backup_unsent"
    BACKUP_COPIES = "backup_copies"
    BACKUP_MISSING = "backup_missing"
    ERASING_HELD = "erasing_held"
    RESTORED = "restored"
    AUDIT_BROKEN = "audit_broken"


class Subject(StrEnum):
    """What a notice is about, and leads to."""

    PUBLICATION = "publication"
    REVIEW = "review"
    COMMENT = "comment"
    CONTRIBUTION = "contribution"
    EVENT = "event"
    POST = "post"
    WIRE = "wire"
    CATCH_UP = "catch_up"
    WORKER = "worker"
    ACCOUNT = "account"
    MAIL = "mail"
    PERSON = "person"
    TAKEDOWN = "takedown"
    ADAPTATION = "adaptation"
    REPLIES = "replies"
    ALLY_WEEK = "ally_week"
    CERTIFICATION = "certification"
    STANDING = "standing"
    PROPOSAL = "proposal"
    LINKS = "links"
    REPLICATION = "replication"
    BARRIDO = "barrido"
    CORRECTION = "correction"
    LOCAL_TEXT = "local_text"
    WEBHOOK = "webhook"
    PARTICIPATION = "participation"
    BACKUP = "backup"
    PERSONAL_DATA = "personal_data"
    RESTORED = "restored"
    AUDIT = "audit"


class NoticeNotFoundError(NotFoundError):
    """There is no notice of that reference, or it is somebody else's."""

    code = "notice_not_found"


@dataclass(frozen=True)
class Happening:
    """Something that happened once. ``key`` tells it from all others; the same key is told once.

    ``code`` and ``params`` say what it is; ``subject`` and ``ref`` what to open. ``urgent`` is mailed at once;
    what ``needs_nobody`` is only good to know: it waits in the list and rings no bell.
    """

    key: str
    code: str
    subject: Subject
    ref: str
    params: Mapping[str, object] = field(default_factory=dict)
    urgent: bool = False
    needs_nobody: bool = False


def tell(session: Session, told: Sequence[tuple[Happening, Audience]]) -> None:
    """Tell each happening to its audience; whoever was told of it already is not told again."""
    at = clock.now()
    asked = {person_id for _happening, audience in told for person_id in audience.mailed}
    wanting = set(session.scalars(select(Person.id).where(Person.id.in_(asked), Person.wants_mail.is_(True))))
    rows = [
        {
            "person_id": person_id,
            "happening": happening.key,
            "code": happening.code,
            "params": dict(happening.params),
            "subject_kind": happening.subject.value,
            "subject_ref": happening.ref,
            "urgent": happening.urgent,
            "created_at": at,
            "over_at": at if happening.needs_nobody else None,
            "mail_at": at if person_id in audience.mailed and person_id in wanting else None,
        }
        for happening, audience in told
        # In one order, so that two who tell the same at once wait for each other and never both.
        for person_id in sorted(audience.told)
    ]
    insert_absent(session, Notice, rows)


def over(session: Session, subject: Subject, refs: Collection[str], by_id: int | None = None) -> None:
    """Close what is open about these subjects: they need nobody any more, ``by_id`` saw to it.

    What was not mailed yet is not mailed any more.
    """
    _close(session, [Notice.subject_kind == subject.value, Notice.subject_ref.in_(refs)], by_id)


def over_ids(session: Session, ids: Collection[int], by_id: int | None = None) -> None:
    """Close these notices: what they told of has ended by itself, or ``by_id`` saw to it."""
    if ids:
        _close(session, [Notice.id.in_(ids)], by_id)


def _close(session: Session, where: Sequence[ColumnElement[bool]], by_id: int | None) -> None:
    session.execute(
        update(Notice)
        .where(Notice.over_at.is_(None), *where)
        .values(over_at=clock.now(), over_by_id=by_id, mail_at=None)
        .execution_options(synchronize_session=False)
    )


def unread_count(session: Session, person_id: int) -> int:
    """Return how many notices wait for the person, at most ``MOST_COUNTED`` + 1."""
    some = select(Notice.id).where(*_unread(person_id)).limit(MOST_COUNTED + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def unread(session: Session, person_id: int, limit: int) -> Sequence[Notice]:
    """Return what waits for the person, the newest first."""
    return _page(session, _unread(person_id), None, limit)


def seen(session: Session, person_id: int, limit: int, before_id: int | None = None) -> Sequence[Notice]:
    """Return what the person has read or need not read any more, the newest first, older than ``before_id``."""
    where = [Notice.person_id == person_id, or_(Notice.read_at.is_not(None), Notice.over_at.is_not(None))]
    return _page(session, where, before_id, limit)


def find(session: Session, person_id: int, ref: str) -> Notice:
    """Return the person's notice of that reference; raise NoticeNotFoundError."""
    found = session.scalars(
        select(Notice).where(Notice.ref == ref, Notice.person_id == person_id)
    ).one_or_none()
    if found is None:
        raise NoticeNotFoundError(ref=ref)
    return found


def mark_read(session: Session, person_id: int, ref: str) -> None:
    """Note that the person has seen it; nothing happens to what they had seen or is not theirs."""
    _mark(session, [Notice.person_id == person_id, Notice.ref == ref])


def mark_all_read(session: Session, person_id: int) -> None:
    """Note that the person has seen everything that waited for them."""
    _mark(session, [Notice.person_id == person_id])


def stop_mailing(session: Session, person: Person) -> None:
    """Mail the person nothing more, what waits to be mailed included; their notices stay on the screen."""
    person.wants_mail = False
    session.execute(
        update(Notice)
        .where(Notice.person_id == person.id, Notice.mail_at.is_not(None), Notice.mailed_at.is_(None))
        .values(mail_at=None)
        .execution_options(synchronize_session=False)
    )


def people_to_tell(session: Session, on: date) -> list[Somebody]:
    """Return everybody who is still here, with what they may do on that day."""
    grants: dict[int, list[Grant]] = {}
    rows = session.execute(
        select(Membership.person_id, Membership.role, Membership.body_id, Membership.region_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Person.left_at.is_(None),
            Membership.valid_from <= on,
            or_(Membership.valid_to.is_(None), Membership.valid_to > on),
        )
    )
    for person_id, role, body_id, region_id in rows:
        grants.setdefault(person_id, []).append(Grant(role, body_id, region_id))
    return [Somebody(person_id, rights_of(held)) for person_id, held in sorted(grants.items())]


def _unread(person_id: int) -> list[ColumnElement[bool]]:
    return [Notice.person_id == person_id, Notice.read_at.is_(None), Notice.over_at.is_(None)]


def _page(
    session: Session, where: Sequence[ColumnElement[bool]], before_id: int | None, limit: int
) -> Sequence[Notice]:
    query = select(Notice).where(*where).options(joinedload(Notice.over_by)).order_by(Notice.id.desc())
    if before_id is not None:
        query = query.where(Notice.id < before_id)
    return session.scalars(query.limit(limit)).all()


def _mark(session: Session, where: Sequence[ColumnElement[bool]]) -> None:
    session.execute(
        update(Notice)
        .where(Notice.read_at.is_(None), *where)
        .values(read_at=clock.now(), mail_at=None)
        .execution_options(synchronize_session=False)
    )
