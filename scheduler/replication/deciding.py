"""What people did with a replication, in order, and taking the last decision back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.people import AuditEvent, Person
from scheduler.models import Replication, ReplicationStage
from scheduler.replication.declaring import OF_ANOTHER

_SUBJECT = "replication"
_DECISIONS = {
    "replication_confirmed": ReplicationStage.CONFIRMED,
    "replication_overruled": ReplicationStage.REJECTED,
}
_TAKEN_BACK = "replication_taken_back"


class NothingToTakeBackError(ConflictError):
    """Nobody has decided on this replication, or the decision was taken back already."""

    code = "replication_nothing_to_take_back"


@dataclass(frozen=True)
class Happened:
    """Something that somebody did with a replication; ``by`` is empty when they are not known any more."""

    at: datetime
    act: str
    by: str
    details: Mapping[str, Any]


def history(session: Session, ref: str) -> Sequence[Happened]:
    """Return what people did with the replication, the first first; one query."""
    rows = session.execute(
        select(AuditEvent, Person.name)
        .outerjoin(Person, Person.ref == AuditEvent.actor_ref)
        .where(AuditEvent.subject_kind == _SUBJECT, AuditEvent.subject_ref == ref)
        .order_by(AuditEvent.id)
    )
    return [Happened(event.at, event.act, name or "", event.details) for event, name in rows]


def take_back(session: Session, person: Person, ref: str) -> Replication:
    """Take the last decision back: the replication stands again as it stood before.

    What an earlier decision said counts again; without one, the machine's word does. Raises NotFoundError, and
    NothingToTakeBackError.
    """
    replication = session.scalar(select(Replication).where(Replication.ref == ref).with_for_update())
    if replication is None:
        raise NotFoundError
    events = session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind == _SUBJECT,
            AuditEvent.subject_ref == ref,
            AuditEvent.act.in_([*_DECISIONS, _TAKEN_BACK]),
        )
        .order_by(AuditEvent.id)
    ).all()
    standing: list[AuditEvent] = []
    for event in events:
        if event.act != _TAKEN_BACK:
            standing.append(event)
        elif standing:
            standing.pop()
    if replication.decided_at is None or not standing:
        raise NothingToTakeBackError
    last = standing.pop()
    before = replication.stage.value
    stood = ReplicationStage(last.details["before"])
    declared = (
        replication.declared_by_id is not None
        and stood is ReplicationStage.DOUBTFUL
        and replication.why_code != OF_ANOTHER
    )
    # A body's own word that came in the meantime is not taken back with the decision.
    replication.stage = ReplicationStage.DECLARED if declared else stood
    if standing:
        earlier = standing[-1]
        replication.decided_at = earlier.at
        replication.decided_by_id = session.scalar(select(Person.id).where(Person.ref == earlier.actor_ref))
    else:
        replication.decided_at = replication.decided_by_id = None
    audit.record(session, person.ref, _TAKEN_BACK, _SUBJECT, ref, before=before)
    session.flush()
    return replication
