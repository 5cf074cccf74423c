"""The audit: who did what to what, written in the same transaction as what it tells."""

from sqlalchemy.orm import Session

from content_calendar.models.people import AuditEvent


def record(
    session: Session, actor_ref: str, act: str, subject_kind: str, subject_ref: str, **details: object
) -> None:
    """Add one event; ``actor_ref`` is empty when the software did it by itself.

    ``details`` are plain values, never personal data nor secrets: a person can be erased, the trail not.
    """
    session.add(
        AuditEvent(
            actor_ref=actor_ref, act=act, subject_kind=subject_kind, subject_ref=subject_ref, details=details
        )
    )
