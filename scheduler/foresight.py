"""Foresight: what is due is looked up, judged and packed before it is this worker's turn to write.

On SQLite one writes at a time, and all that is done meanwhile keeps others waiting. In the transaction that begins
the sendings the same questions are asked again; only when every answer is the same, to the letter, and no more
time has passed than a minute of the clock, does what was judged still hold. What needs more than those answers is
left to that transaction: silences, materials, near-identical texts, costs, whatever comes before the sending.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, literal_column, or_, select
from sqlalchemy.orm import Session

from content_calendar import claiming, clock
from content_calendar.bulk import Prepared
from content_calendar.gaps import Row
from content_calendar.models.directory import SilenceWindow
from content_calendar.models.jobs import Installation
from content_calendar.sending import Claimed
from scheduler import dossiers, gates, judging, retries
from scheduler.dossiers import Answers
from scheduler.judging import Open
from scheduler.worker import Worker

# No zone is further from UTC: these days hold every body's today.
_A_DAY = timedelta(days=1)
_NOT_QUIET = Prepared(
    select(literal_column("1")).where(
        or_(
            exists().where(Installation.catch_up_since.is_not(None)),
            exists().where(
                SilenceWindow.starts_on <= bindparam("latest"), SilenceWindow.ends_on >= bindparam("earliest")
            ),
        )
    )
)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is due: ``plain`` may go out as it is, the ``others`` are to be judged once they are this worker's."""

    rows: Sequence[Row]
    plain: Sequence[Open]
    others: Sequence[int]
    answers: Answers
    # Until when, by the minute, and by the first tolerance that ends.
    minute: datetime
    late_after: datetime


NOTHING = Foreseen((), (), (), Answers([], [], []), datetime.min, datetime.min)  # noqa: DTZ901 -- never compared


def look(
    worker: Worker, limit: int, gaps: Mapping[str, timedelta], but: Collection[int] = frozenset()
) -> Foreseen | None:
    """Return what is due, at most ``limit``, and what is known of it; None when it is no time for foresight.

    ``but`` are ids of what is being taken at this moment, and may not look so yet.
    """
    with worker.database.reading() as session:
        now = clock.now()
        if not _is_quiet(session, now):
            return None
        rows = claiming.look(session, limit, retries.LEASE, gaps, but)
        if not rows:
            return NOTHING
        found, answers = dossiers.load_with_answers(session, [row.id for row in rows])
    claims = {row.id: Claimed(row.id, row.ref, row.post_id, worker.name, row.lease_gen, now) for row in rows}
    seen, plain = gates.Seen(now), []
    for dossier in found:
        if gates.is_told_by(dossier):
            one = judging.judge(worker, claims[dossier.id], dossier, seen)
            if isinstance(one, Open) and not one.unready and not one.costs:
                plain.append(one)
    others = claims.keys() - {one.claimed.id for one in plain}
    return Foreseen(
        rows, plain, sorted(others), answers, _minute(now), min(dossier.late_after for dossier in found)
    )


def still_holds(session: Session, foreseen: Foreseen) -> bool:
    """Tell whether nothing changed since: asked in the transaction that begins what was foreseen."""
    if not foreseen.rows:
        return True
    now = clock.now()
    return (
        _minute(now) == foreseen.minute
        and now <= foreseen.late_after
        and _is_quiet(session, now)
        and dossiers.ask_again(session, [row.id for row in foreseen.rows]) == foreseen.answers
    )


def _is_quiet(session: Session, now: datetime) -> bool:
    """Tell whether nobody keeps silence today, and nothing is caught up with."""
    day = now.date()
    return not _NOT_QUIET.raw(session.connection(), {"latest": day + _A_DAY, "earliest": day - _A_DAY})


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
