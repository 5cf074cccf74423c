"""What the machine took for an echo and does, with all posts known, no longer: it takes its own word back.

A note is judged again whenever a post comes to be known that was out before it, and when the thresholds change. Another
post may explain its words better then; so the ledger is the same in whatever order posts and notes came. What a person
declared or decided is never touched.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from content_calendar.models.people import AuditEvent
from scheduler.models import Replication
from scheduler.replication.barrido_models import BarridoLook
from scheduler.replication.seek_models import EvidenceSort, ReplicationEvidence

# What is said by words and links; what was seen otherwise is not for this matcher to take back.
OF_WORDS = frozenset(
    {"replication_links_to_post", "replication_same_link"}
    | {
        f"replication_{tagged}{form}"
        for tagged in ("", "tagged_")
        for form in ("copy", "verbatim", "adapted", "excerpt", "quote")
    }
)


def retract(session: Session, entry_ids: Sequence[int], told: Collection[tuple[int, int | None]]) -> int:
    """Forget what the machine said of these notes and no longer says; ``told`` are (post, note). Return how many."""
    rows = session.execute(
        select(Replication.id, Replication.post_id, Replication.entry_id)
        .where(
            Replication.entry_id.in_(entry_ids),
            Replication.decided_at.is_(None),
            Replication.declared_by_id.is_(None),
            Replication.why_code.in_(OF_WORDS),
            # Where somebody or a network showed it too, it stands by that.
            ~exists().where(
                ReplicationEvidence.replication_id == Replication.id,
                ReplicationEvidence.sort != EvidenceSort.NOTE,
            ),
            ~exists().where(BarridoLook.replication_id == Replication.id),
            # A body was asked about it, or has answered: people speak of it by its name.
            ~exists().where(
                AuditEvent.subject_kind == "replication",
                AuditEvent.subject_ref == Replication.ref,
                AuditEvent.act.in_(("replication_asked", "replication_answered")),
            ),
        )
        # Held, so that nobody declares it while it is being forgotten.
        .with_for_update(of=Replication)
    )
    gone = [found for found, post, entry in rows if (post, entry) not in told]
    if gone:
        # What was seen of it goes with it: it proves nothing any more.
        session.execute(delete(ReplicationEvidence).where(ReplicationEvidence.replication_id.in_(gone)))
        session.execute(
            delete(Replication).where(
                Replication.id.in_(gone),
                Replication.decided_at.is_(None),
                Replication.declared_by_id.is_(None),
            )
        )
    return len(gone)
