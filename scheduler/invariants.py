"""What must be true of the rows whatever happened: looked at once a day, and whenever a person asks.

A finding is a fault of ours or a hand in the database, never something that a person did in a page. Only
reading: nothing is mended here, because a rule that was broken once says that we know less than we thought.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from content_calendar import audit, clock
from content_calendar.db import Database
from content_calendar.models.directory import Account
from content_calendar.models.people import AuditEvent
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import digest
from content_calendar.states import AT_REST, PartState, PublicationState
from scheduler.models import Attempt, Outcome

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LOOKED = "rows_looked_over"
# A lease that ran out this long ago should have been taken over by any worker.
_REAPED_WITHIN = timedelta(minutes=10)
# What a page of Sistema can show; the count tells the rest.
_MOST = 50
_BEGUN = (PublicationState.CLAIMED, PublicationState.SENDING)


@dataclass(frozen=True)
class Finding:
    """One rule that does not hold, and the publication's reference where it does not."""

    code: str
    publication: str


@dataclass(frozen=True)
class Looked:
    """The last look over the rows: when, and how often each rule was found broken."""

    at: datetime
    broken: int
    codes: Sequence[str]


def look(session: Session) -> list[Finding]:
    """Return every rule that does not hold, at most a few dozen of each."""
    return [Finding(code, ref) for code, check in RULES.items() for ref in check(session)]


def look_daily(database: Database) -> list[Finding]:
    """Look unless somebody did within a day; see ``look_and_note``."""
    with database.reading() as session:
        seen = last_look(session)
    return [] if seen is not None and clock.now() - seen.at < EVERY else look_and_note(database)


def look_and_note(database: Database) -> list[Finding]:
    """Look now, and write down in the audit what was found."""
    # Two transactions: the first may take long, and the second keeps others from writing.
    with database.reading() as session:
        found = look(session)
    with database.transaction() as session:
        audit.record(
            session,
            "",
            LOOKED,
            "installation",
            "",
            broken=len(found),
            codes=sorted({finding.code for finding in found}),
            publications=[finding.publication for finding in found[:_MOST]],
        )
    if found:
        logger.error("%s rows break a rule: %s", len(found), found[:_MOST])
    return found


def last_look(session: Session) -> Looked | None:
    """Return what the last look found, None when there was none."""
    row = session.scalars(
        select(AuditEvent).where(AuditEvent.act == LOOKED).order_by(AuditEvent.id.desc()).limit(1)
    ).first()
    return Looked(row.at, row.details["broken"], row.details["codes"]) if row else None


def _published_without_proof(session: Session) -> Sequence[str]:
    """Find the published ones of which a part is not out, or has no remote post, and no person said so."""
    confirmed = exists().where(
        AuditEvent.act == "publication_confirmed", AuditEvent.subject_ref == Publication.ref
    )
    unproven = exists().where(
        PublicationPart.publication_id == Publication.id,
        or_(PublicationPart.state != PartState.PUBLISHED, PublicationPart.remote_id.is_(None)),
    )
    nothing = ~exists().where(PublicationPart.publication_id == Publication.id)
    return session.scalars(
        select(Publication.ref)
        .where(Publication.state == PublicationState.PUBLISHED, or_(unproven, nothing), ~confirmed)
        .limit(_MOST)
    ).all()


def _one_remote_post_of_two(session: Session) -> Sequence[str]:
    """Find those that share one remote post, also where one account is registered twice."""
    shared = (
        select(Account.network, PublicationPart.remote_id, PublicationPart.remote_url)
        .join(Account, Account.id == PublicationPart.account_id)
        .where(PublicationPart.remote_id.is_not(None))
        .group_by(Account.network, PublicationPart.remote_id, PublicationPart.remote_url)
        .having(func.count() > 1)
        .subquery()
    )
    return session.scalars(
        select(Publication.ref)
        .join(PublicationPart, PublicationPart.publication_id == Publication.id)
        .join(Account, Account.id == PublicationPart.account_id)
        .join(
            shared,
            and_(
                shared.c.network == Account.network,
                shared.c.remote_id == PublicationPart.remote_id,
                shared.c.remote_url == PublicationPart.remote_url,
            ),
        )
        .order_by(Publication.id)
        .limit(_MOST)
    ).all()


def _begun_without_a_lease(session: Session) -> Sequence[str]:
    """Find what is claimed or being sent in nobody's hands, or in those of somebody long silent."""
    stale = Publication.lease_until < clock.db_now(session) - _REAPED_WITHIN
    return session.scalars(
        select(Publication.ref)
        .where(
            Publication.state.in_(_BEGUN),
            or_(Publication.lease_owner == "", Publication.lease_until.is_(None), stale),
        )
        .limit(_MOST)
    ).all()


def _parts_that_contradict(session: Session) -> Sequence[str]:
    """Find parts on their way or in doubt without their publication, or out without it or out of order."""
    mine = PublicationPart.publication_id == Publication.id
    astray = exists().where(
        mine,
        or_(
            and_(
                PublicationPart.state == PartState.SENDING,
                Publication.state.not_in((PublicationState.SENDING, PublicationState.UNKNOWN)),
            ),
            and_(
                PublicationPart.state == PartState.UNKNOWN,
                Publication.state != PublicationState.UNKNOWN,
            ),
        ),
    )
    before = PublicationPart.__table__.alias("before")
    out_of_order = exists().where(
        mine,
        PublicationPart.state == PartState.PUBLISHED,
        before.c.publication_id == Publication.id,
        before.c.n < PublicationPart.n,
        before.c.state != PartState.PUBLISHED,
    )
    all_out = and_(
        Publication.state.not_in(AT_REST),
        exists().where(mine),
        ~exists().where(mine, PublicationPart.state != PartState.PUBLISHED),
    )
    return session.scalars(
        select(Publication.ref)
        .where(or_(astray, out_of_order, all_out))
        .order_by(Publication.id)
        .limit(_MOST)
    ).all()


def _payload_changed(session: Session) -> Sequence[str]:
    """Find those whose frozen bytes are not those that were frozen."""

    def changed() -> Iterator[str]:
        rows = session.execute(
            select(Publication.ref, Publication.payload, Publication.payload_sha256).execution_options(
                yield_per=500
            )
        )
        return (row.ref for row in rows if digest(row.payload) != row.payload_sha256)

    return [ref for _, ref in zip(range(_MOST), changed(), strict=False)]


def _out_twice(session: Session) -> Sequence[str]:
    """Find those of which a part was sent twice, both times with success: the first was given up too early."""
    twice = (
        select(Attempt.publication_id)
        .where(Attempt.outcome == Outcome.DONE, Attempt.sent_at.is_not(None))
        .group_by(Attempt.publication_id, Attempt.part)
        .having(func.count() > 1)
    )
    return session.scalars(select(Publication.ref).where(Publication.id.in_(twice)).limit(_MOST)).all()


RULES: dict[str, Callable[[Session], Sequence[str]]] = {
    "published_without_proof": _published_without_proof,
    "one_remote_post_of_two": _one_remote_post_of_two,
    "begun_without_a_lease": _begun_without_a_lease,
    "parts_contradict": _parts_that_contradict,
    "payload_changed": _payload_changed,
    "late_apparition": _out_twice,
}
