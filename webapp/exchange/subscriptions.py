"""Live addresses of the calendar: made, listed and revoked on a page; read by programs without signing in."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import calendar_feeds, people
from content_calendar.calendar_feeds import FeedNotFoundError, FeedSubjectMissingError
from content_calendar.clock import now
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme
from content_calendar.permissions import Permission
from content_calendar.wall_time import wall_time
from webapp.calendar.choices import network_name
from webapp.errors import tell
from webapp.exchange import ics
from webapp.exchange.doors import MADE, SEE_OTHER, UNPROCESSABLE, blueprint
from webapp.session import database, db, needs, person, public, settings
from webapp.toolbox.packing import address_of

_P = Permission
_LONGEST = 200


def _page(token: str = "", error: str = "", status: int = 200) -> Response:
    subjects = _subjects()
    page = render_template(
        "exchange/subscriptions.html",
        feeds=calendar_feeds.listed(db(), person()),
        subjects=subjects,
        chosen=request.form.get("subject", "") if error else "",
        names={f"{of}:{subject}": name for of, some in subjects.items() for subject, name in some},
        address=address_of(url_for(".feed", token=token)) if token else "",
        errors={"subject": [error]} if error else {},
        kinds=FeedOf,
    )
    return make_response(page, status)


def _subjects() -> dict[str, list[tuple[str, str]]]:
    """Return what one can subscribe to: three queries."""
    bodies = db().execute(
        select(Body.slug, Body.short_name, Body.state_name).order_by(Body.state_name, Body.id)
    )
    themes = db().execute(
        select(Theme.ref, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.title)
    )
    accounts = db().execute(
        select(Account.ref, Account.network, Account.handle)
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.connected_at.is_not(None), Account.valid_to.is_(None))
        .order_by(Account.network, Account.handle_folded)
    )
    return {
        FeedOf.BODY.value: [(slug, f"{state} · {name}") for slug, name, state in bodies],
        FeedOf.THEME.value: [(ref, title) for ref, title in themes],
        FeedOf.ACCOUNT.value: [
            (ref, f"{network_name(network)} · @{handle.lstrip('@')}") for ref, network, handle in accounts
        ],
    }


@blueprint.get("/calendario/suscripciones")
@needs(_P.VIEW_PLAN)
def subscriptions() -> Response:
    """List the person's live addresses."""
    return _page()


@blueprint.post("/calendario/suscripciones")
@needs(_P.VIEW_PLAN)
def subscribe() -> Response:
    """Make a live address; it is shown this once."""
    of, _, subject = request.form.get("subject", "").partition(":")
    kind = FeedOf(of) if of in set(FeedOf) else None
    if kind is None or (kind is not FeedOf.ALL and subject not in dict(_subjects()[kind.value])):
        return _page(error=tell(FeedSubjectMissingError()), status=UNPROCESSABLE)
    name = dict(_subjects()[kind.value])[subject] if kind is not FeedOf.ALL else gettext("Todo el calendario")
    _, token = calendar_feeds.make(db(), person(), kind, subject, name)
    return _page(token=token, status=MADE)


@blueprint.post("/calendario/suscripciones/<ref>/retirar")
@needs(_P.VIEW_PLAN)
def unsubscribe(ref: str) -> BaseResponse:
    """End a live address."""
    calendar_feeds.revoke(db(), calendar_feeds.find(db(), ref, person()), person())
    flash(gettext("Dirección retirada: desde ahora no muestra nada."), "success")
    return redirect(url_for(".subscriptions"), SEE_OTHER)


@blueprint.get("/calendario/vivo/<token>.ics")
@public
def feed(token: str) -> Response:
    """Tell the calendar to a program that has the address, as whoever made it may see it."""
    found, somebody = calendar_feeds.opened(db(), token[:_LONGEST])
    with force_locale(somebody.locale or settings().locale):
        made, tag = ics.content(db(), _told(found, somebody))
    changed_at = found.changed_at if found.tag == tag else now()
    if calendar_feeds.is_stale(found, tag):
        with database().transaction() as session:
            calendar_feeds.touch(session, found, tag)
    answer = make_response(ics.finished(made, changed_at))
    answer.mimetype = "text/calendar"
    answer.headers["Content-Disposition"] = 'inline; filename="resuena.ics"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.last_modified = changed_at.replace(microsecond=0)
    answer.set_etag(tag[:32])
    answer.make_conditional(request)
    return answer


def _told(found: CalendarFeed, somebody: Person) -> ics.Told:
    rights = people.rights(db(), somebody.id, now().date())
    if not rights.can(_P.VIEW_PLAN):
        raise FeedNotFoundError
    slugs = db().scalars(select(Body.slug).where(Body.id.in_(rights.bodies()))).all()
    return ics.Told(
        feed=found,
        name=f"Resuena · {found.name}",
        rights=rights,
        slugs=frozenset(slugs),
        today=wall_time(now(), settings().zone).date(),
        page_of=lambda endpoint, ref: address_of(url_for(endpoint, ref=ref)),
    )
