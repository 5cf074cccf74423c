"""Bitácora: who did what, and when, in a chain that shows when somebody changed it; with filters, and to take along."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson
from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit_chain
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.sealing import AuditSeal
from content_calendar.permissions import Permission
from webapp.account.views import blueprint
from webapp.errors import sentence
from webapp.inputs import small
from webapp.session import database, db, needs, settings

_PAGE = 50
_BATCH = 1000
_FIRST_YEAR = 1900
_SEE_OTHER, _LONGEST = 303, 60
_COLUMNS = ("n", "hash", "id", "at", "actor", "act", "kind", "subject", "details")


def tell_fault(fault: audit_chain.Fault) -> str:
    """Return a fault of the chain as a sentence."""
    return sentence(fault.code, {"n": fault.n, "event": fault.event_id})


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    # Nearer the calendar's ends a zone's shift would lead beyond them.
    return day if _FIRST_YEAR < day.year < date.max.year else None


def _filtered(
    query: Select[AuditEvent, int, str],
) -> Select[AuditEvent, int, str]:
    """Narrow to what the address asks for: an act, whoever did it, what it was done to, a span of days."""
    if act := request.args.get("que", "")[:_LONGEST]:
        query = query.where(AuditEvent.act == act)
    if actor := request.args.get("quien", "")[:_LONGEST]:
        query = query.where(AuditEvent.actor_ref == ("" if actor == "resuena" else actor))
    if about := request.args.get("sobre", "").strip()[:_LONGEST]:
        query = query.where(AuditEvent.subject_ref == about)
    zone = ZoneInfo(settings().zone)
    if since := _day("desde"):
        query = query.where(AuditEvent.at >= datetime.combine(since, time(), zone))
    if until := _day("hasta"):
        query = query.where(AuditEvent.at < datetime.combine(until + timedelta(days=1), time(), zone))
    return query


def _rows() -> Select[AuditEvent, int, str]:
    return select(AuditEvent, AuditSeal.n, AuditSeal.hash).outerjoin(
        AuditSeal, AuditSeal.event_id == AuditEvent.id
    )


@blueprint.get("/sistema/bitacora")
@needs(Permission.VIEW_SYSTEM)
def trail() -> str:
    """Show who did what, the newest first, a page at a time."""
    query = _filtered(_rows()).order_by(AuditEvent.id.desc()).limit(_PAGE + 1)
    if before := request.args.get("antes", type=small):
        query = query.where(AuditEvent.id < before)
    events = db().execute(query).all()
    shown = events[:_PAGE]
    people = db().execute(select(Person.ref, Person.name).order_by(Person.name)).all()
    asked = {name: value for name, value in request.args.items() if name in _ASKED and value}
    return render_template(
        "account/trail.html",
        events=shown,
        names={row.ref: row.name for row in people},
        people=[("resuena", gettext("Resuena")), *((ref, name) for ref, name in people)],
        acts=[(act, act) for act in db().scalars(select(AuditEvent.act).distinct().order_by(AuditEvent.act))],
        asked=asked,
        more=shown[-1][0].id if len(events) > _PAGE else None,
        unsealed=db().scalar(
            select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
            .where(AuditSeal.n.is_(None))
        ),
    )  # fmt: skip


_ASKED = frozenset({"que", "quien", "sobre", "desde", "hasta"})


@blueprint.post("/sistema/bitacora/comprobar")
@needs(Permission.VIEW_SYSTEM)
def check_trail() -> BaseResponse:
    """Go over the whole chain, and say what was found."""
    with database().reading() as session:
        told = audit_chain.check(session)
    if told.faults:
        flash(" ".join(tell_fault(fault) for fault in told.faults[:5]), "error")
    else:
        flash(
            gettext(
                "La bitácora está completa: %(sealed)s renglones sellados, %(unsealed)s por sellar. "
                "Último sello: %(n)s:%(head)s",
                sealed=told.sealed, unsealed=told.unsealed, n=told.sealed, head=told.head,
            ),
            "success",
        )  # fmt: skip
    return redirect(url_for("account.trail"), _SEE_OTHER)


@blueprint.get("/sistema/bitacora.<kind>")
@needs(Permission.VIEW_SYSTEM)
def export_trail(kind: str) -> Response:
    """Hand out the trail, filtered as on the page, with the hashes: a sheet, or a JSON object a line."""
    writers = {"csv": ("text/csv", _as_csv), "jsonl": ("application/jsonl", _as_lines)}
    if kind not in writers:
        raise NotFound
    media, write = writers[kind]
    response = Response(stream_with_context(write(_every())), mimetype=media)
    response.headers["Content-Disposition"] = f"attachment; filename=bitacora.{kind}"
    return response


def _every() -> Iterator[dict[str, object]]:
    query, after = _filtered(_rows()).order_by(AuditEvent.id).limit(_BATCH), 0
    with database().reading() as session:
        while True:
            rows = session.execute(query.where(AuditEvent.id > after)).all()
            for event, n, hashed in rows:
                yield {"n": n, "hash": hashed, **orjson.loads(audit_chain.canonical(event))}
                after = event.id
            session.expunge_all()
            if len(rows) < _BATCH:
                return


def _as_lines(rows: Iterator[dict[str, object]]) -> Iterator[bytes]:
    for row in rows:
        yield orjson.dumps(row, option=orjson.OPT_SORT_KEYS) + b"\n"


def _as_csv(rows: Iterator[dict[str, object]]) -> Iterator[bytes]:
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(_COLUMNS)
    for row in rows:
        details = orjson.dumps(row["details"], option=orjson.OPT_SORT_KEYS).decode()
        writer.writerow([details if name == "details" else row[name] for name in _COLUMNS])
        yield page.getvalue().encode()
        page.seek(0)
        page.truncate()
    yield page.getvalue().encode()
