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
from content_calendar.db import as_text
from content_calendar.gaps import Row
from content_calendar.models.directory import SilenceWindow
from content_calendar.models.jobs import Installation
from content_calendar.sending import Claimed
from content_calendar.states import PublicationState
from scheduler import dossiers, gates, judging, retries
from scheduler.dossiers import FREE_AT, GENERATION_AT, NEXT_AT, STATE_AT, Answers, Dossier
from scheduler.judging import Open
from scheduler.worker import Worker

# No zone is further from UTC: these days hold every body's today.
_A_DAY = timedelta(days=1)
# So many batches of what is due are found by one query, which costs the more the further it looks for turns.
_BATCHES = 4
_KNOWN_SECONDS = 0.5
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
    """What is due: ``plain`` may go out as it is, the others are to be judged once they are this worker's."""

    rows: Sequence[Row]
    plain: Sequence[Open]
    answers: Answers
    # Until when, by the minute, and by the first tolerance that ends.
    minute: datetime
    late_after: datetime
    # Whether there may be more.
    full: bool = False


NOTHING = Foreseen((), (), Answers([], [], []), datetime.min, datetime.min)  # noqa: DTZ901 -- never compared


class Scout:
    """One worker's look ahead: it knows a few batches of what is due, and looks up one of them at a time."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._due: list[Row] = []
        self._found_at = 0.0

    def look(
        self, limit: int, gaps: Mapping[str, timedelta], but: Collection[int] = frozenset()
    ) -> Foreseen | None:
        """Return what is due, at most ``limit``, and what is known of it; None when it is no time for foresight.

        ``but`` are ids of what is being taken at this moment, and may not look so yet.
        """
        with self._worker.database.reading() as session:
            now = clock.now()
            if not _is_quiet(session, now):
                return None
            rows = self._next(session, limit, gaps, but)
            found, answers = dossiers.load_with_answers(session, [row.id for row in rows])
            if not _are_due(rows, answers, now):  # what was found a moment ago is not so any more
                self._due = []
                rows = self._next(session, limit, gaps, but)
                found, answers = dossiers.load_with_answers(session, [row.id for row in rows])
        if not rows:
            return NOTHING
        plain = _judged(self._worker, rows, found, now)
        late_after = min(dossier.late_after for dossier in found)
        return Foreseen(rows, plain, answers, _minute(now), late_after, full=len(rows) == limit)

    def _next(
        self, session: Session, limit: int, gaps: Mapping[str, timedelta], but: Collection[int]
    ) -> list[Row]:
        if len(self._due) < limit or clock.monotonic() - self._found_at > _KNOWN_SECONDS:
            self._due = claiming.look(session, limit * _BATCHES, retries.LEASE, gaps, but)
            self._found_at = clock.monotonic()
        elif but:
            self._due = [row for row in self._due if row.id not in but]
        rows, self._due = self._due[:limit], self._due[limit:]
        return rows


def _are_due(rows: Sequence[Row], answers: Answers, now: datetime) -> bool:
    """Tell whether all of them still wait, and no account of theirs rests; as SQLite says it, by texts in order."""
    at, generations = as_text(now), {row.id: row.lease_gen - 1 for row in rows}
    return (
        len(answers.rows) == len(rows)
        and all(
            row[GENERATION_AT] == generations[row[0]]
            and row[STATE_AT] == PublicationState.SCHEDULED
            and row[NEXT_AT] <= at
            for row in answers.rows
        )
        and all(not row[FREE_AT] or row[FREE_AT] <= at for row in answers.accounts)
    )


def _judged(worker: Worker, rows: Sequence[Row], found: Sequence[Dossier], now: datetime) -> list[Open]:
    """Return what may go out as it is: what its dossier alone tells of, and nothing comes before."""
    claims = {row.id: Claimed(row.id, row.ref, row.post_id, worker.name, row.lease_gen, now) for row in rows}
    seen, plain = gates.Seen(now), []
    for dossier in found:
        if gates.is_told_by(dossier):
            one = judging.judge(worker, claims[dossier.id], dossier, seen)
            if isinstance(one, Open) and not one.unready and not one.costs:
                plain.append(one)
    return plain


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
