"""``/api/v1/wire``: the notes of the wire for a body's own site, and how the promise of every day was kept.

A page is asked for by the reference of the last note of the one before (``despues``): the order is that of the
screen, the newest first, and what is added meanwhile stands before it.
"""

from typing import Any

from flask import Response, request, url_for

from assets.models import KeyScope
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from scheduler.listening.identity import without_tracking
from scheduler.relaying.days import Replica
from scheduler.relaying.streak import Mark
from scheduler.relaying.topics import plain
from webapp.api.bearer import opens, tagged
from webapp.api.operations import MOST, USUAL, Operation, described
from webapp.api.views import blueprint, number
from webapp.session import db
from webapp.wire import days_page, glance, listing
from webapp.wire.listing import Row
from webapp.words import N_

_FILTERS = ("organismo", "region", "tema", "de", "buscar")


class BimesterInvalidError(InvalidError):
    """A bimester is a year and a number from 1 to 6, as in 2026-6."""

    code = "bimester_invalid"


@blueprint.get("/wire")
@opens(KeyScope.WIRE, Permission.VIEW_WIRE)
@described(
    Operation(
        N_("Lo que publican los organismos, las comisiones y las coordinaciones: lo más nuevo primero."),
        "WireEntries",
        KeyScope.WIRE,
        ("limit", "despues", *_FILTERS),
        topic="wire",
        tagged=True,
    )
)
def wire_entries() -> Response:
    """Return the notes of the wire, the newest first."""
    limit = number("limit", USUAL, MOST)
    asked = {name: value for name, value in listing.asked().items() if name in _FILTERS}
    after = listing.place_of(db(), ref) if (ref := request.args.get("despues", "")) else None
    rows = listing.rows(db(), listing.conditions(asked), after, limit + 1)
    shown = rows[:limit]
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    following = (
        url_for(".wire_entries", despues=shown[-1].entry.ref, limit=limit, **kept)
        if len(rows) > limit
        else None
    )
    return tagged({"items": [_entry(row) for row in shown], "next": following}, now().isoformat())


def _entry(row: Row) -> dict[str, Any]:
    entry = row.entry
    return {
        "ref": entry.ref,
        "owner": entry.owner.slug,
        "owner_name": entry.owner.short_name,
        "owner_kind": entry.owner.kind.value,
        "region": entry.owner.region.slug if entry.owner.region else None,
        "title": entry.title,
        "summary": " ".join(plain(entry.summary).split()),
        "link": without_tracking(entry.link) or None,
        "published_at": entry.published_at.isoformat(),
        "dated": entry.dated,
        "theme": row.theme.title if row.theme else None,
    }


@blueprint.get("/wire/streak")
@opens(KeyScope.WIRE, Permission.VIEW_WIRE)
@described(
    Operation(
        N_("Lo que la Comisión replicó cada día de un bimestre, y los días sin réplica."),
        "WireStreak",
        KeyScope.WIRE,
        ("bimestre",),
        topic="wire",
        tagged=True,
    )
)
def wire_streak() -> Response:
    """Return what was replicated on each day of a bimester (``bimestre``, today's without it), and the days missed."""
    year, number_of = _bimester()
    shown, kept = days_page.period(year, number_of), glance.kept()
    first, last = bimester_span(year, number_of)
    return tagged(
        {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "kept": shown.streak.count(Mark.KEPT),
            "owed": shown.streak.owed,
            "extra": shown.streak.count(Mark.EXTRA),
            "missed": [day.isoformat() for day in shown.streak.missed],
            "present": kept.present,
            "longest": kept.longest,
            "days": [
                {
                    "on": square.day.on.isoformat(),
                    "mark": square.day.mark.value,
                    "rest": square.rest or None,
                    "replicas": [_replica(one) for one in square.replicas],
                }
                for square in shown.squares
            ],
        },
        now().isoformat(),
    )


def _bimester() -> tuple[int, int]:
    asked = request.args.get("bimestre", "")
    if not asked:
        return bimester_of(glance.today())
    year, _, which = asked.partition("-")
    if not (year.isdecimal() and which.isdecimal() and len(year) == 4 and len(which) == 1):  # noqa: PLR2004 -- as 2026-6
        raise BimesterInvalidError(field="bimestre")
    return int(year), int(which)


def _replica(one: Replica) -> dict[str, Any]:
    return {
        "owner": one.owner_slug,
        "kind": one.kind.value,
        "title": one.title or None,
        "network": one.network or None,
        "link": one.link or None,
        "declared": not one.post_ref,
        "rehearsed": one.rehearsed,
    }
