"""Attempts: one row for each try, appended in the transaction that records what came of it, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, bindparam, func, insert, literal, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.bulk import Among, Bulk, Prepared
from content_calendar.db import Moment
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.sending import Claimed, Said
from scheduler.models import Attempt, Outcome
from scheduler.network import Answer

_RAW = 1000
_REQUEST_ID = 200
_NO_ANSWER = Answer()
_LAST = Prepared(
    select(Attempt.publication_id, Attempt.part, func.max(Attempt.n))
    .where(Among(Attempt.publication_id))
    .group_by(Attempt.publication_id, Attempt.part)
)
_P, _PART = Publication, PublicationPart
# What all of them say alike is written from their own rows: nothing travels but their ids.
_DONE = Prepared(insert(Attempt.__table__).from_select(  # type: ignore[arg-type] # a model's table is a Table
    [
        "publication_id", "part", "n", "worker", "generation", "claimed_at", "sent_at", "ended_at",
        "outcome", "remote_request_id", "said_code", "said_params", "raw",
    ],
    select(
        _P.id,
        _PART.n,
        select(func.coalesce(func.max(Attempt.n), 0) + 1)
        .where(Attempt.publication_id == _P.id, Attempt.part == _PART.n)
        .scalar_subquery(),
        bindparam("worker", type_=String),
        bindparam("generation", type_=Integer),
        bindparam("claimed_at", type_=Moment),
        bindparam("sent_at", type_=Moment),
        bindparam("ended_at", type_=Moment),
        bindparam("outcome", type_=String),
        literal("", String),
        bindparam("said_code", type_=String),
        literal("{}", String),
        literal("", String),
    )
    .join(_PART, _PART.publication_id == _P.id)
    .where(Among(_PART.id)),
    include_defaults=False,
))  # fmt: skip
_INSERT = Bulk(insert(Attempt.__table__))  # type: ignore[arg-type] # a model's table is a Table


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
        for row in _LAST(connection, {"ids": list({publication_id for publication_id, _ in made})})
    }
    ended_at, rows = clock.db_now(session), []
    for publication_id, one in made:
        key = (publication_id, one.part)
        counts[key] = counts.get(key, 0) + 1
        rows.append(_row(publication_id, counts[key], one, ended_at))
    _INSERT.run(connection, rows)


def made_so_far(session: Session, publication_id: int, part: int) -> int:
    """Return how many tries at a part are written down."""
    last = select(func.max(Attempt.n)).where(Attempt.publication_id == publication_id, Attempt.part == part)
    return session.execute(last).scalar_one() or 0


def append_done(session: Session, part_ids: Sequence[int], made: Try) -> None:
    """Write down the same plain success for many parts at once."""
    if made.claimed is None:
        raise ValueError("what was sent was claimed")
    _DONE(
        session.connection(),
        {
            "ids": part_ids,
            "worker": made.claimed.worker,
            "generation": made.claimed.generation,
            "claimed_at": made.claimed.claimed_at,
            "sent_at": made.sent_at,
            "ended_at": clock.db_now(session),
            "outcome": made.outcome.value,
            "said_code": made.said.code,
        },
    )


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
