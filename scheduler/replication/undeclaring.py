"""Taking back what one declared: a replication stands on by whoever else said it, or a machine saw it; or it goes."""

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assets.models import EvidenceFile
from content_calendar import audit
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.people import AuditEvent, Person
from scheduler.models import Replication, ReplicationStage
from scheduler.replication.seek_models import OfflineEcho, ReplicationEvidence


class NotYoursToTakeBackError(ConflictError):
    """It was declared by somebody else, somebody has decided it, or something else depends on it."""

    code = "replication_not_yours"


def may_take_back(replication: Replication, person: Person) -> bool:
    """Tell whether the person declared it and nobody has decided it."""
    return replication.declared_by_id == person.id and replication.decided_at is None


def take_back(session: Session, person: Person, ref: str) -> bool:
    """Undo one's own declaration; return whether nothing is left, which the machine's own finding would be.

    Raises NotFoundError and NotYoursToTakeBackError.
    """
    replication = session.scalars(
        select(Replication).where(Replication.ref == ref).with_for_update()
    ).one_or_none()
    if replication is None:
        raise NotFoundError
    if not may_take_back(replication, person):
        raise NotYoursToTakeBackError
    audit.record(
        session, person.ref, "replication_undeclared", "replication", ref, kind=replication.kind.value
    )
    if leave_to_another(session, replication, person):
        return False
    if replication.score is not None:
        replication.declared_by_id = None
        if replication.stage is ReplicationStage.DECLARED:
            replication.stage = ReplicationStage.DOUBTFUL
        session.flush()
        return False
    try:
        with session.begin_nested():
            erase(session, replication)
    except IntegrityError:
        raise NotYoursToTakeBackError from None
    return True


def leave_to_another(session: Session, replication: Replication, person: Person) -> bool:
    """Let a replication stand on the word of somebody else who declared it too; return whether anybody had.

    Whose word it first was is on the row, who else said so in the trail.
    """
    acts = session.execute(
        select(AuditEvent.actor_ref, AuditEvent.act)
        .where(
            AuditEvent.subject_kind == "replication",
            AuditEvent.subject_ref == replication.ref,
            AuditEvent.act.in_(("replication_declared", "replication_undeclared")),
        )
        .order_by(AuditEvent.id)
    )
    last = {actor: act for actor, act in acts if actor != person.ref}
    standing = [actor for actor, act in last.items() if act == "replication_declared"]
    other = session.scalars(
        select(Person).where(Person.ref.in_(standing)).order_by(Person.id).limit(1)
    ).first()
    if other is None:
        return False
    replication.declared_by_id = other.id
    session.flush()
    return True


def erase(session: Session, replication: Replication) -> None:
    """Remove a replication with its evidence; a file that proves nothing else goes with the next sweep."""
    proved = ReplicationEvidence.file_id
    files = session.scalars(
        select(proved).where(ReplicationEvidence.replication_id == replication.id, proved.is_not(None))
    ).all()
    for table in (ReplicationEvidence, OfflineEcho):
        session.execute(delete(table).where(table.replication_id == replication.id))
    session.execute(
        delete(EvidenceFile).where(EvidenceFile.id.in_(files), ~exists().where(proved == EvidenceFile.id))
    )
    session.delete(replication)
    session.flush()
