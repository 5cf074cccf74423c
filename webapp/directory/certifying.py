"""Saying yes to accounts: on one's own page, from a mail without signing in, and the staff's list of what is owed.

Opening a page changes nothing, so whatever looks at mails for a mail server certifies nothing; a form of it does. The
page of a mail is kept by no cache and no search engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import certification, certification_links, directory, directory_proposals, people
from content_calendar.certification import GATHERED, Yes
from content_calendar.certification_links import (
    CertificationLinkMissingError,
    CertificationLinkOverError,
    Opened,
)
from content_calendar.clock import now
from content_calendar.errors import ConflictError, ForbiddenError, ResuenaError
from content_calendar.models.directory import Account, Body, Owner, OwnerKind, Standing
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.models.standing import CertificationWatch, ProposalKind
from content_calendar.notices import Code, Subject
from content_calendar.permissions import Permission
from webapp import dates
from webapp.directory.account_facts import facts_of
from webapp.directory.doors import SEE_OTHER, blueprint
from webapp.directory.wording import LOOKS, STANDINGS, network_name
from webapp.errors import status_of, tell
from webapp.session import database, db, needs, person, public, settings, throttle_key, viewer

_P = Permission
_GONE, _WAIT = 410, 429
# A whole office may stand behind one address; a link has 256 bits, so that this only bounds the noise.
_TRIES = 6 * people.TRIES
_WRITTEN_SINCE = timedelta(days=120)
_MOST_LISTED = 500


class CertificationDoorClosedError(ResuenaError):
    """Too many links that do not exist were opened from one address; ``minutes`` to wait."""

    code = "certification_link_wait"


class NothingMarkedError(ConflictError):
    """No account was marked."""

    code = "nothing_marked"


def _standing_of(owner: Owner) -> Sequence[Account]:
    """Return the owner's accounts that somebody may say yes to."""
    return (
        db()
        .scalars(
            select(Account)
            .join(Account.owner)
            .where(
                Account.owner_id == owner.id,
                Account.valid_to.is_(None),
                Account.standing.in_((Standing.IN_FORCE, Standing.TO_CERTIFY)),
            )
            .options(contains_eager(Account.owner))
            .order_by(Account.certified_until, Account.network, Account.handle_folded)
        )
        .all()
    )


def _marked(accounts: Sequence[Account]) -> list[Account]:
    marked = set(request.form.getlist("account"))
    return [one for one in accounts if one.ref in marked]


def _words_of(said: Yes) -> list[str]:
    told = []
    if said.done:
        until = said.done[0].certified_until
        told.append(
            ngettext("%(num)s cuenta es oficial hasta el %(day)s.", "%(num)s cuentas son oficiales hasta el %(day)s.",
                     len(said.done), day=dates.day_of(until))
        )  # fmt: skip
    if said.waiting:
        told.append(
            ngettext(
                "%(num)s cuenta espera el sí de otra persona.",
                "%(num)s cuentas esperan el sí de otra persona.",
                len(said.waiting),
            )
        )
    told += [f"{account.handle}: {tell(error)}" for account, error in said.refused]
    return told


# On one's own page


@blueprint.get("/directorio/<slug>/certificar")
@needs(_P.CERTIFY_OWN_ACCOUNTS)
def confirming(slug: str) -> str:
    """Show an owner's accounts to whoever may say yes to them, and what one says with it."""
    owner = directory.find_owner(db(), slug)
    if not certification.may_certify(viewer().rights, owner):
        raise ForbiddenError
    accounts = _standing_of(owner)
    return render_template(
        "directory/confirming.html",
        owner=owner,
        accounts=accounts,
        facts=facts_of(accounts),
        network_name=network_name,
        standings={key: gettext(word) for key, word in STANDINGS.items()},
        looks=LOOKS,
        me=person().id,
        is_body=isinstance(owner, Body),
    )


@blueprint.get("/directorio/certificar/<ref>")
@needs(_P.VIEW_DIRECTORY)
def asked_about(ref: str) -> BaseResponse:
    """Lead whoever was told of an owner's accounts to where they say yes, or to the list of what is owed."""
    owner = directory.find_owner(db(), ref)
    may = certification.may_certify(viewer().rights, owner)
    return redirect(url_for(".confirming", slug=ref) if may else url_for(".certifications"), SEE_OTHER)


@blueprint.post("/directorio/<slug>/certificar")
@needs(_P.CERTIFY_OWN_ACCOUNTS)
def confirm(slug: str) -> BaseResponse:
    """Say yes to the accounts that were marked, as the person who is signed in."""
    owner = directory.find_owner(db(), slug)
    if not certification.may_certify(viewer().rights, owner):
        raise ForbiddenError
    marked = _marked(_standing_of(owner))
    if not marked:
        flash(tell(NothingMarkedError()), "error")
        return redirect(url_for(".confirming", slug=slug), SEE_OTHER)
    me = db().get_one(Person, person().id)
    said = certification.say_yes(db(), owner, marked, me, settings().certification)
    flash(" ".join(_words_of(said)), "success" if said.done or said.waiting else "error")
    there = (
        url_for(".body", slug=slug, _anchor="cuentas")
        if isinstance(owner, Body)
        else url_for(".accounts_page")
    )
    return redirect(there, SEE_OTHER)


# From a mail


def _opened(token: str) -> Opened:
    try:
        return certification_links.opened(db(), token)
    except CertificationLinkMissingError:
        db().rollback()
    # Only what opens nothing is counted: a good link opens whatever else was tried from the same office.
    key = throttle_key("certification-link", request.remote_addr or "")
    with database().transaction() as session:
        if people.must_wait(session, key, _TRIES):
            raise CertificationDoorClosedError(minutes=int(people.TRIES_WINDOW.total_seconds() // 60))
        people.note_try(session, [key], succeeded=False)
    raise CertificationLinkMissingError


def _unlisted(page: str, status: int = 200) -> Response:
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _closed(error: ResuenaError) -> Response:
    if isinstance(error, CertificationDoorClosedError):
        status = _WAIT
    else:
        status = _GONE if isinstance(error, CertificationLinkOverError) else status_of(error)
    return _unlisted(render_template("directory/confirmed_by_mail.html", told=[tell(error)]), status)


_REFUSED = (CertificationLinkMissingError, CertificationLinkOverError, CertificationDoorClosedError)


@blueprint.get("/certificar/<token>")
@public
def confirming_by_mail(token: str) -> Response:
    """Show whom the link is for, the accounts it is about, and what one says with it."""
    try:
        found = _opened(token)
    except _REFUSED as error:
        return _closed(error)
    return _unlisted(_mail_page(token, found))


def _mail_page(token: str, found: Opened, wrong: str = "") -> str:
    return render_template(
        "directory/confirming_by_mail.html",
        token=token,
        found=found,
        accounts=found.accounts,
        facts=facts_of(found.accounts),
        network_name=network_name,
        standings={key: gettext(word) for key, word in STANDINGS.items()},
        looks=LOOKS,
        me=found.person.id,
        wrong=wrong,
    )


@blueprint.post("/certificar/<token>")
@public
def confirm_by_mail(token: str) -> Response:
    """Say yes to the marked accounts as the person to whom it was mailed; the link ends with it.

    Of a body's accounts that were left unmarked the commission is told.
    """
    try:
        found = _opened(token)
    except _REFUSED as error:
        return _closed(error)
    marked = _marked(found.accounts)
    left = [one for one in found.accounts if one not in marked and one.owner.kind is OwnerKind.BODY]
    if not marked and not left:
        return _unlisted(_mail_page(token, found, tell(NothingMarkedError())), 422)
    try:
        certification_links.use(db(), found)
    except CertificationLinkOverError as error:
        db().rollback()
        return _closed(error)
    said = certification.say_yes(db(), found.owner, marked, found.person, settings().certification)
    told = _words_of(said)
    for account in left:
        directory_proposals.propose(
            db(), found.owner, ProposalKind.ACCOUNT_GONE, {"standing": Standing.NO_ACCESS.value},
            by=found.person, account=account,
        )  # fmt: skip
    if left:
        told.append(
            ngettext(
                "Le dijimos a la Comisión que %(num)s cuenta ya no es suya.",
                "Le dijimos a la Comisión que %(num)s cuentas ya no son suyas.",
                len(left),
            )
        )
    return _unlisted(render_template("directory/confirmed_by_mail.html", told=told, done=True))


# The staff's list


@dataclass(frozen=True)
class Owed:
    """An account on the staff's list, with what was told of it."""

    account: Account
    watch: CertificationWatch | None


@blueprint.get("/directorio/certificaciones")
@needs(_P.EDIT_DIRECTORY)
def certifications() -> str:
    """Show what ends soon, what has ended, what waits for its second person, and who was written to."""
    moment = now()
    rows = db().execute(
        select(Account, CertificationWatch)
        .join(Account.owner)
        .outerjoin(CertificationWatch, CertificationWatch.account_id == Account.id)
        .where(
            Account.valid_to.is_(None),
            Account.standing.in_((Standing.IN_FORCE, Standing.TO_CERTIFY, Standing.IMPERSONATED)),
            (Owner.valid_to.is_(None)) | (Owner.valid_to > moment.date()),
        )
        .options(contains_eager(Account.owner))
        .order_by(Account.certified_until, Owner.short_name, Account.network, Account.handle_folded)
        .limit(_MOST_LISTED)
    )
    owed = [Owed(account, watch) for account, watch in rows]
    facts = facts_of([one.account for one in owed])
    owed = [one for one in owed if facts[one.account.id].real]
    sure = [one for one in owed if one.account.standing is not Standing.IMPERSONATED]
    return render_template(
        "directory/certifications.html",
        alarms=[one for one in owed if one.account.standing is Standing.IMPERSONATED],
        lapsed=[one for one in sure if facts[one.account.id].lapsed],
        soon=[one for one in sure if _ends_soon(one.account)],
        second=[one for one in sure if facts[one.account.id].first_yes],
        never=[one for one in sure if not one.account.certified_at and not facts[one.account.id].first_yes],
        facts=facts,
        written=_written_to(),
        network_name=network_name,
        days=settings().certification.days,
        may_certify=viewer().can(_P.CERTIFY_ACCOUNTS),
        cut_off=moment,
    )


def _ends_soon(account: Account) -> bool:
    until, moment = account.certified_until, now()
    return until is not None and moment < until <= moment + GATHERED


def _written_to() -> dict[str, list[tuple[str, Notice]]]:
    """Return by owner who was told of its accounts of late, the newest first; one query."""
    rows = db().execute(
        select(Notice, Person.name)
        .join(Person, Person.id == Notice.person_id)
        .where(
            Notice.subject_kind == Subject.CERTIFICATION.value,
            Notice.code.in_([Code.CERTIFICATION_DUE.value, Code.CERTIFICATION_LAPSED.value]),
            Notice.created_at > now() - _WRITTEN_SINCE,
        )
        .order_by(Notice.id.desc())
        .limit(_MOST_LISTED)
    )
    found: dict[str, list[tuple[str, Notice]]] = {}
    for notice, name in rows:
        found.setdefault(notice.subject_ref, []).append((name, notice))
    return found
