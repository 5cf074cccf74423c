"""Links by mail: a liaison asks for one to enter, and somebody new follows an invitation.

Opening a link changes nothing: a mail scanner that opens it first uses nothing up. The button on its page does.
"""

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import audit, door_letters, people
from content_calendar.models.factors import DoorLetterKind
from content_calendar.models.people import Person
from webapp.account.entering import DoorByProviderError, enter_as, own_door_opens
from webapp.account.views import blueprint
from webapp.errors import sentence
from webapp.session import database, db, public, settings, throttle_key

_WAIT, _LONGEST = 429, 254


def mails_go_out() -> bool:
    """Return whether a link can be mailed: there is a server, and an address that links lead to."""
    return bool(settings().mail_host and settings().public_url)


def _page(error: str = "", *, asked: bool = False, status: int = 200) -> Response:
    body = render_template(
        "account/ask_link.html",
        error=error,
        asked=asked,
        mails=mails_go_out(),
        email=request.form.get("email", ""),
    )
    return make_response(body, status)


@blueprint.get("/entrar/enlace")
@public
def ask_for_link() -> Response:
    """Offer a liaison a link to enter."""
    return _page()


@blueprint.post("/entrar/enlace")
@public
def send_link() -> Response:
    """Have a link mailed, if it is a liaison's address; what is answered does not tell whether it is."""
    email = request.form.get("email", "")[:_LONGEST]
    limits = {
        throttle_key("link", people.fold_email(email)): people.TRIES,
        throttle_key("link-address", request.remote_addr or ""): 6 * people.TRIES,
    }
    with database().reading() as session:
        waits = any(people.must_wait(session, key, tries) for key, tries in limits.items())
    if waits:
        minutes = int(people.TRIES_WINDOW.total_seconds() // 60)
        return _page(sentence("sign_in_wait", {"minutes": minutes}), status=_WAIT)
    with database().transaction() as session:
        people.note_try(session, limits, succeeded=False)
        somebody = people.find_by_email(session, email)
        opens = somebody is not None and own_door_opens(session, somebody)
        if opens and somebody and mails_go_out() and door_letters.enters_by_mail(session, somebody):
            door_letters.ask(session, somebody, DoorLetterKind.ENTER)
    return _page(asked=True)


@blueprint.get("/entrar/con/<token>")
@public
def follow_link(token: str) -> Response:
    """Show the button that uses the link up."""
    letter, somebody = door_letters.look(db(), token)
    body = render_template("account/use_link.html", name=somebody.name, token=token, kind=letter.kind.value)
    response = make_response(body)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/entrar/con/<token>")
@public
def enter_with_link(token: str) -> BaseResponse:
    """Use the link up, and let its person in; somebody invited chooses a password next."""
    letter, somebody = door_letters.use(db(), token)
    me = db().get_one(Person, somebody.id)
    if not own_door_opens(db(), me):
        raise DoorByProviderError
    audit.record(db(), me.ref, "entered_by_mail_link", "person", me.ref, kind=letter.kind.value)
    if letter.kind is DoorLetterKind.INVITE:
        flash(gettext("Te damos la bienvenida. Elige tu contraseña."), "success")
        return enter_as(me, url_for("account.mine"))
    return enter_as(me, url_for("dashboards.today"))
