"""Canales RSS: which are read, which fail and why, and a new one."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler.listening import searching, subscribing
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.fetch_errors import FetchError
from scheduler.listening.parsing import FeedError, NotAFeedError
from scheduler.listening.recognising import feed_of_link
from scheduler.models import Feed
from webapp.directory.bodies import typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import tell
from webapp.session import db, needs, person, settings, viewer

_P = Permission


def _page(
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    feeds = db().scalars(
        select(Feed).options(joinedload(Feed.owner)).order_by(Feed.failures.desc(), Feed.id)
    ).all()  # fmt: skip
    owners = db().scalars(select(Owner).order_by(Owner.short_name)).all()
    body = render_template(
        "directory/channels.html",
        feeds=feeds,
        owners=[(owner.slug, f"{owner.short_name} · {owner.name}"[:90]) for owner in owners],
        may_edit=viewer().can(_P.EDIT_FEEDS),
        typed=typed or {"owner": request.args.get("organismo", "")},
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/cable/canales")
@needs(_P.VIEW_WIRE)
def channels() -> Response:
    """Show the feeds, those that fail first."""
    return _page()


@blueprint.post("/cable/canales")
@needs(_P.EDIT_FEEDS)
def add_channel() -> BaseResponse:
    """Look at an address once and keep it if it is a feed; else say what it is."""
    # What a person pastes may be an account that a network gives a feed of.
    url = feed_of_link(request.form.get("feed_url", "").strip())
    try:
        # Before the request's transaction begins: a site may take seconds to answer.
        seen = subscribing.look(url, FetchPolicy.of(tuple(settings().feed_allow), settings().contact))
    except NotAFeedError as error:
        return _search(url) or _page(typed_form(), {"feed_url": tell(error)}, UNPROCESSABLE)
    except (FetchError, FeedError, InvalidError) as error:
        return _page(typed_form(), {"feed_url": tell(error)}, UNPROCESSABLE)
    try:
        owner = directory.find_owner(db(), request.form.get("owner", ""))
        me = db().get_one(Person, person().id)
        subscribing.subscribe(db(), owner, url, seen.title, me)
    except (ConflictError, NotFoundError) as error:
        db().rollback()
        field = "owner" if isinstance(error, NotFoundError) else "feed_url"
        return _page(typed_form(), {field: tell(error)}, UNPROCESSABLE)
    flash(
        gettext(
            "Ya escuchamos «%(title)s»: trae %(count)s notas.",
            title=seen.title or url,
            count=len(seen.entries),
        ),
        "success",
    )
    return redirect(url_for(".channels"), SEE_OTHER)


def _search(url: str) -> BaseResponse | None:
    """Look for the feeds of what turned out to be a page; None when nobody said whose it is."""
    try:
        owner = directory.find_owner(db(), request.form.get("owner", ""))
        searching.ask(db(), owner, url, person().id)
    except (NotFoundError, InvalidError):
        db().rollback()
        return None
    flash(gettext("Esa dirección es una página, no un canal: buscamos los canales que tiene."), "info")
    return redirect(url_for(".finding", organismo=owner.slug), SEE_OTHER)


@blueprint.post("/cable/canales/<ref>/leer")
@needs(_P.EDIT_FEEDS)
def read_channel(ref: str) -> BaseResponse:
    """Let a feed be read within seconds."""
    subscribing.read_now(db(), subscribing.find(db(), ref), person())
    flash(gettext("Lo leemos en unos segundos. Vuelve a abrir esta página para ver qué dijo."), "success")
    return redirect(url_for(".channels"), SEE_OTHER)


@blueprint.post("/cable/canales/<ref>/pausar")
@needs(_P.EDIT_FEEDS)
def pause_channel(ref: str) -> BaseResponse:
    """Stop reading a feed."""
    subscribing.pause(db(), subscribing.find(db(), ref), person())
    said = {"text": gettext("Ya no leemos ese canal."), "undo_url": url_for(".read_channel", ref=ref)}
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".channels"), SEE_OTHER)
