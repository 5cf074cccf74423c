"""Indicators of the policy document: their base year, and what was measured since, each value with its source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.commitments import Indicator, IndicatorValue
from content_calendar.models.people import Person

YEARS = range(1990, 2101)
SOURCE_LENGTH = 1_000
MOST_RANKED = 1_000
_LONGEST = 20


class IndicatorNotFoundError(NotFoundError):
    """There is no such indicator."""

    code = "indicator_not_found"


class IndicatorValueNotFoundError(NotFoundError):
    """Nobody wrote that value."""

    code = "indicator_value_not_found"


class IndicatorYearError(InvalidError):
    """A value is of a year, from ``first`` to ``last``."""

    code = "indicator_year"


class IndicatorNumberError(InvalidError):
    """A value is a number with a point for its decimals, or none; with it or without, there may be a rank."""

    code = "indicator_number"


class IndicatorRankError(InvalidError):
    """A rank goes from 1 to how many were ranked, ``most`` at most."""

    code = "indicator_rank"


class IndicatorSourceError(InvalidError):
    """A figure says where it comes from, in ``most`` characters."""

    code = "indicator_source"


class IndicatorValueGoneError(ConflictError):
    """The values of the policy document stay, and what was taken back is taken back."""

    code = "indicator_value_gone"


@dataclass(frozen=True)
class Point:
    """What counts of an indicator in a year; ``value`` and ``rank`` are None where the source gives none."""

    ref: str
    year: int
    value: Decimal | None
    rank: int | None
    ranked: int | None
    base: bool
    source: str


@dataclass(frozen=True)
class Series:
    """An indicator with its years in order."""

    indicator: Indicator
    points: Sequence[Point]

    @property
    def measured(self) -> Sequence[Point]:
        """Return the years that have a value."""
        return [one for one in self.points if one.value is not None]


def series(session: Session) -> Sequence[Series]:
    """Return every indicator with what counts of each year; two queries."""
    every = session.scalars(select(Indicator).order_by(Indicator.position)).all()
    points: dict[int, dict[int, Point]] = {}
    for row in session.scalars(
        select(IndicatorValue).where(IndicatorValue.taken_back_at.is_(None)).order_by(IndicatorValue.id)
    ):
        # A newer row of the same year corrects the older one.
        points.setdefault(row.indicator_id, {})[row.year] = _point(row)
    return [Series(one, _in_order(points.get(one.id, {}))) for one in every]


def _in_order(by_year: Mapping[int, Point]) -> Sequence[Point]:
    return [by_year[year] for year in sorted(by_year)]


def _point(row: IndicatorValue) -> Point:
    value = Decimal(row.value) if row.value else None
    return Point(row.ref, row.year, value, row.rank, row.ranked, row.base, row.source)


def find(session: Session, ref: str) -> Indicator:
    """Return the indicator of that reference; raise IndicatorNotFoundError."""
    row = session.scalars(select(Indicator).where(Indicator.ref == ref)).one_or_none()
    if row is None:
        raise IndicatorNotFoundError(ref=ref)
    return row


@dataclass(frozen=True)
class ValueFields:
    """What a person writes of an indicator in a year; the value as it was typed."""

    year: int | None
    value: str
    rank: int | None
    ranked: int | None
    source: str


def add_value(session: Session, indicator: Indicator, fields: ValueFields, by: Person) -> IndicatorValue:
    """Write what an indicator was in a year; it corrects what was written of that year before.

    Raises IndicatorYearError, IndicatorNumberError, IndicatorRankError, IndicatorSourceError.
    """
    if fields.year not in YEARS or fields.year is None:
        raise IndicatorYearError(field="year", first=str(YEARS[0]), last=str(YEARS[-1]))
    value = _decimal(fields.value)
    if not value and fields.rank is None:
        raise IndicatorNumberError(field="value")
    if fields.ranked is not None and not 1 <= fields.ranked <= MOST_RANKED:
        raise IndicatorRankError(field="ranked", most=MOST_RANKED)
    if fields.rank is not None and not 1 <= fields.rank <= (fields.ranked or MOST_RANKED):
        raise IndicatorRankError(field="rank", most=fields.ranked or MOST_RANKED)
    source = fields.source.strip()
    if not source or len(source) > SOURCE_LENGTH:
        raise IndicatorSourceError(field="source", most=SOURCE_LENGTH)
    row = IndicatorValue(
        indicator_id=indicator.id, year=fields.year, value=value, rank=fields.rank, ranked=fields.ranked,
        source=source, said_by_id=by.id, said_at=now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "indicator_value_added", "indicator", indicator.ref, year=fields.year)
    return row


def _decimal(typed: str) -> str:
    bare = typed.strip().replace(",", ".")
    if not bare:
        return ""
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise IndicatorNumberError(field="value") from None
    if not value.is_finite() or len(bare) > _LONGEST:
        raise IndicatorNumberError(field="value")
    return format(value, "f")[:_LONGEST]


def take_back(session: Session, ref: str, by: Person) -> None:
    """Take a value back: what was written of that year before counts again.

    Raises IndicatorValueNotFoundError, IndicatorValueGoneError for one that a person did not write.
    """
    row = session.scalars(select(IndicatorValue).where(IndicatorValue.ref == ref)).one_or_none()
    if row is None:
        raise IndicatorValueNotFoundError(ref=ref)
    if row.taken_back_at is not None or row.said_by_id is None:
        raise IndicatorValueGoneError
    row.taken_back_at = now()
    session.flush()
    audit.record(session, by.ref, "indicator_value_taken_back", "indicator_value", ref)
