"""Actividad por mes: who received, replicated and contributed, who fell silent, and the same as a file."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter
from flask import Response, render_template, request, url_for
from flask_babel import gettext

from content_calendar import allies, ally_activity, directory
from content_calendar.allies import Place
from content_calendar.ally_activity import MONTHS_SHOWN, Deed, Deeds, Month
from content_calendar.clock import now
from content_calendar.models.allies import Ally, ConsentStanding
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp import dates
from webapp.allies.doors import blueprint, here, today, within
from webapp.allies.listing import asked, filter_options
from webapp.exchange.doors import XLSX, file_answer
from webapp.inputs import small
from webapp.session import db, needs, settings, viewer
from webapp.sheets import csv_answer, neutral

_P = Permission
_PAGE = 50
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def _months() -> list[Month]:
    return ally_activity.months_back(today(), MONTHS_SHOWN)


@blueprint.get("/facilitadores/actividad")
@needs(_P.VIEW_ALLIES)
def activity() -> str:
    """Show who was active in the last months, and who fell silent."""
    places = allies.places(db())
    wanted = asked(places)
    found = [one for one in allies.listed(db(), wanted) if one.consent is ConsentStanding.GIVEN]
    months = _months()
    deeds = ally_activity.by_month(db(), months, here())
    silent = ally_activity.silent(db(), here(), within())
    pages = max(1, -(-len(found) // _PAGE))
    page = min(max(request.args.get("pagina", 1, type=small), 1), pages)
    return render_template(
        "allies/activity.html",
        found=found[(page - 1) * _PAGE : page * _PAGE],
        total=len(found),
        months=[(one, dates.month_words(date(*one, 1))) for one in months],
        deeds=deeds,
        joined={one.id: ally_activity.month_of(one.consent_at or one.registered_at, here()) for one in found},
        active={one: sum(one in deeds.get(ally.id, {}) for ally in found) for one in months},
        silent=silent,
        to_ask=sum(not one.asked and bool(one.ally.email) for one in silent),
        months_silent=ally_activity.SILENT_MONTHS,
        places=places,
        page=page,
        pages=pages,
        page_url=lambda n: url_for(".activity", **{**request.args, "pagina": n}),
        all_deeds=words.DEEDS,
        may_edit=viewer().can(_P.EDIT_ALLIES),
        mails=bool(settings().mail_host and settings().public_url),
        cut_off=now(),
        words=words,
        **filter_options(),
    )


@blueprint.get("/facilitadores/actividad.<any(csv, xlsx):kind>")
@needs(_P.VIEW_ALLIES)
def activity_file(kind: str) -> Response:
    """Hand out the table, with the filters of the address; no e-mail is in it."""
    places = allies.places(db())
    wanted = asked(places)
    found = [one for one in allies.listed(db(), wanted) if one.consent is ConsentStanding.GIVEN]
    months = _months()
    rows = _rows(found, places, months, ally_activity.by_month(db(), months, here()))
    if kind == "csv":
        answer = csv_answer("actividad-facilitadores", rows)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer
    return file_answer(_workbook(rows), "actividad-facilitadores.xlsx", XLSX)


def _rows(
    found: Sequence[Ally], places: Mapping[str, Place], months: Sequence[Month], deeds: Deeds
) -> list[list[object]]:
    regions = {one.id: one.name for one in directory.regions(db())}
    head: list[object] = [
        gettext("Nombre"),
        gettext("Tipo"),
        gettext("Estado"),
        gettext("Región"),
        gettext("Sector"),
        *(f"{month[0]}-{month[1]:02}" for month in months),
    ]
    table = [head]
    for one in found:
        place = places.get(one.state_iso)
        table.append(
            [
                one.name,
                gettext(words.KINDS[one.kind]),
                place.name if place else gettext("Nacional"),
                regions.get(place.region_id or 0, "") if place else "",
                words.sector_of(one.sector).replace("—", ""),
                *(_said(deeds.get(one.id, {}).get(month, frozenset())) for month in months),
            ]
        )
    return table


def _said(deeds: frozenset[Deed]) -> str:
    return ", ".join(gettext(words.DEEDS[one][0]) for one in Deed if one in deeds)


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Return the rows as a workbook in which no cell is ever a formula."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        book.set_properties({"author": "Resuena", "created": datetime(2026, 1, 1)})  # noqa: DTZ001 -- the file's own clock has no zone; one date for equal files
        sheet = book.add_worksheet(gettext("Actividad"))
        bold, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        guarded = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(rows[0]) - 1, 18)
        for n, row in enumerate(rows):
            for place, cell in enumerate(row):
                look = bold if n == 0 else (guarded if neutral(cell) != cell else plain)
                sheet.write_string(n, place, str(cell), look)
        sheet.freeze_panes(1, 1)
    return written.getvalue()
