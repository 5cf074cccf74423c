"""From facts and entries to what the calendar's macros draw: chips, notes, days, weeks, rows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from babel.dates import format_date
from flask import url_for
from flask_babel import get_locale, gettext, ngettext

from content_calendar.agenda import Entry
from content_calendar.calendar_facts import CalendarFacts, ContributionFact, SpanFact
from content_calendar.models.directory import Confidence
from content_calendar.models.plan import ContributionStage
from webapp.calendar.periods import today, weeks_of

Tile = dict[str, object]
_TONES = 9
_NO_TONE = 10
_TO = "\N{EN DASH}"
_HANDLES = 1
_LONG = timedelta(days=7)
_FREE = frozenset({"federal_holiday"})
_SURE = frozenset({Confidence.HIGH, Confidence.MEDIUM})


def tones(facts: CalendarFacts) -> Mapping[str, int]:
    """Return the tone of each theme that stands on these days, by its reference."""
    refs = dict.fromkeys(span.theme_ref for span in facts.spans)
    return {ref: number % _TONES + 1 for number, ref in enumerate(refs)}


def chip(entry: Entry, colours: Mapping[str, int]) -> Tile:
    """Return a post as a chip."""
    some = len(entry.accounts)
    return {
        "title": entry.title or gettext("Sin título"),
        "url": url_for("calendar.post", ref=entry.post_ref),
        "state": entry.state,
        "reason": entry.reason,
        "time": entry.local.strftime("%H:%M"),
        "tone": colours.get(entry.theme_ref, _NO_TONE),
        "account": ngettext("%(num)s cuenta", "%(num)s cuentas", some) if some > _HANDLES else "",
        "id": entry.post_ref,
        "movable": entry.movable,
    }


def notes(facts: CalendarFacts, first: date, last: date, *, starts_only: bool = False) -> list[Tile]:
    """Return what is to be noted on some days: silence, holidays, observances, contributions due.

    ``starts_only`` tells a long one only where it begins, so that a month is not full of it.
    """
    found: list[Tile] = []
    for silence in facts.silences:
        if silence.starts_on <= last and silence.ends_on >= first:
            who = silence.body_name or silence.state_iso or gettext("todos los organismos")
            text = gettext("Veda de %(who)s hasta el %(until)s", who=who, until=short(silence.ends_on))
            found.append({"kind": "silence", "text": text})
    for one in facts.observances:
        begins = max(one.starts_on, facts.starts_on)
        shown = first <= begins <= last if starts_only and one.ends_on - one.starts_on >= _LONG else True
        if shown and one.starts_on <= last and one.ends_on >= first:
            kind = "holiday" if one.kind in _FREE else "observance"
            text = one.name if one.confidence in _SURE else gettext("%(name)s (sin confirmar)", name=one.name)
            found.append({"kind": kind, "text": text})
    return found + _due(facts.contributions, first, last)


def _due(contributions: Sequence[ContributionFact], first: date, last: date) -> list[Tile]:
    missing: dict[tuple[str, str], int] = {}
    for one in contributions:
        if one.stage in {ContributionStage.ASKED, ContributionStage.RETURNED} and first <= one.due_on <= last:
            key = (one.theme_ref, one.theme_title)
            missing[key] = missing.get(key, 0) + 1
    return [
        {
            "kind": "owed",
            "text": ngettext(
                "Vence %(num)s aporte de «%(theme)s»",
                "Vencen %(num)s aportes de «%(theme)s»",
                count,
                theme=title,
            ),
            "url": url_for("calendar.theme", ref=ref),
        }
        for (ref, title), count in missing.items()
    ]


def days(
    facts: CalendarFacts, entries: Sequence[Entry], first: date, last: date, *, new: bool, month: int = 0
) -> list[Tile]:
    """Return each day with its notes and posts; ``new`` offers to write a post, ``month`` marks days outside."""
    by_day: dict[date, list[Tile]] = {}
    colours = tones(facts)
    for entry in entries:
        by_day.setdefault(entry.day, []).append(chip(entry, colours))
    found = []
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        found.append(
            {
                "date": day,
                "notes": notes(facts, day, day, starts_only=True),
                "posts": by_day.get(day, []),
                "outside": bool(month) and day.month != month,
                "today": day == today(),
                "new_url": url_for("calendar.new_post", dia=day.isoformat())
                if new and day >= today()
                else "",
            }
        )
    return found


def in_weeks(every: Sequence[Tile]) -> list[Sequence[Tile]]:
    """Return days in rows of seven."""
    return [every[number : number + 7] for number in range(0, len(every), 7)]


def bimester_weeks(facts: CalendarFacts) -> list[Tile]:
    """Return the columns of a bimester."""
    return [
        {
            "label": _label(first, last),
            "notes": notes(facts, first, last, starts_only=True),
            "today": first <= today() <= last,
        }
        for first, last in weeks_of(facts.starts_on, facts.ends_on)
    ]


def bimester_rows(facts: CalendarFacts, entries: Sequence[Entry], *, new: bool, whole: bool) -> list[Tile]:
    """Return the rows of a bimester: one for each theme, and one for the posts of no theme.

    ``whole`` is false while a filter leaves out most themes: then only rows with posts are shown.
    """
    weeks = weeks_of(facts.starts_on, facts.ends_on)
    colours = tones(facts)
    cells: dict[str, dict[int, list[Tile]]] = {}
    for entry in entries:
        ref = entry.theme_ref if entry.theme_ref in colours else ""
        week = next(n for n, (first, last) in enumerate(weeks) if first <= entry.day <= last)
        cells.setdefault(ref, {}).setdefault(week, []).append(chip(entry, colours))
    rows = [
        _row(span, facts.contributions, weeks, colours, cells.pop(span.theme_ref, {}), new=new)
        for span in facts.spans
    ]
    rows = [row for row in rows if whole or row["cells"]]
    if loose := cells.get(""):
        rows.append(
            {"title": gettext("Fuera de los temas"), "tone": _NO_TONE, "first": 1, "last": 0, "cells": loose}
        )
    return rows


def _row(
    span: SpanFact,
    contributions: Iterable[ContributionFact],
    weeks: Sequence[tuple[date, date]],
    colours: Mapping[str, int],
    cells: Mapping[int, list[Tile]],
    *,
    new: bool,
) -> Tile:
    touched = [n for n, (first, last) in enumerate(weeks) if first <= span.ends_on and last >= span.starts_on]
    asked = [one for one in contributions if one.theme_ref == span.theme_ref]
    given = sum(one.stage in {ContributionStage.SENT, ContributionStage.ACCEPTED} for one in asked)
    start = max(span.starts_on, today())
    return {
        "title": span.title,
        "tone": colours[span.theme_ref],
        "first": touched[0],
        "last": touched[-1],
        "url": url_for("calendar.theme", ref=span.theme_ref),
        "text": span.area,
        "owed": gettext("%(given)s de %(asked)s aportes", given=given, asked=len(asked)) if asked else "",
        "cells": cells,
        "new_url": url_for("calendar.new_post", dia=start.isoformat(), tema=span.theme_ref)
        if new and span.ends_on >= today()
        else "",
    }


def _label(first: date, last: date) -> str:
    if first == last:
        return short(first)
    if first.month == last.month:
        return f"{first.day}{_TO}{short(last)}"
    return f"{short(first)} {_TO} {short(last)}"


def short(day: date) -> str:
    """Return a day in few letters, such as "24 nov"."""
    locale = "es_MX" if str(get_locale() or "es").startswith("es") else "en"
    return format_date(day, "d MMM", locale=locale)
