"""Sheets of networks' own figures: kept while they wait, judged, taken in as readings marked so, taken back.

What a network told us itself is never overwritten; what the sheet does not say is missing, never zero.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.importing import ImportNotFoundError, ImportOverError
from content_calendar.inserting import insert_absent
from content_calendar.models.exchange import ImportStage
from content_calendar.models.people import Person
from scheduler.models import Reading
from scheduler.results import figure_columns
from scheduler.results.figure_columns import FIGURES, OF_KIND, WHICH, Told
from scheduler.results.figure_judging import Judged, Row, judge_followers, judge_readings
from scheduler.results.figure_matching import accounts_by_name, known_figures, known_followers, matched
from scheduler.results.figure_models import FigureImport, FigureKind
from scheduler.results.models import Followers
from scheduler.results.pivot import pivot

KEPT: Final = timedelta(days=14)
MOST_ROWS, MOST_COLUMNS, MOST_LISTED = 5_000, 60, 20
_LONGEST_NAME, _LONGEST_CELL = 200, 2_000
_AT_ONCE: Final = 400
_NOON: Final = time(12)


class FigureSheetEmptyError(InvalidError):
    """The sheet has no headings with rows below them."""

    code = "figure_sheet_empty"


class FigureSheetTooLongError(InvalidError):
    """It has more rows or columns than are read at once: ``rows`` and ``columns`` are the most."""

    code = "figure_sheet_too_long"


class FigureColumnsError(InvalidError):
    """The columns that were chosen do not tell what is needed."""

    code = "figure_columns_missing"


class FigureColumnTwiceError(InvalidError):
    """Two columns were said to tell the same."""

    code = "figure_column_twice"


class FigureDayError(InvalidError):
    """The day of the figures is missing, or is yet to come."""

    code = "figure_day_missing"


class NothingToTakeInError(InvalidError):
    """No row of the sheet would be written."""

    code = "figure_nothing_new"


def begin(
    session: Session,
    person: Person,
    kind: FigureKind,
    filename: str,
    rows: Sequence[Sequence[str]],
    *,
    as_of: date | None,
    window: str = "",
) -> FigureImport:
    """Keep what was read of a sheet; what waited too long is thrown away. Raises an error of this file."""
    found = figure_columns.read(rows, kind)
    if found is None or not found.rows:
        raise FigureSheetEmptyError(field="file")
    if len(found.rows) > MOST_ROWS or len(found.headings) > MOST_COLUMNS:
        raise FigureSheetTooLongError(field="file", rows=MOST_ROWS, columns=MOST_COLUMNS)
    at = now()
    session.execute(
        delete(FigureImport).where(
            FigureImport.stage.in_((ImportStage.WAITING, ImportStage.DROPPED)), FigureImport.expires_at < at
        )
    )
    made = FigureImport(
        kind=kind, filename=filename[:_LONGEST_NAME], person_id=person.id, as_of=as_of, window=window,
        headings=[one[:_LONGEST_NAME] for one in found.headings], columns=list(found.columns),
        cells=[[n, [cell[:_LONGEST_CELL] for cell in cells[:MOST_COLUMNS]]] for n, cells in found.rows],
        expires_at=at + KEPT,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, person.ref, "figures_begun", "figure_import", made.ref, rows=len(found.rows))
    return made


def find(session: Session, ref: str) -> FigureImport:
    """Return an import; raise ImportNotFoundError."""
    found = session.scalars(select(FigureImport).where(FigureImport.ref == ref)).one_or_none()
    if found is None or (found.stage is ImportStage.WAITING and found.expires_at <= now()):
        raise ImportNotFoundError(ref=ref)
    return found


def hold(session: Session, ref: str) -> FigureImport:
    """Return an import that nobody else changes until the transaction ends; raise ImportNotFoundError."""
    found = find(session, ref)
    session.refresh(found, with_for_update=True)
    return found


def listed(session: Session) -> Sequence[FigureImport]:
    """Return the last imports that were not put away, the newest first."""
    query = select(FigureImport).where(
        FigureImport.stage != ImportStage.DROPPED,
        (FigureImport.stage != ImportStage.WAITING) | (FigureImport.expires_at > now()),
    )
    return session.scalars(query.order_by(FigureImport.id.desc()).limit(MOST_LISTED)).all()


def choose(session: Session, one: FigureImport, columns: Sequence[str]) -> None:
    """Write down what each column of a held import tells. Raises ImportOverError and FigureColumnTwiceError."""
    _require_waiting(one)
    allowed = {told.value for told in OF_KIND[one.kind]}
    chosen = [name if name in allowed else "" for name in columns][: len(one.headings)]
    chosen += [""] * (len(one.headings) - len(chosen))
    twice = next((name for name in chosen if name and chosen.count(name) > 1), None)
    if twice is not None:
        raise FigureColumnTwiceError(column=twice)
    one.columns, one.expires_at = chosen, now() + KEPT
    session.flush()


def lacking(one: FigureImport) -> bool:
    """Return whether the columns do not tell what is needed: of what, and at least one figure."""
    if one.kind is FigureKind.FOLLOWERS:
        needed = {Told.ACCOUNT.value, Told.FOLLOWERS.value}
        return not needed <= set(one.columns) or not (one.as_of or Told.DAY.value in one.columns)
    return not (set(WHICH) & set(one.columns) and set(FIGURES) & set(one.columns))


def judged(session: Session, one: FigureImport, zone: tzinfo) -> Judged:
    """Return what the sheet would do; a handful of queries for every few hundred rows."""
    rows = [Row(n, cells) for n, cells in one.cells]
    if lacking(one):
        return Judged(rows, {}, {})
    today = now().astimezone(zone).date()
    if one.kind is FigureKind.FOLLOWERS:
        return judge_followers(
            rows, one.columns, accounts_by_name(session), today, one.as_of, known_followers(session)
        )
    found = matched(session, rows, one.columns)
    day = one.as_of or today
    told_at = now() if day >= today else datetime.combine(day, _NOON, zone)
    known = known_figures(session, {part.publication_id for part in found.values()})
    return judge_readings(rows, one.columns, found, told_at, one.window, known)


def take_in(session: Session, one: FigureImport, person: Person, zone: tzinfo) -> Judged:
    """Write what a held sheet tells; rows that cannot be taken are left out, as they were told.

    Raises ImportOverError, FigureColumnsError and NothingToTakeInError.
    """
    _require_waiting(one)
    if lacking(one):
        raise FigureColumnsError
    found = judged(session, one, zone)
    if not found.readings and not found.followers:
        raise NothingToTakeInError
    at = now()
    readings = [
        {
            "publication_id": key[0], "window": key[1], "metric": name, "value": value, "taken_at": at,
            "source": one.source,
        }
        for key, figures in sorted(found.readings.items())
        for name, value in figures.items()
    ]  # fmt: skip
    insert_absent(session, Reading, readings)
    pivot(session, found.readings.keys())
    insert_absent(
        session,
        Followers,
        [
            {"account_id": account, "on": on, "value": value, "source": one.source}
            for (account, on), value in sorted(found.followers.items())
        ],
    )
    one.counts = {act.value: count for act, count in found.counts.items()}
    one.stage, one.done_at = ImportStage.DONE, at
    # What is needed to take it back; the sheet itself is no longer kept.
    one.cells = [list(key) for key in sorted(found.readings)]
    session.flush()
    audit.record(session, person.ref, "figures_taken_in", "figure_import", one.ref, figures=len(readings))
    return found


def take_back(session: Session, one: FigureImport, person: Person) -> None:
    """Take out all that a held import wrote, and nothing else. Raises ImportOverError."""
    if one.stage is not ImportStage.DONE:
        raise ImportOverError
    keys = [(int(key[0]), str(key[1])) for key in one.cells]
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        session.execute(
            delete(Reading).where(
                Reading.publication_id.in_({key[0] for key in some}), Reading.source == one.source
            )
        )
    pivot(session, keys)
    session.execute(delete(Followers).where(Followers.source == one.source))
    one.stage, one.undone_at, one.cells = ImportStage.UNDONE, now(), []
    session.flush()
    audit.record(session, person.ref, "figures_taken_back", "figure_import", one.ref)


def drop(session: Session, one: FigureImport, person: Person) -> None:
    """Put a held sheet that waits away. Raises ImportOverError."""
    _require_waiting(one)
    one.stage, one.cells = ImportStage.DROPPED, []
    session.flush()
    audit.record(session, person.ref, "figures_dropped", "figure_import", one.ref)


def _require_waiting(one: FigureImport) -> None:
    if one.stage is not ImportStage.WAITING:
        raise ImportOverError
