"""What stands in the calendar on some days, as plain values: the posts are added by whoever shows them.

One query, however much there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, ClassVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from content_calendar import event_facts
from content_calendar.errors import InvalidError
from content_calendar.event_facts import Chosen, EventFact
from content_calendar.gathering import gather
from content_calendar.models.directory import Body, Confidence, SilenceWindow
from content_calendar.models.plan import (
    Bimester,
    Contribution,
    ContributionStage,
    Observance,
    ObservanceDate,
    Theme,
    ThemeSpan,
)
from content_calendar.observances import ObservanceRuleError, Rule, Span, occurrences, parse
from content_calendar.silence import UpsideDownSpanError

MOST_DAYS = 400


class RangeTooLongError(InvalidError):
    """Nobody looks at so many days at once. ``most`` is how many can be shown."""

    code: ClassVar[str] = "range_too_long"


@dataclass(frozen=True, slots=True)
class SpanFact:
    """A theme's band: days, both in it."""

    ref: str
    theme_ref: str
    title: str
    colour: str
    area: str
    kind: str
    starts_on: date
    ends_on: date
    note: str


@dataclass(frozen=True, slots=True)
class ContributionFact:
    """What a body gives or owes; ``due_on`` is the bimester's last day when nobody set another."""

    ref: str
    theme_ref: str
    theme_title: str
    colour: str
    body_slug: str
    body_name: str
    stage: ContributionStage
    owed: bool
    due_on: date


@dataclass(frozen=True, slots=True)
class ObservanceFact:
    """An observance that falls on these days, both in it, with how well its source confirms it."""

    slug: str
    name: str
    kind: str
    starts_on: date
    ends_on: date
    confidence: Confidence
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class ToFix:
    """An observance that a person must date each year, and nobody has yet; ``why`` is a stable code."""

    slug: str
    name: str
    year: int
    months: tuple[int, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SilenceFact:
    """Days of electoral silence of a body, a state (``state_iso``) or, when both are empty, of everybody."""

    ref: str
    body_slug: str
    body_name: str
    state_iso: str
    starts_on: date
    ends_on: date
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class CalendarFacts:
    """What stands on the days from ``starts_on`` to ``ends_on``, both in it, each list in order of days."""

    starts_on: date
    ends_on: date
    spans: Sequence[SpanFact]
    contributions: Sequence[ContributionFact]
    observances: Sequence[ObservanceFact]
    to_fix: Sequence[ToFix]
    silences: Sequence[SilenceFact]
    # What happens on them, with the further dates that fall on them.
    events: Sequence[EventFact] = ()
    # What the bimester that holds the first of these days is for.
    goal: str = ""
    # The rows of what else was asked for, by name.
    also: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)


_Rows = Sequence[tuple[Any, ...]]
_Query = Select[*tuple[Any, ...]]


def calendar_facts(
    session: Session,
    starts_on: date,
    ends_on: date,
    *,
    body_slug: str = "",
    theme_ref: str = "",
    event_kind: str = "",
    also: Mapping[str, Select[*tuple[Any, ...]]] | None = None,
) -> CalendarFacts:
    """Return what stands on some days; raise UpsideDownSpanError or RangeTooLongError.

    ``body_slug`` leaves only that body's contributions and events and the silences that reach it, ``theme_ref``
    only that theme's band, contributions and events, ``event_kind`` only events of that kind. ``also`` are short
    lists that are asked for in the same question.
    """
    if ends_on < starts_on:
        raise UpsideDownSpanError(
            field="ends_on", starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat()
        )
    if (ends_on - starts_on).days >= MOST_DAYS:
        raise RangeTooLongError(field="ends_on", most=MOST_DAYS)
    days = Span(starts_on, ends_on)
    found = gather(
        session,
        spans=_spans(days, theme_ref),
        contributions=_contributions(days, body_slug, theme_ref),
        silences=_silences(days, body_slug),
        observances=_observances(),
        dated=_dated(days),
        **event_facts.asks(starts_on, ends_on, Chosen(body_slug, theme_ref, event_kind)),
        goals=select(Bimester.goal).where(Bimester.starts_on <= starts_on, Bimester.ends_on >= starts_on),
        **(also or {}),
    )
    observed, to_fix = _occurring(found["observances"], found["dated"], days)
    return CalendarFacts(
        starts_on=starts_on,
        ends_on=ends_on,
        spans=[SpanFact(*row) for row in found["spans"]],
        contributions=[ContributionFact(*row) for row in found["contributions"]],
        observances=observed,
        to_fix=to_fix,
        silences=[_silence(row) for row in found["silences"]],
        events=event_facts.told(found),
        goal=next((goal for (goal,) in found["goals"]), ""),
        also={name: found[name] for name in also or ()},
    )


def _spans(days: Span, theme_ref: str) -> _Query:
    query = (
        select(
            ThemeSpan.ref,
            Theme.ref,
            Theme.title,
            Theme.colour,
            Theme.area,
            Theme.kind,
            ThemeSpan.starts_on,
            ThemeSpan.ends_on,
            ThemeSpan.note,
        )
        .join(Theme, Theme.id == ThemeSpan.theme_id)
        .where(ThemeSpan.starts_on <= days.ends_on, ThemeSpan.ends_on >= days.starts_on)
        .order_by(ThemeSpan.starts_on, ThemeSpan.id)
    )
    if theme_ref:
        query = query.where(Theme.ref == theme_ref)
    return query


def _contributions(days: Span, body_slug: str, theme_ref: str) -> _Query:
    due_on = func.coalesce(Contribution.due_on, Bimester.ends_on)
    query = (
        select(
            Contribution.ref,
            Theme.ref,
            Theme.title,
            Theme.colour,
            Body.slug,
            Body.short_name,
            Contribution.stage,
            Contribution.owed,
            due_on,
        )
        .join(Theme, Theme.id == Contribution.theme_id)
        .join(Body, Body.id == Contribution.body_id)
        .join(Bimester, Bimester.id == Contribution.bimester_id)
        .where(Contribution.stage != ContributionStage.DROPPED, due_on.between(days.starts_on, days.ends_on))
        .order_by(due_on, Body.state_iso, Contribution.id)
    )
    if body_slug:
        query = query.where(Body.slug == body_slug)
    if theme_ref:
        query = query.where(Theme.ref == theme_ref)
    return query


def _silences(days: Span, body_slug: str) -> _Query:
    query = (
        select(
            SilenceWindow.ref,
            Body.slug,
            Body.short_name,
            SilenceWindow.state_iso,
            SilenceWindow.starts_on,
            SilenceWindow.ends_on,
            SilenceWindow.reason,
            SilenceWindow.source,
        )
        .outerjoin(Body, Body.id == SilenceWindow.body_id)
        .where(SilenceWindow.starts_on <= days.ends_on, SilenceWindow.ends_on >= days.starts_on)
        .order_by(SilenceWindow.starts_on, SilenceWindow.id)
    )
    if body_slug:
        state = select(Body.state_iso).where(Body.slug == body_slug).correlate(None).scalar_subquery()
        everybody = SilenceWindow.body_id.is_(None) & SilenceWindow.state_iso.is_(None)
        query = query.where(or_(Body.slug == body_slug, SilenceWindow.state_iso == state, everybody))
    return query


def _silence(row: tuple[Any, ...]) -> SilenceFact:
    ref, slug, name, state_iso, first, last, reason, source = row
    return SilenceFact(ref, slug or "", name or "", state_iso or "", first, last, reason, source)


@lru_cache(maxsize=512)
def _rule(written: str) -> Rule | None:
    """Return the rule; None for one that nobody can read, which must not cost the whole calendar."""
    try:
        return parse(written)
    except ObservanceRuleError:
        return None


@lru_cache(maxsize=4096)
def _when(rule: Rule, year: int) -> Span | None:
    return occurrences(rule, year)


def _observances() -> _Query:
    return select(
        Observance.id,
        Observance.rule,
        Observance.slug,
        Observance.name,
        Observance.kind,
        Observance.confidence,
        Observance.source,
        Observance.note,
    ).order_by(Observance.id)


def _years(days: Span) -> range:
    # A week or a month of remembering that began in the year before may reach into these days.
    return range(max(days.starts_on.year - 1, date.min.year), days.ends_on.year + 1)


def _dated(days: Span) -> _Query:
    return select(
        ObservanceDate.observance_id, ObservanceDate.year, ObservanceDate.starts_on, ObservanceDate.ends_on
    ).where(ObservanceDate.year.in_(_years(days)))


def _occurring(observed: _Rows, by_hand: _Rows, days: Span) -> tuple[list[ObservanceFact], list[ToFix]]:
    dated = {(row_id, year): Span(first, last) for row_id, year, first, last in by_hand}
    facts: list[ObservanceFact] = []
    to_fix: list[ToFix] = []
    for row_id, written, slug, name, kind, confidence, source, note in observed:
        rule = _rule(written)
        for year in _years(days):
            span = dated.get((row_id, year)) or (_when(rule, year) if rule else None)
            if span is None:
                to_fix += _to_fix(slug, name, rule, year, days)
            elif span.starts_on <= days.ends_on and span.ends_on >= days.starts_on:
                facts.append(
                    ObservanceFact(slug, name, kind, span.starts_on, span.ends_on, confidence, source, note)
                )
    return sorted(facts, key=lambda fact: (fact.starts_on, fact.ends_on, fact.name)), to_fix


def _to_fix(slug: str, name: str, rule: Rule | None, year: int, days: Span) -> list[ToFix]:
    """Return what a person should date, if its usual months touch these days; one without months never does.

    A rule that cannot be read is told in any month of its year.
    """
    if rule is None:
        why, months = ObservanceRuleError.code, tuple(range(1, 13))
    elif rule.by_hand is None:
        return []
    else:
        why, months = rule.by_hand.value, rule.months
    touches = any(
        (days.starts_on.year, days.starts_on.month)
        <= (year, month)
        <= (days.ends_on.year, days.ends_on.month)
        for month in months
    )
    return [ToFix(slug, name, year, months, why)] if touches else []
