"""From facts and entries to what the calendar's macros draw: chips, notes, days, weeks, rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from content_calendar.agenda import Entry
from content_calendar.calendar_facts import CalendarFacts, ContributionFact, SpanFact
from content_calendar.models.directory import Confidence
from content_calendar.models.plan import ContributionStage
from content_calendar.wall_time import wall_time
from webapp.calendar.clocks import place
from webapp.calendar.event_notes import event_notes
from webapp.calendar.periods import Filters, day_url, short, today, week_url, weeks_of

Tile = dict[str, object]
_TONES = 9
_NO_TONE = 10
_TO = "\N{EN DASH}"
_HANDLES = 1
_NAMED = 3
_WORKING_HOURS = 8, 20
_LONG = timedelta(days=7)
# More than these in one place is a wall of text: the rest is a link away.
IN_A_DAY, _IN_A_WEEK = 6, 5
_FREE = frozenset({"federal_holiday"})
_SURE = frozenset({Confidence.HIGH, Confidence.MEDIUM})


def tones(facts: CalendarFacts) -> Mapping[str, int]:
    """Return the tone of each theme that stands on these days, by its reference."""
    refs = dict.fromkeys(span.theme_ref for span in facts.spans)
    return {ref: number % _TONES + 1 for number, ref in enumerate(refs)}


@dataclass(frozen=True)
class Ink:
    """What a chip is drawn with, besides its post.

    ``clashing`` are references of posts that are in each other's way. ``writes``: the reader may move and write;
    ``choosing``: they choose several. ``page`` is a post's address with a hyphen in its reference's place.
    """

    colours: Mapping[str, int]
    zone: str
    writes: bool = False
    choosing: bool = False
    clashing: Collection[str] = frozenset()
    filters: Filters = field(default_factory=dict)
    page: str = ""
    mover: str = ""


def ink(facts: CalendarFacts, zone: str, **more: Any) -> Ink:  # noqa: ANN401 -- the rest of Ink's own fields
    """Return the ink of a board, for a reader whose clock is that of ``zone``."""
    page, mover = (url_for(name, ref="-") for name in ("calendar.post", "calendar.ask_moment"))
    return Ink(tones(facts), zone, page=page, mover=mover, **more)


def chip(entry: Entry, with_: Ink) -> Tile:
    """Return a post as a chip."""
    some = len(entry.accounts)
    handles = ", ".join(f"@{handle.lstrip('@')}" for handle in entry.accounts[:_NAMED])
    return {
        "title": entry.title or gettext("Sin título"),
        "url": with_.page.replace("-", entry.post_ref),
        "state": entry.state,
        "reason": entry.reason,
        "time": entry.local.strftime("%H:%M"),
        "clocks": other_clocks(entry, with_.zone),
        "tone": with_.colours.get(entry.theme_ref, _NO_TONE),
        "account": ngettext("%(num)s cuenta", "%(num)s cuentas", some) if some > _HANDLES else "",
        "handles": f"{handles}…" if some > _NAMED else handles,
        "id": entry.post_ref,
        "local": entry.local.isoformat(),
        "zone": entry.zone,
        "movable": entry.movable and with_.writes,
        "move_url": with_.mover.replace("-", entry.post_ref) if entry.movable and with_.writes else "",
        "choosing": with_.choosing,
        "clash": entry.post_ref in with_.clashing,
    }


def other_clocks(entry: Entry, zone: str) -> list[str]:
    """Return the hour of the reader's clock, and that of the post's own bodies, where they show another."""
    homes = set(entry.homes)
    others = dict.fromkeys([zone, *(homes if len(homes) == 1 else ())])
    said = []
    for one in others:
        if one == entry.zone:
            continue
        local = wall_time(entry.due_at, one)
        if local != entry.local:
            hour = local.strftime("%H:%M")
            if local.date() != entry.day:
                hour = f"{short(local.date())} {hour}"
            said.append(
                gettext("%(hour)s en tu reloj", hour=hour)
                if one == zone
                else gettext("%(hour)s en %(place)s", hour=hour, place=place(one))
            )
    return said


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
    facts: CalendarFacts, entries: Sequence[Entry], with_: Ink, *, month: int = 0, most: int = 0
) -> list[Tile]:
    """Return each day with its notes and posts; ``month`` marks days outside, ``most`` cuts long days with a link."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    found = []
    for number in range((facts.ends_on - facts.starts_on).days + 1):
        day = facts.starts_on + timedelta(days=number)
        here = by_day.get(day, [])
        shown = here[:most] if most else here
        found.append(
            {
                "date": day,
                "url": day_url(day, with_.filters),
                "notes": [*notes(facts, day, day, starts_only=True), *event_notes(facts, day, day)],
                "posts": [chip(entry, with_) for entry in shown],
                "more": len(here) - len(shown),
                "outside": bool(month) and day.month != month,
                "today": day == today(),
                "open": with_.writes and day >= today(),
                "new_url": url_for("calendar.new_post", dia=day.isoformat())
                if with_.writes and day >= today()
                else "",
            }
        )
    return found


def hours(entries: Sequence[Entry], day: date, with_: Ink) -> list[Tile]:
    """Return the hours of a working day, and those outside of it that have posts, with their posts."""
    by_hour: dict[int, list[Tile]] = {}
    for entry in entries:
        by_hour.setdefault(entry.local.hour, []).append(chip(entry, with_))
    shown = sorted({*range(*_WORKING_HOURS), *by_hour})
    return [
        {
            "hour": hour,
            "label": f"{hour:02}:00",
            "posts": by_hour.get(hour, []),
            "date": day,
            "open": with_.writes and day >= today(),
        }
        for hour in shown
    ]


def band(span: SpanFact, with_: Ink) -> Tile:
    """Return a theme that stands on a day, as a word in its colour."""
    return {
        "title": span.title,
        "tone": with_.colours[span.theme_ref],
        "url": url_for("calendar.theme", ref=span.theme_ref),
    }


def in_weeks(every: Sequence[Tile]) -> list[Sequence[Tile]]:
    """Return days in rows of seven."""
    return [every[number : number + 7] for number in range(0, len(every), 7)]


def bimester_weeks(facts: CalendarFacts) -> list[Tile]:
    """Return the columns of a bimester."""
    return [
        {
            "label": _label(first, last),
            "first": first,
            "last": last,
            "notes": notes(facts, first, last, starts_only=True),
            "events": event_notes(facts, first, last),
            "today": first <= today() <= last,
            "open": last >= today(),
        }
        for first, last in weeks_of(facts.starts_on, facts.ends_on)
    ]


def bimester_rows(facts: CalendarFacts, entries: Sequence[Entry], with_: Ink, *, whole: bool) -> list[Tile]:
    """Return the rows of a bimester: one for each theme, and one for the posts of no theme.

    ``whole`` is false while a filter leaves out most themes: then only rows with posts are shown.
    """
    weeks = weeks_of(facts.starts_on, facts.ends_on)
    # Looked up and not searched for: a full bimester has thousands of entries.
    week_of = {
        first + timedelta(days=day): n
        for n, (first, last) in enumerate(weeks)
        for day in range((last - first).days + 1)
    }
    grouped: dict[str, dict[int, list[Entry]]] = {}
    for entry in entries:
        ref = entry.theme_ref if entry.theme_ref in with_.colours else ""
        grouped.setdefault(ref, {}).setdefault(week_of[entry.day], []).append(entry)
    cells = {ref: _cells(some, weeks, ref, with_) for ref, some in grouped.items()}
    rows = [
        {**_row(span, facts.contributions, weeks, with_), "cells": cells.pop(span.theme_ref, {})}
        for span in facts.spans
    ]
    rows = [row for row in rows if whole or row["cells"]]
    if loose := cells.get(""):
        rows.append(
            {
                "title": gettext("Fuera de los temas"),
                "open": with_.writes,
                "tone": _NO_TONE,
                "first": 1,
                "last": 0,
                "cells": loose,
            }
        )
    return rows


def _cells(
    some: Mapping[int, Sequence[Entry]], weeks: Sequence[tuple[date, date]], ref: str, with_: Ink
) -> dict[int, Tile]:
    theme = {"tema": ref} if ref else {}
    return {
        week: {
            "posts": [chip(entry, with_) for entry in here[:_IN_A_WEEK]],
            "more": max(0, len(here) - _IN_A_WEEK),
            "url": week_url(weeks[week][0], {**with_.filters, **theme}),
        }
        for week, here in some.items()
    }


def _row(
    span: SpanFact,
    contributions: Iterable[ContributionFact],
    weeks: Sequence[tuple[date, date]],
    with_: Ink,
) -> Tile:
    touched = [n for n, (first, last) in enumerate(weeks) if first <= span.ends_on and last >= span.starts_on]
    asked = [one for one in contributions if one.theme_ref == span.theme_ref]
    given = sum(one.stage in {ContributionStage.SENT, ContributionStage.ACCEPTED} for one in asked)
    start = max(span.starts_on, today())
    return {
        "title": span.title,
        "open": with_.writes,
        "tone": with_.colours[span.theme_ref],
        "first": touched[0],
        "last": touched[-1],
        "url": url_for("calendar.theme", ref=span.theme_ref),
        "text": span.area,
        "owed": gettext("%(given)s de %(asked)s aportes", given=given, asked=len(asked)) if asked else "",
        "new_url": url_for("calendar.new_post", dia=start.isoformat(), tema=span.theme_ref)
        if with_.writes and span.ends_on >= today()
        else "",
    }


def _label(first: date, last: date) -> str:
    if first == last:
        return short(first)
    if first.month == last.month:
        return f"{first.day}{_TO}{short(last)}"
    return f"{short(first)} {_TO} {short(last)}"
