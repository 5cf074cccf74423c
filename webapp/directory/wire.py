"""Cable: what the bodies publish today, to a draft in one click, so that all get their turn."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, directory
from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.models.directory import Owner, Region
from content_calendar.permissions import Permission
from scheduler.models import Entry, Feed, FeedStage
from webapp import dates
from webapp.dashboards.asking import draft_url, replicated_since
from webapp.dashboards.comparing import plain
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.session import db, needs, person, viewer

_P = Permission
_PAGE = 30
_MOST_TURNS = 33


class EntryMissingError(NotFoundError):
    """There is no note of that reference."""

    code = "entry_missing"


def _owners() -> Sequence[Owner]:
    # Only those who can be heard: an owner without feeds has no notes to filter by.
    heard = select(Feed.owner_id).distinct()
    return db().scalars(select(Owner).where(Owner.id.in_(heard)).order_by(Owner.short_name)).all()


def _entries(where: list[ColumnElement[bool]]) -> Sequence[Entry]:
    query = (
        select(Entry)
        .join(Owner, Owner.id == Entry.owner_id)
        .where(*where)
        .options(joinedload(Entry.owner).joinedload(Owner.region))
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(_PAGE + 1)
    )
    if (last := _after()) is not None:
        at, entry_id = last
        query = query.where(or_(Entry.published_at < at, and_(Entry.published_at == at, Entry.id < entry_id)))
    return db().scalars(query).all()


def _after() -> tuple[datetime, int] | None:
    ref = request.args.get("despues", "")
    if not ref:
        return None
    row = db().execute(select(Entry.published_at, Entry.id).where(Entry.ref == ref)).one_or_none()
    return (row[0], row[1]) if row else None


def _asked() -> tuple[dict[str, str], list[ColumnElement[bool]]]:
    asked = {name: request.args.get(name, "").strip()[:120] for name in ("organismo", "region", "buscar")}
    where: list[ColumnElement[bool]] = [Entry.hidden_at.is_(None)]
    if asked["organismo"]:
        where.append(Owner.slug == asked["organismo"])
    if asked["region"]:
        where.append(Owner.region_id.in_(select(Region.id).where(Region.slug == asked["region"])))
    if asked["buscar"]:
        where.append(
            or_(
                Entry.title.icontains(asked["buscar"], autoescape=True),
                Entry.summary.icontains(asked["buscar"], autoescape=True),
            )
        )
    return asked, where


def _turns() -> Sequence[str]:
    midnight = datetime.combine(now().astimezone(dates.zone()).date(), time(), dates.zone())
    ids = replicated_since(midnight)
    names = db().scalars(select(Owner.short_name).where(Owner.id.in_(ids)).order_by(Owner.short_name))
    return list(names)[:_MOST_TURNS] if ids else []


@blueprint.get("/cable")
@needs(_P.VIEW_WIRE)
def wire() -> str:
    """Show what the bodies publish, the newest first."""
    asked, where = _asked()
    entries = _entries(where)
    filters = {name: value for name, value in asked.items() if value}
    more = (
        url_for(".wire", **dict[str, Any](filters), despues=entries[_PAGE - 1].ref)
        if len(entries) > _PAGE
        else ""
    )
    failing = db().scalars(select(Feed.id).where(Feed.failures > 0, Feed.stage == FeedStage.ACTIVE)).all()
    return render_template(
        "directory/wire.html",
        entries=entries[:_PAGE],
        more=more,
        asked=asked,
        filtered=bool(filters) or bool(request.args.get("despues")),
        owners=_owners(),
        regions=directory.regions(db()),
        turns=_turns(),
        failing=len(failing),
        plain=plain,
        draft_url=draft_url if viewer().can(_P.WRITE_POSTS) else lambda _entry: "",
        may_hide=viewer().can(_P.EDIT_FEEDS),
        cut_off=now(),
    )


def _find(ref: str) -> Entry:
    entry = db().scalars(select(Entry).where(Entry.ref == ref)).one_or_none()
    if entry is None:
        raise EntryMissingError(ref=ref)
    return entry


@blueprint.post("/cable/<ref>/ocultar")
@needs(_P.EDIT_FEEDS)
def hide_entry(ref: str) -> BaseResponse:
    """Take a note off the wire; it can be brought back."""
    entry = _find(ref)
    db().execute(update(Entry).where(Entry.id == entry.id).values(hidden_at=now()))
    audit.record(db(), person().ref, "entry.hide", "entry", ref)
    said = {"text": gettext("La nota ya no está en el cable."), "undo_url": url_for(".show_entry", ref=ref)}
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".wire"), SEE_OTHER)


@blueprint.post("/cable/<ref>/mostrar")
@needs(_P.EDIT_FEEDS)
def show_entry(ref: str) -> BaseResponse:
    """Bring a note back to the wire."""
    entry = _find(ref)
    db().execute(update(Entry).where(Entry.id == entry.id).values(hidden_at=None))
    audit.record(db(), person().ref, "entry.show", "entry", ref)
    flash(gettext("La nota volvió al cable."), "success")
    return redirect(url_for(".wire"), SEE_OTHER)
