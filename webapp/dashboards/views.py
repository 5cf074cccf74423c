"""Hoy: what needs this person now. Also the blueprint that the other pages here share."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template
from flask_babel import gettext

from content_calendar import events, review
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.models.events import Event
from content_calendar.permissions import Permission, Role
from scheduler import heartbeat
from webapp import dates, followed
from webapp.dashboards import asking, figures, outgoing, sharing
from webapp.dashboards.reach import bodies_within
from webapp.doors import door
from webapp.seeing import waiting_here
from webapp.session import db, needs, viewer
from webapp.wire import glance, words

blueprint = Blueprint("dashboards", __name__)

_P = Permission
_REVIEWS_SHOWN = 5
_EVENTS_SHOWN = 6
_A_DAY = timedelta(days=1)


@blueprint.app_template_filter("hour")
def hour(moment: datetime) -> str:
    """Return the hour of a moment in the reader's zone, such as "10:00"."""
    return moment.astimezone(dates.zone()).strftime("%H:%M")


def _midnight() -> datetime:
    zone = dates.zone()
    return datetime.combine(now().astimezone(zone).date(), time(), zone)


def _events_owed() -> Sequence[Event]:
    """Return the events that are over and wait for the viewer to close them."""
    if viewer().can(_P.EDIT_PLAN):
        return events.owed(db(), now(), _EVENTS_SHOWN)
    bodies = viewer().rights.bodies() if viewer().can(_P.WRITE_EVENTS) else ()
    return events.owed(db(), now(), _EVENTS_SHOWN, bodies) if bodies else ()


def _of_liaison(day: date) -> dict[str, object]:
    """Return what a liaison's page shows: what to replicate this week, and what their bodies owe."""
    bodies = [body for body in bodies_within(_P.DECLARE_REPLICATIONS) if body.id in viewer().rights.bodies()]
    cards = sharing.cards(bodies)
    return {
        "own": bodies,
        "cards": cards,
        "follow": followed.on_cards([one.post.id for one in cards], bodies),
        "my_owed": asking.owed(day, [body.id for body in bodies]),
    }


def _promise() -> dict[str, object]:
    """Return what the page shows of the promise of every day, to those who keep it."""
    if not viewer().can(_P.WRITE_POSTS):
        return {"seen": None}
    reasons = [(one.value, gettext(said)) for one, said in words.REASONS.items()]
    return {"seen": glance.glance(), "wire_words": words, "reasons": reasons}


@blueprint.get("/")
@needs(_P.ENTER)
def today() -> str:
    """Show each role what needs it now."""
    roles = viewer().rights.roles()
    staff = viewer().can(_P.VIEW_PUBLICATIONS)
    reviews = viewer().can(_P.REVIEW_POSTS)
    start = _midnight()
    year, number = bimester_of(start.date())
    shown = {
        "day": start.date(),
        "silent": not heartbeat.alive(db()),
        "cut_off": now(),
        "staff": staff,
        "publications": outgoing.between(start, start + _A_DAY) if staff else None,
        "waiting": outgoing.waiting() if staff else None,
        "waiting_total": outgoing.counts()[outgoing.Heap.WAITING] if staff else 0,
        "reviews": None,
        "owed": asking.owed(start.date()) if viewer().can(_P.ASK_CONTRIBUTIONS) else None,
        "events_owed": _events_owed(),
        "cards": None,
        "glance": None,
        "doubtful": None,
        "to_take_down": waiting_here(),
        "to_correct": followed.corrections_waiting(),
        "to_sweep": followed.sweep_left(),
        "compose_url": door("calendar.new_post"),
        # Who may not decide reads the post; only who may goes to the decision.
        "review_url": lambda found, post: (
            door("calendar.one_review", ref=found.ref) if reviews else door("calendar.post", ref=post.ref)
        ),
        "year": year,
        "number": number,
    }
    if reviews or viewer().can(_P.WRITE_POSTS):
        waiting = review.waiting(db())
        shown |= {"reviews": waiting[:_REVIEWS_SHOWN], "reviews_total": len(waiting), "may_review": reviews}
    if Role.LIAISON in roles:
        shown |= _of_liaison(start.date())
    if viewer().can(_P.VIEW_SUMMARIES):
        first, last = bimester_span(year, number)
        shown["glance"] = figures.glance(first, last, bodies_within(_P.VIEW_SUMMARIES))
    if viewer().can(_P.DECIDE_REPLICATIONS):
        shown["doubtful"] = figures.doubtful_count(bodies_within(_P.DECIDE_REPLICATIONS))
    return render_template("dashboards/today.html", **shown, **_promise())
