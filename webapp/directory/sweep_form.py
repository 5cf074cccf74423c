"""The first sweep's form: a body's accounts, sites and feeds, opened from a letter, without a password.

Opening it changes nothing, so whatever looks at mails for a mail server answers nothing. It can be corrected as long
as its link is good. No page here is kept by a cache or a search engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import people
from content_calendar.errors import ConflictError, ResuenaError
from scheduler.filling import answers
from scheduler.filling.answers import Answer, Known, SweepLinkMissingError, SweepLinkOverError
from scheduler.filling.models import LineKind, LineStage, SweepAsk, SweepLine, SweepLink
from scheduler.listening.recognising import Recognised, recognised
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.directory.wording import network_name
from webapp.errors import status_of, tell
from webapp.session import database, db, public, throttle_key

_GONE, _WAIT = 410, 429
# A whole office may stand behind one address; a link has 256 bits, so that this only bounds the noise.
_TRIES = 6 * people.TRIES


class SweepDoorClosedError(ResuenaError):
    """Too many links that do not exist were opened from one address; ``minutes`` to wait."""

    code = "sweep_link_wait"


@dataclass(frozen=True)
class Understood:
    """What a line was understood as, for the page: a new thing, or why not."""

    given: str
    kind: str
    network: str
    handle: str
    url: str
    code: str


def _opened(token: str) -> tuple[SweepAsk, SweepLink]:
    try:
        return answers.opened(db(), token)
    except SweepLinkMissingError:
        db().rollback()
    key = throttle_key("sweep-link", request.remote_addr or "")
    with database().transaction() as session:
        if people.must_wait(session, key, _TRIES):
            raise SweepDoorClosedError(minutes=int(people.TRIES_WINDOW.total_seconds() // 60))
        people.note_try(session, [key], succeeded=False)
    raise SweepLinkMissingError


def _unlisted(answer: BaseResponse) -> BaseResponse:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _closed(error: ResuenaError) -> BaseResponse:
    status = _WAIT if isinstance(error, SweepDoorClosedError) else status_of(error)
    if isinstance(error, SweepLinkOverError):
        status = _GONE
    page = render_template("directory/sweep_closed.html", said=tell(error))
    return _unlisted(make_response(page, status))


def _told() -> Answer:
    form = request.form
    known = set(form.getlist("known"))
    return Answer(
        accounts=form.get("accounts", ""),
        sites=form.get("sites", ""),
        feeds=form.get("feeds", ""),
        feeds_unknown=bool(form.get("feeds_unknown")),
        name=form.get("name", ""),
        post=form.get("post", ""),
        not_ours=frozenset(form.getlist("shown")) - known,
    )


def _kept(ask: SweepAsk) -> Answer:
    return Answer(
        ask.accounts_text, ask.sites_text, ask.feeds_text, ask.feeds_unknown, ask.answer_name, ask.answer_post,
        _crossed_out(ask.lines),
    )  # fmt: skip


def _crossed_out(lines: Sequence[SweepLine]) -> frozenset[str]:
    return frozenset(one.about for one in lines if one.kind in (LineKind.ACCOUNT_NO, LineKind.SITE_NO))


def _show(
    token: str, ask: SweepAsk, link: SweepLink, answer: Answer, *, trying: bool = False
) -> BaseResponse:
    known: Known = answers.known_of(db(), ask.body_id)
    read = list(recognised(answer.accounts, answer.sites, answer.feeds))
    page = render_template(
        "directory/sweep_form.html",
        token=token,
        ask=ask,
        link=link,
        known=known,
        answer=answer,
        trying=trying,
        understood=[_understood(one) for one in read if not one.code],
        unclear=[_understood(one) for one in read if one.code],
        accepted=sum(one.stage is LineStage.ACCEPTED for one in ask.lines),
        network_name=network_name,
    )
    return _unlisted(make_response(page))


def _understood(one: Recognised) -> Understood:
    return Understood(one.given, one.kind.value, one.network, one.handle, one.url, one.code)


@blueprint.get("/b/<token>")
@public
def sweep_form(token: str) -> BaseResponse:
    """Show the form of the body that the link is of, with what it answered before."""
    try:
        ask, link = _opened(token)
    except (SweepLinkMissingError, SweepLinkOverError, SweepDoorClosedError) as error:
        return _closed(error)
    return _show(token, ask, link, _kept(ask))


@blueprint.post("/b/<token>")
@public
def answer_sweep(token: str) -> BaseResponse:
    """Save what was answered, or only show how it is understood; it can be corrected afterwards."""
    try:
        ask, link = _opened(token)
    except (SweepLinkMissingError, SweepLinkOverError, SweepDoorClosedError) as error:
        return _closed(error)
    answer = _told()
    if request.form.get("do") == "try":
        return _show(token, ask, link, answer, trying=True)
    try:
        answers.save(db(), ask, answer)
    except ConflictError as error:
        db().rollback()
        return _closed(error)
    flash(gettext("Guardado. Gracias: puedes corregirlo con este mismo enlace hasta que venza."), "success")
    return _unlisted(redirect(url_for(".sweep_form", token=token), SEE_OTHER))
