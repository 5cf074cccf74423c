"""Enlaces rotos: what of the directory does not open, shown to whoever can mend it, and looked at again at once."""

from collections.abc import Sequence

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import ForbiddenError
from content_calendar.models.directory import OwnerKind
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from scheduler import link_watch
from scheduler.link_health import Health
from scheduler.link_watch import Watching
from scheduler.listening.addresses import FetchPolicy
from scheduler.watch_models import WatchedLink
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.session import database, db, needs, person, settings, viewer

_P = Permission


def _sees_all() -> bool:
    return viewer().can(_P.EDIT_DIRECTORY)


def _links() -> Sequence[WatchedLink]:
    if _sees_all():
        return link_watch.troubled(db(), None)
    grants = viewer().rights.grants
    regions = {one.region_id for one in grants if one.region_id is not None}
    return link_watch.troubled(db(), viewer().rights.bodies(), regions)


@blueprint.get("/directorio/enlaces-rotos")
@needs(_P.VIEW_DIRECTORY)
def broken_links() -> Response:
    """Show what does not open: of everybody to the staff, of one's own to the others."""
    links = _links()
    counts = db().execute(select(WatchedLink.health, func.count()).group_by(WatchedLink.health))
    page = render_template(
        "directory/broken.html",
        broken=[one for one in links if one.health is Health.BROKEN and not one.let_be_at],
        once=[one for one in links if one.health is not Health.BROKEN and one.failing_since],
        elsewhere=[one for one in links if one.health is Health.WELL and one.said_code],
        untold=[one for one in links if one.health is Health.UNTOLD],
        let_be=[one for one in links if one.health is Health.BROKEN and one.let_be_at],
        counts={health.value: number for health, number in counts},
        sees_all=_sees_all(),
        own=viewer().rights.bodies(),
        is_body=OwnerKind.BODY,
    )
    return make_response(page)


def _require(link: WatchedLink) -> None:
    if not _sees_all() and link.owner_id not in viewer().rights.bodies():
        raise ForbiddenError


@blueprint.post("/directorio/enlaces-rotos/<ref>/comprobar")
@needs(_P.VIEW_DIRECTORY)
def check_link(ref: str) -> BaseResponse:
    """Look at a link at once."""
    with database().reading() as session:
        _require(link_watch.find(session, ref))
    # No transaction is open meanwhile: a site may take seconds to answer.
    policy = FetchPolicy.of(tuple(settings().feed_allow), settings().contact)
    health = link_watch.check_now(database(), ref, Watching(policy))
    said = {
        Health.WELL: gettext("Abre bien. Gracias."),
        Health.UNTOLD: gettext("No se pudo comprobar: el sitio no contesta a programas. Ábrelo tú."),
    }
    if health in said:
        flash(said[health], "success" if health is Health.WELL else "warning")
    else:
        flash(gettext("Sigue sin abrir. Debajo está por qué."), "warning")
    return redirect(url_for(".broken_links"), SEE_OTHER)


@blueprint.post("/directorio/enlaces-rotos/<ref>/dejar")
@needs(_P.EDIT_DIRECTORY)
def let_link_be(ref: str) -> BaseResponse:
    """Tell nobody of a link any more; it can be watched again."""
    link_watch.let_be(db(), ref, db().get_one(Person, person().id))
    told = {"text": gettext("Ya no avisamos de ese enlace."), "undo_url": url_for(".watch_link", ref=ref)}
    flash(told, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return redirect(url_for(".broken_links"), SEE_OTHER)


@blueprint.post("/directorio/enlaces-rotos/<ref>/vigilar")
@needs(_P.EDIT_DIRECTORY)
def watch_link(ref: str) -> BaseResponse:
    """Tell of a link again when it is broken."""
    link_watch.let_be(db(), ref, db().get_one(Person, person().id), back=True)
    flash(gettext("Volvemos a avisar de ese enlace."), "success")
    return redirect(url_for(".broken_links"), SEE_OTHER)
