"""Attempts: one row for each try, appended in the transaction that records what came of it, never changed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.sending import Claimed, Said
from scheduler.models import Attempt, Outcome
from scheduler.network import Answer

_RAW = 1000
_REQUEST_ID = 200
_NO_ANSWER = Answer()


@dataclass(frozen=True)
class Try:
    """How a try ended; ``said`` is for people, ``answer`` for the log. Without a claim nobody tried."""

    outcome: Outcome
    said: Said
    claimed: Claimed | None = None
    part: int = 1
    sent_at: datetime | None = None
    answer: Answer = _NO_ANSWER


def append(session: Session, publication_id: int, made: Try) -> None:
    """Write one try down, after those that were written before."""
    last = session.execute(
        select(func.max(Attempt.n)).where(Attempt.publication_id == publication_id, Attempt.part == made.part)
    ).scalar()
    session.add(
        Attempt(
            publication_id=publication_id,
            part=made.part,
            n=(last or 0) + 1,
            worker=made.claimed.worker if made.claimed else "",
            generation=made.claimed.generation if made.claimed else 0,
            claimed_at=made.claimed.claimed_at if made.claimed else None,
            sent_at=made.sent_at,
            ended_at=clock.db_now(session),
            outcome=made.outcome,
            http_status=made.answer.http_status,
            remote_request_id=made.answer.request_id[:_REQUEST_ID],
            said_code=made.said.code,
            said_params=dict(made.said.params),
            # PostgreSQL refuses a NUL, and losing this row would lose the outcome with it.
            raw=made.answer.raw.replace("\0", "")[:_RAW],
        )
    )
    session.flush()
