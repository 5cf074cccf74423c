"""The closing of an event: who came, what shows it, what was learned."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets.models import Asset
from content_calendar import event_closing, events
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.event_closing import BEST, Closing, Evidence
from content_calendar.models.events import Event, EvidenceKind
from content_calendar.permissions import Permission
from webapp.errors import status_of, tell
from webapp.event_kinds import KINDS
from webapp.events import words
from webapp.events.doors import SEE_OTHER, blueprint, require_writing
from webapp.session import db, needs, person

_NUMBERS = ("attendance", "women", "men", "others")
_MATERIAL = re.compile(r"/caja/([a-z0-9]{12})/?")
_DIGITS = 9


class AttendanceUnreadableError(InvalidError):
    """A number of people has digits only."""

    code = "event_attendance_unreadable"


def _show(event: Event, errors: Mapping[str, Sequence[str]] | None = None, status: int = 200) -> Response:
    typed = dict(request.form) if errors else _typed_of(event)
    body = render_template(
        "events/close.html",
        event=event,
        look=KINDS[event.kind],
        counts_people=event_closing.counts_people(event.kind),
        typed=typed,
        ratings=_ratings(),
        begun=event.starts_at <= now(),
        words=words,
        errors=errors or {},
    )
    return make_response(body, status)


def _ratings() -> list[dict[str, str]]:
    names = (
        gettext("Muy mal: no lo repetiría así"),
        gettext("Mal"),
        gettext("Regular"),
        gettext("Bien"),
        gettext("Muy bien: así se hace"),
    )
    return [{"value": str(n), "title": str(n), "text": name} for n, name in enumerate(names, start=1)]


def _typed_of(event: Event) -> dict[str, str]:
    numbers = {name: getattr(event, name) for name in (*_NUMBERS, "rating")}
    return {
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
        "worked": event.worked,
        "failed": event.failed,
        "evidence": "\n".join(
            url_for("toolbox.material", ref=one.said) if one.kind is EvidenceKind.ASSET else one.said
            for one in event.evidence
        ),
    }


@blueprint.get("/eventos/<ref>/cierre")
@needs(Permission.WRITE_EVENTS)
def closing(ref: str) -> Response:
    """Ask how an event went."""
    found = events.find(db(), ref)
    require_writing(found)
    events.require_standing(found)
    return _show(found)


@blueprint.post("/eventos/<ref>/cierre")
@needs(Permission.WRITE_EVENTS)
def close(ref: str) -> BaseResponse:
    """Close an event, or write its closing anew."""
    found, form = events.find(db(), ref), request.form
    require_writing(found)
    try:
        numbers = {name: _number(name) for name in _NUMBERS}
        rating = form.get("rating", "")
        said = Closing(
            **numbers,
            rating=int(rating) if rating in {str(n) for n in range(1, BEST + 1)} else None,
            worked=form.get("worked", ""),
            failed=form.get("failed", ""),
            evidence=_evidence(form.get("evidence", "")),
        )
        event_closing.close(db(), found, person(), said)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        wrong = {getattr(error, "field", None) or "attendance": [tell(error)]}
        return _show(events.find(db(), ref), wrong, status_of(error))
    flash(gettext("«%(title)s» quedó cerrado y cuenta para su meta.", title=found.title), "success")
    return redirect(url_for(".event", ref=ref, _anchor="cierre"), SEE_OTHER)


def _number(name: str) -> int | None:
    said = request.form.get(name, "").strip().replace(",", "").replace(" ", "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
        raise AttendanceUnreadableError(field=name)
    return int(said)


def _evidence(text: str) -> list[Evidence]:
    """Return what each line is: a material of our tool-box, a link, or words that say where it is kept."""
    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    refs = {line: ref for line in lines if (ref := _material(line))}
    known = set(db().scalars(select(Asset.ref).where(Asset.ref.in_(refs.values())))) if refs else set()
    return [_one(line, refs.get(line, ""), known) for line in lines]


def _one(line: str, ref: str, known: set[str]) -> Evidence:
    if ref in known:
        return Evidence(EvidenceKind.ASSET, ref)
    return Evidence(EvidenceKind.LINK if events.is_link(line) else EvidenceKind.NOTE, line)


def _material(line: str) -> str:
    try:
        parts = urlsplit(line)
    except ValueError:
        return ""
    if parts.netloc not in {"", urlsplit(request.host_url).netloc}:
        return ""
    found = _MATERIAL.fullmatch(parts.path)
    return found.group(1) if found else ""
