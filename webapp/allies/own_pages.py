"""What an ally opens from a letter, without a password: the invitation, the week's pack, the way out.

Opening changes nothing but a count that says so: whatever looks at mails for a mail server opens links too. What an
ally does is a form of the page. No page here is kept by a cache or a search engine.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, make_response, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import ally_consents, ally_letters
from content_calendar.ally_letters import AllyLinkMissingError, AllyLinkOverError
from content_calendar.errors import ResuenaError
from content_calendar.models.allies import Ally, AllyLetter, ConsentStanding, LetterKind
from webapp.allies.doors import GONE, SEE_OTHER, blueprint, today
from webapp.ally_keys import ally_of, farewell_token, mark_of
from webapp.errors import status_of, tell
from webapp.security import csrf
from webapp.session import database, db, public, settings

P = ParamSpec("P")


def unlisted(answer: Response) -> Response:
    """Return the answer so that no search engine nor cache keeps it."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(said: str, status: int = 200, *, title: str = "", stop: str = "") -> Response:
    page = render_template("allies/own_said.html", said=said, title=title, stop=stop)
    return unlisted(make_response(page, status))


def closed(error: ResuenaError) -> Response:
    """Return a page that says in a sentence why the link opens nothing."""
    status = GONE if isinstance(error, AllyLinkOverError) else status_of(error)
    return _said(tell(error), status)


def told_why(view: Callable[P, BaseResponse]) -> Callable[P, BaseResponse]:
    """Let a view that opens a link answer with why the link opens nothing."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> BaseResponse:
        try:
            return view(*args, **kwargs)
        except (AllyLinkMissingError, AllyLinkOverError) as error:
            db().rollback()
            return closed(error)

    return answered


def of_kind(token: str, *kinds: LetterKind) -> AllyLetter:
    """Return the letter that a link opens, of one of these kinds; raise AllyLinkMissingError."""
    found = ally_letters.opened(db(), token)
    if found.kind not in kinds:
        raise AllyLinkMissingError
    return found


@blueprint.get("/f/<token>")
@public
@told_why
def own_page(token: str) -> BaseResponse:
    """Show what the letter brings."""
    from webapp.allies.own_pack import pack_page  # noqa: PLC0415 -- they know of each other

    letter = ally_letters.opened(db(), token)
    if request.method == "GET":
        # In a transaction of its own: a page that is read opens a session that only reads.
        with database().transaction() as session:
            ally_letters.count_opened(session, letter.id)
    if letter.kind is LetterKind.PACK:
        return pack_page(letter, token)
    template = "invited" if letter.kind is LetterKind.INVITATION else "still_there"
    page = render_template(
        f"allies/own_{template}.html",
        letter=letter,
        ally=letter.ally,
        token=token,
        given=letter.ally.consent is ConsentStanding.GIVEN,
        answered=letter.received_at is not None,
        contact=settings().contact,
        stop=farewell_token(settings(), letter.ally.ref),
    )
    return unlisted(make_response(page))


@blueprint.post("/f/<token>/acepto")
@public
@told_why
def accept(token: str) -> BaseResponse:
    """Take the ally's yes."""
    letter = of_kind(token, LetterKind.INVITATION)
    ally_consents.accept(db(), letter.ally, today())
    ally_letters.receive(db(), letter)
    return _said(
        gettext(
            "Gracias: desde ahora te llega un correo a la semana. En cada uno puedes salirte con un botón."
        ),
        title=gettext("Ya eres parte de la red"),
    )


@blueprint.post("/f/<token>/no")
@public
@told_why
def decline(token: str) -> BaseResponse:
    """Take the ally's no: nobody writes to them again."""
    letter = of_kind(token, LetterKind.INVITATION, LetterKind.STILL_THERE)
    ally_consents.withdraw(db(), letter.ally, today())
    return _said(
        gettext("Listo: no te escribimos más. Si quieres, también borramos tus datos."),
        title=gettext("Anotado"),
        stop=farewell_token(settings(), letter.ally.ref),
    )


@blueprint.post("/f/<token>/sigo")
@public
@told_why
def still_there(token: str) -> BaseResponse:
    """Note that the ally is still with us."""
    letter = of_kind(token, LetterKind.STILL_THERE)
    ally_letters.receive(db(), letter)
    return _said(gettext("¡Qué bueno! El siguiente paquete te llega como siempre."), title=gettext("Gracias"))


@blueprint.post("/f/<token>/recibido")
@public
@told_why
def received(token: str) -> BaseResponse:
    """Note that a person saw the pack: a program presses no button."""
    ally_letters.receive(db(), of_kind(token, LetterKind.PACK))
    return redirect(url_for(".own_page", token=token, hecho="recibido"), SEE_OTHER)


def _leaving(token: str) -> Ally:
    ref = ally_of(settings(), token)
    found = db().scalars(select(Ally).where(Ally.ref == ref)).one_or_none() if ref else None
    if found is None:
        raise AllyLinkMissingError
    return found


@blueprint.get("/f/baja/<token>")
@public
@told_why
def farewell(token: str) -> BaseResponse:
    """Ask whoever followed the link whether they want no more letters, or to be erased; opening it changes nothing."""
    found = _leaving(token)
    page = render_template(
        "allies/own_farewell.html",
        token=token,
        gone=found.consent is ConsentStanding.WITHDRAWN,
        erased=found.erased_at is not None,
    )
    return unlisted(make_response(page))


@blueprint.post("/f/baja/<token>")
@public
@told_why
def leave(token: str) -> BaseResponse:
    """Write to that ally no more. The mailbox's own button posts here (RFC 8058), without our form's token."""
    found = _leaving(token)
    if found.erased_at is None:
        ally_consents.withdraw(db(), found, today())
    page = render_template(
        "allies/own_farewell.html", token=token, gone=True, erased=found.erased_at is not None
    )
    return unlisted(make_response(page))


csrf.exempt(leave)


@blueprint.post("/f/baja/<token>/borrar")
@public
@told_why
def erase_me(token: str) -> BaseResponse:
    """Erase who the ally is, as they ask; what they did stays as figures."""
    found = _leaving(token)
    if found.erased_at is None:
        ally_consents.erase(db(), found, today(), mark_of(settings(), found.email))
    return unlisted(
        make_response(render_template("allies/own_farewell.html", token=token, gone=True, erased=True))
    )


@blueprint.get("/f/aviso")
@public
def privacy() -> Response:
    """Say who is responsible for an ally's data, what for, and how to oppose (LGPDPPSO 20 to 22)."""
    page = render_template(
        "allies/privacy.html",
        contact=settings().contact or settings().mail_from,
        version=ally_consents.NOTICE,
    )
    return make_response(page)
