"""Avisos: what needs the person, on the screen; whether it is mailed to them too; and whether mails go out at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import notices
from content_calendar.errors import NotFoundError, ResuenaError
from content_calendar.models.notices import Notice
from content_calendar.models.people import Person
from content_calendar.notices import Subject
from content_calendar.permissions import Permission
from scheduler import mailing
from webapp import dates, letters
from webapp.account.views import blueprint
from webapp.doors import door
from webapp.errors import flash_error
from webapp.inputs import small
from webapp.notice_words import headline, words_of
from webapp.security import csrf
from webapp.session import database, db, needs, person, public, settings, viewer

_SEE_OTHER = 303
_UNREAD = 100
_PAGE = 30
# Where each subject is seen to: an endpoint, and whether it takes the subject's reference.
_PLACES: Mapping[str, tuple[str, bool]] = {
    Subject.PUBLICATION: ("dashboards.publication", True),
    Subject.REVIEW: ("calendar.one_review", True),
    Subject.CONTRIBUTION: ("calendar.contribution", True),
    Subject.EVENT: ("events.closing", True),
    Subject.COMMENT: ("calendar.review_comments_at", True),
    Subject.POST: ("calendar.post", True),
    Subject.WIRE: ("wire.cable", False),
    Subject.CATCH_UP: ("dashboards.catching_up", False),
    Subject.WORKER: ("account.system", False),
    Subject.ACCOUNT: ("directory.account", True),
    Subject.MAIL: ("account.system", False),
    Subject.PERSON: ("account.everybody", False),
    Subject.ADAPTATION: ("adaptations.one", True),
    Subject.TAKEDOWN: ("toolbox.takedown_tasks", False),
    Subject.REPLIES: ("dialogue.replies", False),
    Subject.ALLY_WEEK: ("allies.week", True),
    Subject.CERTIFICATION: ("directory.asked_about", True),
    Subject.STANDING: ("directory.standing_of", True),
    Subject.PROPOSAL: ("directory.proposal", True),
    Subject.LINKS: ("directory.broken_links", False),
    Subject.REPLICATION: ("dashboards.echo", True),
    Subject.BARRIDO: ("follow.sweep_week", True),
    Subject.CORRECTION: ("follow.corrections_list", False),
    Subject.LOCAL_TEXT: ("follow.own_text_at", True),
    Subject.WEBHOOK: ("webhooks.one", True),
    Subject.BACKUP: ("keeping.listing", False),
    Subject.PERSONAL_DATA: ("keeping.personal_data", False),
    Subject.RESTORED: ("account.everybody", False),
    Subject.AUDIT: ("account.trail", False),
    Subject.PARTICIPATION: ("programme.state", True),
}


@dataclass(frozen=True)
class Told:
    """A notice as its page shows it."""

    row: Notice
    what: str
    todo: str

    @property
    def day(self) -> date:
        """Return the reader's day on which it was told."""
        return self.row.created_at.astimezone(dates.zone()).date()


def told(row: Notice) -> Told:
    """Return a notice with what it says to the reader."""
    what = headline(dates.speaker(), row.code, row.params, letters.network_name)
    return Told(row, what, dates.speaker().fill(words_of(row.code).todo, row.params))


def _by_day(rows: Sequence[Notice]) -> list[tuple[date, list[Told]]]:
    return [(day, list(some)) for day, some in groupby(map(told, rows), key=lambda one: one.day)]


@blueprint.get("/avisos")
@needs(Permission.ENTER)
def avisos() -> str:
    """Show what waits for the person first, then what they have seen, by day."""
    before = request.args.get("antes", type=small)
    seen = notices.seen(db(), person().id, _PAGE + 1, before)
    waiting = notices.unread(db(), person().id, _UNREAD) if not before else []
    return render_template(
        "account/notices.html",
        unread=_by_day(waiting),
        seen=_by_day(seen[:_PAGE]),
        more=seen[_PAGE - 1].id if len(seen) > _PAGE else None,
        page=before,
    )


@blueprint.get("/avisos/<ref>")
@needs(Permission.ENTER)
def open_notice(ref: str) -> BaseResponse:
    """Go to where it is seen to, and note that the person has seen it."""
    row = notices.find(db(), person().id, ref)
    if row.read_at is None:
        # A page that is read opens a session that only reads: this one line is written apart.
        with database().transaction() as session:
            notices.mark_read(session, person().id, ref)
    endpoint, takes_ref = _PLACES.get(row.subject_kind, ("account.avisos", False))
    place = door(endpoint, **({"ref": row.subject_ref} if takes_ref else {}))
    return redirect(place or url_for("account.avisos"), _SEE_OTHER)


@blueprint.post("/avisos/leidos")
@needs(Permission.ENTER)
def read_all() -> BaseResponse:
    """Note that the person has seen everything."""
    notices.mark_all_read(db(), person().id)
    flash(gettext("Listo: ningún aviso sin leer."), "success")
    return redirect(url_for("account.avisos"), _SEE_OTHER)


@blueprint.post("/mi-cuenta/correo")
@needs(Permission.ENTER)
def want_mail() -> BaseResponse:
    """Take whether the person wants what needs them by mail too."""
    me = db().get_one(Person, person().id)
    if request.form.get("wants_mail"):
        me.wants_mail = True
        flash(gettext("Te avisamos también por correo."), "success")
    else:
        notices.stop_mailing(db(), me)
        flash(gettext("Ya no te mandamos correos. Los avisos siguen aquí."), "success")
    return redirect(url_for("account.mine"), _SEE_OTHER)


def _written_for(token: str) -> Person:
    ref = letters.person_of(settings(), token)
    found = db().scalars(select(Person).where(Person.ref == ref)).one_or_none() if ref else None
    if found is None:
        raise NotFoundError
    return found


@blueprint.get("/avisos/sin-correo/<token>")
@public
def no_mail(token: str) -> str:
    """Ask whoever followed the link of a mail whether they want no more; opening it alone changes nothing."""
    return render_template("account/no_mail.html", wants_mail=_written_for(token).wants_mail, token=token)


@blueprint.post("/avisos/sin-correo/<token>")
@public
def stop_mail(token: str) -> str:
    """Send no more mails to that person. The mailbox's own button posts here (RFC 8058), without our form's token."""
    notices.stop_mailing(db(), _written_for(token))
    return render_template("account/no_mail.html", wants_mail=False, token=token)


csrf.exempt(stop_mail)


@blueprint.post("/sistema/correo-de-prueba")
@needs(Permission.VIEW_SYSTEM)
def try_mail() -> BaseResponse:
    """Send a mail to whoever asks, and say what came of it."""
    me = person()
    if not settings().mail_host:
        flash(
            gettext("No hay servidor de correo: pon RESUENA_MAIL_HOST y arranca Resuena otra vez."), "error"
        )
        return redirect(url_for("account.system"), _SEE_OTHER)
    letter = letters.trial(settings(), viewer().locale, me.name)
    try:
        with mailing.connected(settings()) as deliver:
            deliver(mailing.compose(settings(), me.name, me.email, letter, token_hex(16)))
    except ResuenaError as error:
        flash_error(error)
    else:
        flash(gettext("Salió a %(email)s. Revisa que haya llegado.", email=me.email), "success")
    return redirect(url_for("account.system"), _SEE_OTHER)
