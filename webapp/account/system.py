"""Sistema: is it healthy, and who did what."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import (
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from assets.sweep import last_sweep
from content_calendar import backups, budget, notice_mail, people
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.jobs import Installation
from content_calendar.permissions import Permission
from content_calendar.wall_time import tz_version
from scheduler import audit_watch, heartbeat, invariants
from scheduler.models import Feed, FeedStage
from scheduler.networks import UnknownNetworkError, networks
from scheduler.powers import Charges
from webapp.account.views import blueprint
from webapp.errors import tell
from webapp.examining.service import overdue
from webapp.money import format_mills, mills_of
from webapp.session import database, db, needs, person, public, settings, viewer

_LONGEST_AMOUNT = 40


@blueprint.get("/sistema")
@needs(Permission.VIEW_SYSTEM)
def system() -> Response:
    """Show the installation's health: worker, backlog, feeds, clock, and what networks charge."""
    return system_page()


def system_page(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """Return the page, with what was typed of a ceiling and its error when it came back; both by network."""
    feeds, failing = (
        db()
        .execute(
            select(func.count(), func.count().filter(Feed.failures > 0)).where(Feed.stage == FeedStage.ACTIVE)
        )
        .one()
    )
    alive = heartbeat.alive(db())
    body = render_template(
        "account/system.html",
        workers=alive,
        silent=not alive,
        overdue=overdue(db()),
        looked=invariants.last_look(db()),
        swept=last_sweep(db()),
        feeds_well=feeds - failing,
        feeds_failing=failing,
        audited=audit_watch.last_look(db()),
        **_backed_up(),
        installation=db().scalars(select(Installation)).first(),
        release=current_app.extensions["resuena.release"],
        tz_version=tz_version(),
        database_kind="SQLite" if database().is_sqlite else "PostgreSQL",
        zone=settings().zone,
        month=now().astimezone(ZoneInfo(settings().zone)).date(),
        charging=charging_networks(),
        stands=budget.stands(db(), list(charging_networks()), ZoneInfo(settings().zone), now()),
        may_set=viewer().can(Permission.SET_CEILINGS),
        typed=typed or {},
        errors=errors or {},
        mail_host=settings().mail_host,
        mail_sender=settings().mail_sender,
        mail_links=bool(settings().public_url),
        mail_trouble=notice_mail.trouble(db()),
        admins=people.admins(db(), now().date()),
        least_admins=people.LEAST_ADMINS,
    )
    return make_response(body, status)


def _backed_up() -> dict[str, object]:
    return {
        "demo": bool(db().scalar(select(Installation.demo))),
        "backup_key": backups.current_key(db()),
        "backup_done": backups.last_done(db()),
        "backup_missing": backups.missing_since(db()),
    }


def charging_networks() -> dict[str, tuple[str, str]]:
    """Return the networks that charge, by slug: their name, and where they say their prices."""
    return {
        slug: (one.name, one.price_source) for slug, one in networks().items() if isinstance(one, Charges)
    }


@blueprint.post("/sistema/tope/<network>")
@needs(Permission.SET_CEILINGS)
def set_ceiling(network: str) -> BaseResponse:
    """Let at most so much be spent on a network in a month; nothing typed takes the ceiling away."""
    if network not in charging_networks():
        raise UnknownNetworkError(slug=network)
    field = f"ceiling-{network}"
    typed = request.form.get(field, "")[:_LONGEST_AMOUNT]
    try:
        mills = mills_of(typed, field)
        was = budget.set_ceiling(db(), person(), network, mills)
    except InvalidError as error:
        return system_page({network: typed}, {network: tell(error)}, 422)
    name = charging_networks()[network][0]
    said = (
        gettext("%(network)s ya no tiene tope de gasto.", network=name)
        if mills is None
        else gettext(
            "El tope de %(network)s es de %(ceiling)s al mes.", network=name, ceiling=format_mills(mills)
        )
    )
    if was is not None and was != mills:
        said += " " + gettext("Antes era de %(was)s.", was=format_mills(was))
    flash(said, "success")
    return redirect(url_for(".system", _anchor="gasto"), 303)


@blueprint.get("/salud")
@public
def health() -> tuple[Response, int]:
    """Tell a machine whether all is well: 200, or 503 when the worker is silent or work is overdue."""
    silent, late = not heartbeat.alive(db()), overdue(db())
    well = not silent and late == 0
    return jsonify({"well": well, "worker_silent": silent, "overdue": late}), 200 if well else 503
