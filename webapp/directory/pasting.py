"""Pegar un enlace: anything a body published becomes a note of the wire, even where there is no feed."""

from datetime import datetime, time

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler.listening import pasting
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.pasting import Pasted
from webapp import dates
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import sentence, tell
from webapp.session import db, needs, person, settings
from webapp.toolbox.describing import DayError

_P = Permission


def _page(
    typed: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
    said: str = "",
    *,
    looked: bool = False,
) -> Response:
    owners = db().scalars(
        select(Owner).where(*directory.valid_on(Owner, now().date())).order_by(Owner.short_name)
    )
    page = render_template(
        "directory/pasting.html",
        typed=typed or {},
        errors=errors or {},
        owners=[(one.slug, f"{one.short_name} · {one.name}"[:90]) for one in owners],
        looked=looked,
        said=said,
        today=now().astimezone(dates.zone()).date(),
    )
    return make_response(page, status)


@blueprint.get("/cable/pegar")
@needs(_P.EDIT_FEEDS)
def paste_link() -> Response:
    """Ask for a link."""
    return _page({"url": request.args.get("url", "")[: pasting.LONGEST_URL]})


@blueprint.post("/cable/pegar")
@needs(_P.EDIT_FEEDS)
def keep_link() -> BaseResponse:
    """Look at a link, or keep it as a note of the wire with what was read or typed."""
    typed = {
        name: request.form.get(name, "").strip()[:1000]
        for name in ("url", "title", "summary", "day", "owner")
    }
    try:
        url = pasting.clean(typed["url"])
    except InvalidError as error:
        return _page(typed, {"url": [tell(error)]}, UNPROCESSABLE)
    typed["url"] = url
    if request.form.get("do") != "keep":
        return _look(typed)
    try:
        owner = directory.find_owner(db(), typed["owner"])
        me = db().get_one(Person, person().id)
        there = pasting.known(db(), url)
        pasting.keep_pasted(
            db(), owner, Pasted(url, typed["title"], typed["summary"], _moment(typed["day"])), me
        )
    except (InvalidError, NotFoundError) as error:
        db().rollback()
        field = "owner" if isinstance(error, NotFoundError) else getattr(error, "field", None) or "url"
        said = gettext("Elige de quién es.") if isinstance(error, NotFoundError) else tell(error)
        return _page(typed, {field: [said]}, UNPROCESSABLE, looked=True)
    flash(_kept(there.owner.short_name if there else ""), "success")
    return redirect(url_for(".wire"), SEE_OTHER)


def _kept(owner: str) -> str:
    if owner:
        return str(gettext("Ese enlace ya estaba en el cable, de %(owner)s.", owner=owner))
    return str(gettext("La nota ya está en el cable."))


def _look(typed: dict[str, str]) -> Response:
    # Before the request's transaction begins: a site may take seconds to answer.
    seen = pasting.look(typed["url"], FetchPolicy.of(tuple(settings().feed_allow), settings().contact))
    there = pasting.known(db(), seen.url)
    owner = there.owner if there else pasting.owner_of(db(), seen.url)
    day = seen.published_at.astimezone(dates.zone()).date().isoformat() if seen.published_at else ""
    said = ""
    if there is not None:
        said = _kept(there.owner.short_name)
    elif seen.code:
        said = sentence(seen.code, dict(seen.params or {}))
    filled = {
        "url": seen.url, "title": seen.title, "summary": seen.summary, "day": day,
        "owner": owner.slug if owner else typed["owner"],
    }  # fmt: skip
    return _page(filled, said=said, looked=True)


def _moment(day: str) -> datetime | None:
    if not day:
        return None
    try:
        on = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007 -- a day, to which the reader's zone is added
    except ValueError:
        raise DayError(field="day") from None
    # Noon where the reader is: the same day wherever it is shown; today's note is of now.
    there = datetime.combine(on, time(12), dates.zone())
    return now() if on == now().astimezone(dates.zone()).date() else there
