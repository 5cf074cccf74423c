"""Buscar canales: a site's feeds, looked for by the worker and offered here; one click listens to them."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.directory import Account, Owner, Site
from content_calendar.models.jobs import JobStage
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler.listening import searching
from scheduler.listening.discovering import MOST_ASKED
from scheduler.listening.recognising import feed_source
from scheduler.models import Feed
from scheduler.search_models import FeedSearch
from webapp import dates
from webapp.directory.bodies import typed_form
from webapp.directory.doors import SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.errors import flash_error, tell
from webapp.session import db, needs, person, viewer

_P = Permission
_UNDER_WAY = (JobStage.WAITING, JobStage.RUNNING)
_REFRESH_SECONDS = 4


def _page(
    typed: dict[str, str] | None = None, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    slug = request.args.get("organismo", "")
    owner = directory.find_owner(db(), slug) if slug else None
    searches = searching.of_owners(db(), owner.id if owner else None)
    read = searching.known_urls(db(), {offer.url for one in searches for offer in one.offers})
    owners = db().scalars(
        select(Owner).where(*directory.valid_on(Owner, now().date())).order_by(Owner.short_name)
    )
    running = [one for one in searches if one.stage in _UNDER_WAY]
    page = render_template(
        "directory/finding.html",
        searches=sorted(searches, key=lambda one: _turn(one, read)),
        running=len(running),
        most=MOST_ASKED,
        read=read,
        owner=owner,
        owners=[(one.slug, f"{one.short_name} · {one.name}"[:90]) for one in owners],
        sites=len(directory.sites_of_bodies(db(), now().date())),
        silent=_silent(),
        may_edit=viewer().can(_P.EDIT_FEEDS),
        typed=typed or {"owner": slug},
        refresh_s=_REFRESH_SECONDS if running and not errors else None,
        errors=errors or {},
    )
    return make_response(page, status)


def _turn(search: FeedSearch, read: frozenset[str]) -> int:
    """Return where a search stands in the list: what waits for a person, what is under way, the rest."""
    if any(one.url not in read and one.dismissed_at is None for one in search.offers):
        return 0
    return 1 if search.stage in _UNDER_WAY else 2


def _silent() -> int:
    """Return how many owners with a site have no feed that we read."""
    heard = select(Feed.id).where(Feed.owner_id == Site.owner_id).exists()
    today = now().date()
    return db().scalar(
        select(func.count(Site.owner_id.distinct()))
        .join(Owner, Owner.id == Site.owner_id)
        .where(~heard, *directory.valid_on(Owner, today))
    ) or 0  # fmt: skip


def _back() -> BaseResponse:
    slug = request.form.get("back", "")
    return redirect(url_for(".finding", organismo=slug or None), SEE_OTHER)


@blueprint.get("/cable/canales/buscar")
@needs(_P.EDIT_FEEDS)
def finding() -> Response:
    """Show the searches for feeds: what they found, and how far those are that go on."""
    return _page()


@blueprint.post("/cable/canales/buscar")
@needs(_P.EDIT_FEEDS)
def search_feeds() -> BaseResponse:
    """Look for the feeds of one address, of all sites of an owner, or of every site of the directory."""
    slug, url = request.form.get("owner", ""), request.form.get("site_url", "").strip()
    try:
        me = db().get_one(Person, person().id)
        if request.form.get("all"):
            count = searching.ask_all(db(), _sources(), me)
        elif url:
            searching.ask(db(), directory.find_owner(db(), slug), url, me.id)
            count = 1
        else:
            count = searching.ask_all(db(), _sources(directory.find_owner(db(), slug)), me)
    except (InvalidError, NotFoundError) as error:
        db().rollback()
        field = "owner" if isinstance(error, NotFoundError) else "site_url"
        return _page(typed_form(), {field: tell(error)}, UNPROCESSABLE)
    if not count:
        flash(gettext("No conocemos ningún sitio donde buscar: escribe su dirección."), "warning")
    else:
        flash(
            ngettext("Buscamos en %(num)s sitio.", "Buscamos en %(num)s sitios.", count)
            + " "
            + gettext("La página se actualiza sola; puedes irte y volver."),
            "success",
        )
    return redirect(
        url_for(".finding", organismo=None if request.form.get("all") else slug or None), SEE_OTHER
    )


def _sources(owner: Owner | None = None) -> list[tuple[Owner, str]]:
    """Return where feeds are looked for: sites, and accounts that their networks give feeds of; of all for None."""
    today = now().astimezone(dates.zone()).date()
    whose = directory.valid_on(Owner, today) if owner is None else (Owner.id == owner.id,)
    sites = db().execute(select(Owner, Site.url).join(Site, Site.owner_id == Owner.id).where(*whose))
    accounts = db().execute(
        select(Owner, Account.network, Account.handle)
        .join(Account, Account.owner_id == Owner.id)
        .where(*whose, *directory.valid_on(Account, today))
    )
    found = [(one, url) for one, url in sites]
    return found + [(one, url) for one, network, handle in accounts if (url := feed_source(network, handle))]


@blueprint.post("/cable/canales/hallados/<ref>/escuchar")
@needs(_P.EDIT_FEEDS)
def take_offer(ref: str) -> BaseResponse:
    """Listen to a feed that was found."""
    try:
        feed = searching.take(db(), ref, db().get_one(Person, person().id))
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(gettext("Ya escuchamos «%(title)s».", title=feed.title or feed.url), "success")
    return _back()


@blueprint.post("/cable/canales/buscar/<ref>/escuchar")
@needs(_P.EDIT_FEEDS)
def take_offers(ref: str) -> BaseResponse:
    """Listen to all that a search found."""
    try:
        count = searching.take_all(db(), ref, db().get_one(Person, person().id))
    except ConflictError as error:
        db().rollback()
        flash_error(error)
    else:
        flash(ngettext("Escuchamos %(num)s canal más.", "Escuchamos %(num)s canales más.", count), "success")
    return _back()


@blueprint.post("/cable/canales/hallados/<ref>/descartar")
@needs(_P.EDIT_FEEDS)
def dismiss_offer(ref: str) -> BaseResponse:
    """Put a feed that was found aside; it can be brought back."""
    searching.dismiss(db(), ref)
    said = {"text": gettext("Descartado."), "undo_url": url_for(".restore_offer", ref=ref)}
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return _back()


@blueprint.post("/cable/canales/hallados/<ref>/traer")
@needs(_P.EDIT_FEEDS)
def restore_offer(ref: str) -> BaseResponse:
    """Offer a feed again that was put aside."""
    searching.dismiss(db(), ref, back=True)
    flash(gettext("Vuelve a estar en la lista."), "success")
    return _back()
