"""Attempts: one row for each try, appended in the transaction that records what came of it, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.sending import Claimed, Said
from scheduler.models import Attempt, Outcome
from scheduler.network import Answer

_RAW = 1000
_REQUEST_ID = 200
_NO_ANSWER = Answer()
_LAST = (
    select(Attempt.publication_id, Attempt.part, func.max(Attempt.n))
    .where(Attempt.publication_id.in_(bindparam("ids", expanding=True)))
    .group_by(Attempt.publication_id, Attempt.part)
)
_INSERT = insert(Attempt.__table__)  # type: ignore[arg-type] # a model's table is a Table


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
    append_all(session, [(publication_id, made)])


def append_all(session: Session, made: Sequence[tuple[int, Try]]) -> None:
    """Write down one try at each of these publications; three statements, whatever their number."""
    if not made:
        return
    connection = session.connection()
    counts: dict[tuple[int, int], int] = {
        (row[0], row[1]): row[2]
        for row in connection.execute(_LAST, {"ids": list({publication_id for publication_id, _ in made})})
    }
    ended_at, rows = clock.db_now(session), []
    for publication_id, one in made:
        key = (publication_id, one.part)
        counts[key] = counts.get(key, 0) + 1
        rows.append(_row(publication_id, counts[key], one, ended_at))
    connection.execute(_INSERT, rows)


def _row(publication_id: int, n: int, made: Try, ended_at: datetime) -> dict[str, object]:
    claimed, answer = made.claimed, made.answer
    return {
        "publication_id": publication_id,
        "part": made.part,
        "n": n,
        "worker": claimed.worker if claimed else "",
        "generation": claimed.generation if claimed else 0,
        "claimed_at": claimed.claimed_at if claimed else None,
        "sent_at": made.sent_at,
        "ended_at": ended_at,
        "outcome": made.outcome,
        "http_status": answer.http_status,
        "remote_request_id": answer.request_id[:_REQUEST_ID],
        "said_code": made.said.code,
        "said_params": dict(made.said.params),
        # PostgreSQL refuses a NUL, and losing this row would lose the outcome with it.
        "raw": answer.raw.replace("\0", "")[:_RAW],
    }
