"""How what went out in a bimester was received: figures at one age, beside those of two bimesters to compare with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import current_app, request

from content_calendar.bimesters import BIMESTERS_A_YEAR, bimester_after, bimester_span
from content_calendar.models.directory import Body
from scheduler.results import facts
from scheduler.results.facts import Facts, Totals
from scheduler.results.keeping import Keeper, Kept
from scheduler.results.summary import Line, Ranked, Summary, summary
from webapp import dates
from webapp.calendar.choices import network_name
from webapp.dashboards import figures
from webapp.dashboards.figures import span_moments
from webapp.dashboards.measured import WINDOW_WORDS
from webapp.session import db
from webapp.words import N_

_USUAL: Final = "7d"
_EXTENSION: Final = "resuena_received"
_FIGURES: Final = "resuena_figures"
KINDS: Final[Mapping[str, str]] = {
    "post": N_("publicación"), "thread": N_("hilo"), "repost": N_("repost"), "quote": N_("cita"),
}  # fmt: skip
WEEKDAYS: Final = (
    N_("lunes"), N_("martes"), N_("miércoles"), N_("jueves"), N_("viernes"), N_("sábado"), N_("domingo"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A figure of an earlier span, and how much more it is now in percent; None where either is not known."""

    then: int | None
    percent: int | None


@dataclass(frozen=True)
class Compared:
    """The same figures of an earlier bimester."""

    year: int
    number: int
    engagements: Change
    publications: Change


@dataclass(frozen=True)
class Received:
    """What the page shows; ``names`` are those of the lines, by table and key."""

    summary: Summary
    facts: Facts
    compared: Sequence[Compared]

    @property
    def waiting(self) -> int:
        """Return how many publications have no figure at this age, yet or for ever."""
        return self.summary.total.publications - self.summary.total.measured


def age_asked() -> str:
    """Return the age at which figures are compared: what the address asks for, or seven days."""
    asked = request.args.get("edad", "")
    return asked if asked in WINDOW_WORDS else _USUAL


def received(year: int, number: int, bodies: Sequence[Body]) -> Kept[Received]:
    """Return how the bimester was received, echoes counted of these bodies; and as of when that is."""
    zone, window = dates.zone(), age_asked()
    begin, end = span_moments(*bimester_span(year, number))
    reach = frozenset(body.id for body in bodies)
    keeper: Keeper[Received] = current_app.extensions.setdefault(_EXTENSION, Keeper())
    changed = facts.stamp(db(), begin, end)
    key = (str(db().get_bind().engine.url), begin, end, window, str(zone), reach)
    return keeper.get(key, changed, lambda: _work(year, number, (begin, end), window, reach))


def figures_of(year: int, number: int, bodies: Sequence[Body]) -> Kept[figures.Summary]:
    """Return the bimester's figures of these bodies, and as of when they are."""
    begin, end = span_moments(*bimester_span(year, number))
    reach = frozenset(body.id for body in bodies)
    keeper: Keeper[figures.Summary] = current_app.extensions.setdefault(_FIGURES, Keeper())
    key = (str(db().get_bind().engine.url), begin, end, str(dates.zone()), reach)
    found = keeper.get(
        key,
        facts.stamp(db(), begin, end),
        # Without the bodies themselves: they are of one request, and what is kept is of many.
        lambda: replace(figures.summary(*bimester_span(year, number), bodies), bodies=()),
    )
    return replace(found, value=replace(found.value, bodies=bodies))


def _work(
    year: int, number: int, span: tuple[datetime, datetime], window: str, reach: frozenset[int]
) -> Received:
    found = facts.read(db(), *span, window)
    found = replace(found, echoes=[echo for echo in found.echoes if echo.body_id in reach])
    told = summary(found, dates.zone())
    before = [bimester_after(year, number, -1), bimester_after(year, number, -BIMESTERS_A_YEAR)]
    return Received(told, found, [_compared(told.total, *one, window) for one in before])


def _compared(now: Line, year: int, number: int, window: str) -> Compared:
    then: Totals = facts.totals(db(), *span_moments(*bimester_span(year, number)), window)
    return Compared(
        year,
        number,
        _change(now.engagements, then.engagements),
        _change(now.publications, then.publications or None),
    )


def _change(now: int | None, then: int | None) -> Change:
    return Change(then, round(100 * (now - then) / then) if now is not None and then else None)


def name_of(received: Received, table: str, key: object) -> str:
    """Return what a line is called; Spanish words are to be translated by whoever shows them."""
    found = received.facts
    if table == "network":
        return network_name(str(key))
    names: Mapping[str, Mapping[object, str]] = {
        "account": {
            one.id: f"@{one.handle} · {network_name(one.network)}" for one in found.accounts.values()
        },
        "region": {one.region_id: one.region or "" for one in found.accounts.values()},
        "theme": {post.theme_id: post.theme or "" for post in found.posts.values()},
        "campaign": {campaign_id: name for campaign_id, name in found.campaign_names.items()},  # noqa: C416 -- of any key
        "kind": {kind: word for kind, word in KINDS.items()},  # noqa: C416 -- of any key
    }
    return names[table].get(key, str(key))


def post_of(received: Received, ranked: Ranked) -> facts.PostRow:
    """Return the post of a place among the best or the weakest."""
    return received.facts.posts[ranked.post_id]
