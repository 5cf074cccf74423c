"""Clashes as the boards and the move form tell them: which posts, and a sentence each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from content_calendar.agenda import Entry
from content_calendar.clashes import Clash, ClashKind, Saying, clashes, empty_spans
from content_calendar.states import PublicationState
from webapp.calendar.choices import network_name
from webapp.calendar.periods import Filters, today, weeks_of
from webapp.dates import day_words

_GONE = frozenset({PublicationState.CANCELLED, PublicationState.EXPIRED, PublicationState.FAILED})
_SHOWN = 6
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Warned:
    """A sentence about a clash, and where one sees it."""

    text: str
    url: str = ""


def sayings(entries: Iterable[Entry]) -> list[Saying]:
    """Return who says what when, of what has not been withdrawn."""
    return [
        Saying(entry.post_ref, f"{network}/{handle}", entry.due_at, entry.local)
        for entry in entries
        if entry.state not in _GONE
        for handle, network in zip(entry.accounts, entry.networks, strict=True)
    ]


def coming(entries: Iterable[Entry]) -> list[Clash]:
    """Return the clashes of today and of the days to come: those of the past can be mended no more."""
    since = today()
    # Yesterday's too: one hour may be of two days, where posts keep clocks of their own.
    near = (entry for entry in entries if entry.day >= since - _A_DAY)
    return [one for one in clashes(sayings(near)) if one.day >= since]


def sentence(one: Clash) -> str:
    """Return a clash in words."""
    network, _, handle = one.account.partition("/")
    count = len(one.post_refs)
    said = {"account": f"@{handle.lstrip('@')} ({network_name(network)})", "day": day_words(one.day)}
    told: str
    if one.kind is ClashKind.SAME_HOUR:
        told = ngettext(
            "%(account)s tiene %(num)s publicación: %(day)s, a las %(hour)s h.",
            "%(account)s tiene %(num)s publicaciones en la misma hora: %(day)s, a las %(hour)s h.",
            count,
            hour=f"{one.hour or 0:02}",
            **said,
        )
    else:
        told = ngettext(
            "%(account)s tiene %(num)s publicación: %(day)s.",
            "%(account)s tiene %(num)s publicaciones el mismo día, y son muchas: %(day)s.",
            count,
            **said,
        )
    return told


def warned(
    found: Sequence[Clash], entries: Collection[Entry], empty: tuple[date, date] | None, filters: Filters
) -> list[Warned]:
    """Return what the board warns of: clashes, and the weeks of ``empty`` (days, both in it) with nothing on them."""
    told = [
        Warned(sentence(one), url_for("calendar.day", iso=one.day.isoformat(), **filters))
        for one in found[:_SHOWN]
    ]
    if (more := len(found) - _SHOWN) > 0:
        told.append(Warned(ngettext("Y %(num)s choque más.", "Y %(num)s choques más.", more)))
    if empty and entries:
        told += [Warned(text) for text in _empty_weeks(entries, empty)]
    return told


def _empty_weeks(entries: Iterable[Entry], span: tuple[date, date]) -> list[str]:
    days = {entry.day for entry in entries if entry.state not in _GONE}
    weeks = [week for week in weeks_of(*span) if week[1] >= today()]
    joined: list[tuple[date, date]] = []
    for first, last in empty_spans(weeks, days):
        if joined and (first - joined[-1][1]).days == 1:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return [
        gettext("Nada sale del %(first)s al %(last)s.", first=day_words(first), last=day_words(last))
        for first, last in joined
    ]
