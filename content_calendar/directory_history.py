"""The history of an owner: who changed what of it, of its accounts, its sites and its feeds, and when.

It is read from the audit trail, where each change is a line written in the transaction of the change itself.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from content_calendar.models.directory import Account, Owner, Site
from content_calendar.models.people import AuditEvent, Person


@dataclass(frozen=True)
class Line:
    """One change: the event, who did it (empty for the software), and the account it was of."""

    event: AuditEvent
    who: str
    handle: str
    network: str


def history(
    session: Session,
    owner: Owner,
    acts: Collection[str],
    refs: Collection[tuple[str, str]],
    limit: int,
    before_id: int | None = None,
) -> Sequence[Line]:
    """Return what happened to an owner, the newest first, older than ``before_id``; three queries.

    ``acts`` are those that are told; ``refs`` are more subjects that are the owner's, such as its feeds.
    """
    accounts = {
        ref: (handle, network)
        for ref, handle, network in session.execute(
            select(Account.ref, Account.handle, Account.network).where(Account.owner_id == owner.id)
        )
    }
    sites = [str(one) for one in session.scalars(select(Site.id).where(Site.owner_id == owner.id))]
    mine = [
        and_(AuditEvent.subject_kind.in_(["owner", "body"]), AuditEvent.subject_ref == owner.slug),
        and_(AuditEvent.subject_kind == "account", AuditEvent.subject_ref.in_(accounts)),
        and_(AuditEvent.subject_kind == "site", AuditEvent.subject_ref.in_(sites)),
    ]
    for kind in {kind for kind, _ref in refs}:
        of_kind = [ref for one, ref in refs if one == kind]
        mine.append(and_(AuditEvent.subject_kind == kind, AuditEvent.subject_ref.in_(of_kind)))
    query = (
        select(AuditEvent, Person.name)
        .outerjoin(Person, and_(Person.ref == AuditEvent.actor_ref, AuditEvent.actor_ref != ""))
        .where(or_(*mine), AuditEvent.act.in_(acts))
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return [
        Line(event, name or "", *accounts.get(event.subject_ref, ("", "")))
        for event, name in session.execute(query)
    ]
