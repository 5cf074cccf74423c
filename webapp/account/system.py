"""Sistema: is it healthy, and who did what."""

from flask import Response, current_app, jsonify, render_template, request
from sqlalchemy import func, select

from content_calendar.clock import now
from content_calendar.models.jobs import Installation
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.publications import Publication
from content_calendar.permissions import Permission
from content_calendar.states import PublicationState
from content_calendar.wall_time import tz_version
from scheduler import heartbeat
from scheduler.models import Feed, FeedStage
from webapp.account.views import blueprint
from webapp.inputs import small
from webapp.session import database, db, needs, public, settings

_PAGE = 50


def _overdue() -> int:
    return db().scalar(
        select(func.count())
        .select_from(Publication)
        .where(Publication.state == PublicationState.SCHEDULED, Publication.late_after < now())
    ) or 0  # fmt: skip


@blueprint.get("/sistema")
@needs(Permission.VIEW_SYSTEM)
def system() -> str:
    """Show the installation's health: worker, backlog, feeds, clock."""
    feeds, failing = (
        db()
        .execute(
            select(func.count(), func.count().filter(Feed.failures > 0)).where(Feed.stage == FeedStage.ACTIVE)
        )
        .one()
    )
    alive = heartbeat.alive(db())
    return render_template(
        "account/system.html",
        workers=alive,
        silent=not alive,
        overdue=_overdue(),
        feeds_well=feeds - failing,
        feeds_failing=failing,
        installation=db().scalars(select(Installation)).first(),
        release=current_app.extensions["resuena.release"],
        tz_version=tz_version(),
        database_kind="SQLite" if database().is_sqlite else "PostgreSQL",
        zone=settings().zone,
    )


@blueprint.get("/sistema/bitacora")
@needs(Permission.VIEW_SYSTEM)
def trail() -> str:
    """Show who did what, the newest first, a page at a time."""
    before = request.args.get("antes", type=small)
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(_PAGE + 1)
    if before:
        query = query.where(AuditEvent.id < before)
    events = list(db().scalars(query))
    names = dict(
        db()
        .execute(select(Person.ref, Person.name).where(Person.ref.in_({event.actor_ref for event in events})))
        .all()
    )
    more = events[_PAGE - 1].id if len(events) > _PAGE else None
    return render_template("account/trail.html", events=events[:_PAGE], names=names, more=more)


@blueprint.get("/salud")
@public
def health() -> tuple[Response, int]:
    """Tell a machine whether all is well: 200, or 503 when the worker is silent or work is overdue."""
    silent, overdue = not heartbeat.alive(db()), _overdue()
    well = not silent and overdue == 0
    return jsonify({"well": well, "worker_silent": silent, "overdue": overdue}), 200 if well else 503
