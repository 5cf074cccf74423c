"""Windows of electoral silence, as people write them down. Who may speak when is judged in ``silence.py``."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Body, SilenceException, SilenceWindow
from content_calendar.silence import EVERYBODY, Window


class SilenceNotFoundError(NotFoundError):
    """There is no window of silence of that reference."""

    code = "silence_not_found"


def every(session: Session) -> Sequence[SilenceWindow]:
    """Return all windows, the last to begin first."""
    return session.scalars(
        select(SilenceWindow).order_by(SilenceWindow.starts_on.desc(), SilenceWindow.id.desc())
    ).all()


def add(session: Session, window: Window, body: Body | None, *, actor_ref: str) -> SilenceWindow:
    """Write a window down for a body, for the state that ``window.scope`` names, or for everybody.

    ``window`` has checked its days and its reason when it was made.
    """
    state = window.scope if body is None and window.scope != EVERYBODY else None
    row = SilenceWindow(
        body_id=body.id if body else None,
        state_iso=state,
        starts_on=window.starts_on,
        ends_on=window.ends_on,
        reason=window.reason.strip(),
        source=window.source.strip(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor_ref, "silence_added", "silence", row.ref, **_facts(row))
    return row


def remove(session: Session, ref: str, *, actor_ref: str) -> None:
    """Take a window away with the exceptions that were made of it; raise SilenceNotFoundError."""
    row = session.scalars(select(SilenceWindow).where(SilenceWindow.ref == ref)).one_or_none()
    if row is None:
        raise SilenceNotFoundError(ref=ref)
    session.execute(delete(SilenceException).where(SilenceException.window_id == row.id))
    session.delete(row)
    audit.record(session, actor_ref, "silence_removed", "silence", ref, **_facts(row))


def _facts(row: SilenceWindow) -> dict[str, str]:
    def said(day: date) -> str:
        return day.isoformat()

    return {
        "starts_on": said(row.starts_on),
        "ends_on": said(row.ends_on),
        "state": row.state_iso or "",
        "reason": row.reason,
    }
