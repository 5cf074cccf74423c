"""The form of an event: new, with what its kind usually is, or edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import event_posts, event_templates, events
from content_calendar.errors import ConflictError, ForbiddenError, InvalidError
from content_calendar.events import Deadline, EventFields
from content_calendar.models.audiences import Audience
from content_calendar.models.directory import Body
from content_calendar.models.events import Event, EventKind
from content_calendar.models.plan import Theme
from content_calendar.permissions import Permission
from webapp.calendar import clocks
from webapp.calendar.audience_words import audience_options
from webapp.calendar.periods import today
from webapp.errors import status_of, tell
from webapp.event_kinds import KINDS, kind_options
from webapp.events.doors import SEE_OTHER, UNPROCESSABLE, blueprint, may_write, require_writing
from webapp.inputs import small
from webapp.session import db, needs, person, settings, viewer

_AHEAD = timedelta(days=14)
_FARTHEST = timedelta(days=366)
_MORE_ROWS = 2


@dataclass
class Typed:
    """What stands in the form, as text."""

    kind: EventKind
    title: str = ""
    description: str = ""
    starts_date: str = ""
    starts_time: str = ""
    ends_date: str = ""
    ends_time: str = ""
    zone: str = ""
    all_day: bool = False
    place: str = ""
    link: str = ""
    body: str = ""
    theme: str = ""
    audiences: Sequence[str] = ()
    edition: int = 0
    # (reference, name, day) each.
    deadlines: list[tuple[str, str, str]] = field(default_factory=list)


class _FormError(InvalidError):
    """What was typed is no day or hour."""

    code = "event_when_unreadable"


def _new(kind: EventKind) -> Typed:
    look = KINDS[kind]
    try:
        day = date.fromisoformat(request.args.get("dia", ""))
    except ValueError:
        day = today() + _AHEAD
    # So far ahead the event's last day would have no date.
    if day > date.max - _FARTHEST:
        day = today() + _AHEAD
    begins = datetime(day.year, day.month, day.day, look.hour)  # noqa: DTZ001 -- a wall time, its zone stands beside it
    ends = begins + timedelta(minutes=look.minutes)
    last = day + timedelta(days=look.days - 1) if look.all_day else ends.date()
    theme = request.args.get("tema", "")
    bodies = _bodies()
    own = [] if viewer().can(Permission.EDIT_PLAN) else bodies
    return Typed(
        kind,
        starts_date=day.isoformat(),
        starts_time="" if look.all_day else begins.strftime("%H:%M"),
        ends_date=last.isoformat(),
        ends_time="" if look.all_day else ends.strftime("%H:%M"),
        zone=own[0].zone if own else settings().zone,
        all_day=look.all_day,
        body=own[0].slug if own else request.args.get("organismo", ""),
        theme=theme,
        deadlines=[("", gettext(name), "") for name in look.deadlines],
    )


def _of(event: Event) -> Typed:
    return Typed(
        event.kind,
        title=event.title,
        description=event.description,
        starts_date=event.starts_local[:10],
        starts_time="" if event.all_day else event.starts_local[11:16],
        ends_date=event.ends_local[:10],
        ends_time="" if event.all_day else event.ends_local[11:16],
        zone=event.zone,
        all_day=event.all_day,
        place=event.place,
        link=event.link,
        body=event.body.slug if event.body else "",
        theme=event.theme.ref if event.theme else "",
        audiences=[one.value for one in events.audiences_of(db(), event)],
        edition=event.edition,
        deadlines=[(one.ref, one.name, one.due_on.isoformat()) for one in event.deadlines],
    )


def _typed() -> Typed:
    form = request.form
    kind = form.get("kind", "")
    rows = zip(
        form.getlist("deadline_ref"),
        form.getlist("deadline_name"),
        form.getlist("deadline_day"),
        strict=False,
    )
    return Typed(
        EventKind(kind) if kind in set(EventKind) else EventKind.FORUM,
        **{name: form.get(name, "") for name in ("title", "description", "place", "link", "body", "theme")},
        starts_date=form.get("starts_date", ""),
        starts_time=form.get("starts_time", ""),
        ends_date=form.get("ends_date", ""),
        ends_time=form.get("ends_time", ""),
        zone=form.get("starts_zone", "") or settings().zone,
        all_day=bool(form.get("all_day")),
        audiences=form.getlist("audiences"),
        edition=form.get("edition", 0, type=small) or 0,
        deadlines=[row for row in rows if any(part.strip() for part in row)],
    )


def _show(
    typed: Typed,
    event: Event | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    status: int = 200,
) -> Response:
    look = KINDS[typed.kind]
    bodies = _bodies()
    themes = db().execute(
        select(Theme.ref, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.title)
    )
    body = render_template(
        "events/form.html",
        typed=typed,
        event=event,
        look=look,
        kinds=kind_options(),
        bodies=[(one.slug, f"{one.state_name} · {one.short_name}") for one in bodies],
        by_commission=may_write(None),
        themes=[(ref, title[:100]) for ref, title in themes],
        zones=clocks.zone_options(typed.zone),
        audiences=[{"value": value, "title": word, "text": ""} for value, word in audience_options()],
        rows=[*typed.deadlines, *[("", "", "")] * _MORE_ROWS],
        errors=errors or {},
    )
    return make_response(body, status)


def _bodies() -> list[Body]:
    """Return the bodies that the viewer may write events of, by state."""
    every = db().scalars(select(Body).where(Body.valid_to.is_(None)).order_by(Body.state_name, Body.id)).all()
    return [one for one in every if may_write(one)]


@blueprint.get("/eventos/nuevo")
@needs(Permission.WRITE_EVENTS)
def new() -> Response:
    """Ask first what it is; then show its form with what such an event usually is."""
    kind = request.args.get("clase", "")
    if kind in set(EventKind):
        return _show(_new(EventKind(kind)))
    kept = {name: request.args[name] for name in ("dia", "tema", "organismo") if name in request.args}
    return make_response(render_template("events/choose_kind.html", looks=KINDS, kept=kept))


@blueprint.post("/eventos/nuevo")
@needs(Permission.WRITE_EVENTS)
def create() -> BaseResponse:
    """Make an event."""
    typed = _typed()
    try:
        made = events.make(db(), person(), _fields(typed))
    except InvalidError as error:
        db().rollback()
        return _show(typed, None, {_place_of(error): [tell(error)]}, UNPROCESSABLE)
    flash(gettext("Guardamos «%(title)s». Ya está en el calendario.", title=made.title), "success")
    return redirect(url_for(".event", ref=made.ref), SEE_OTHER)


@blueprint.get("/eventos/<ref>/editar")
@needs(Permission.WRITE_EVENTS)
def edit(ref: str) -> Response:
    """Show an event's form."""
    found = events.find(db(), ref)
    require_writing(found)
    events.require_standing(found)
    return _show(_of(found), found)


@blueprint.post("/eventos/<ref>/editar")
@needs(Permission.WRITE_EVENTS)
def save(ref: str) -> BaseResponse:
    """Save an event; when its posts are left behind by it, its page offers to move them along."""
    found, typed = events.find(db(), ref), _typed()
    require_writing(found)
    try:
        events.edit(db(), found, person(), _fields(typed), typed.edition)
    except (InvalidError, ConflictError) as error:
        db().rollback()
        wrong = {_place_of(error): [tell(error)]}
        return _show(typed, events.find(db(), ref), wrong, status_of(error))
    made = event_posts.links(db(), found)
    behind = event_posts.displaced(found, event_templates.of_kind(db(), found.kind), made)
    if behind and viewer().can(Permission.WRITE_POSTS):
        flash(gettext("Guardamos «%(title)s». Mira abajo sus publicaciones.", title=found.title), "warning")
    else:
        flash(gettext("Guardamos «%(title)s».", title=found.title), "success")
    return redirect(url_for(".event", ref=ref), SEE_OTHER)


def _place_of(error: InvalidError | ConflictError) -> str:
    """Return the id of the field that an error is about."""
    said = getattr(error, "field", None) or "title"
    return {"local": "starts", "zone": "starts", "utc": "starts"}.get(said, said)


def _fields(typed: Typed) -> EventFields:
    """Return what was typed; raise _FormError, and ForbiddenError for a body that the viewer does not write for."""
    body = db().scalars(select(Body).where(Body.slug == typed.body)).one_or_none() if typed.body else None
    if not may_write(body) or (typed.body and body is None):
        raise ForbiddenError
    theme_id = db().scalar(select(Theme.id).where(Theme.ref == typed.theme)) if typed.theme else None
    starts = _moment(typed.starts_date, typed.starts_time, "starts", all_day=typed.all_day)
    ends_on = typed.ends_date or typed.starts_date
    return EventFields(
        typed.kind,
        typed.title,
        starts,
        _moment(ends_on, typed.ends_time, "ends", all_day=typed.all_day),
        typed.zone,
        all_day=typed.all_day,
        description=typed.description,
        place=typed.place,
        link=typed.link,
        body_id=body.id if body else None,
        theme_id=theme_id,
        audiences=[Audience(one) for one in typed.audiences if one in set(Audience)],
        deadlines=[_deadline(*row) for row in typed.deadlines if not _only_offered(typed.kind, row)],
    )


def _moment(day: str, hour: str, name: str, *, all_day: bool) -> datetime:
    try:
        said = f"{date.fromisoformat(day).isoformat()}T{'00:00' if all_day else hour}"
        return datetime.fromisoformat(said).replace(tzinfo=None)
    except ValueError as error:
        raise _FormError(field=name) from error


def _only_offered(kind: EventKind, row: tuple[str, str, str]) -> bool:
    """Return whether a further date is one that the form offered by name and nobody gave a day."""
    ref, name, day = row
    return not ref and not day and name in {gettext(one) for one in KINDS[kind].deadlines}


def _deadline(ref: str, name: str, day: str) -> Deadline:
    try:
        return Deadline(name, date.fromisoformat(day), ref)
    except ValueError as error:
        raise _FormError(field="deadlines") from error
