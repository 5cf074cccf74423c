"""The week's pack as the staff sees it: looked at, a post taken out, two lines written, sent, and how far it came."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from assets import packs
from assets.models import PackOf
from assets.pack_texts import texts_of
from content_calendar import allies, ally_letters, ally_weeks
from content_calendar.ally_weeks import WeekMissingError, monday_of
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.allies import AllyWeek, ConsentStanding, LetterStage
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp.allies.doors import SEE_OTHER, UNPROCESSABLE, blueprint, here, one_ally, say, today, within
from webapp.allies.listing import tally
from webapp.errors import flash_error, status_of, tell
from webapp.session import db, needs, person, settings, viewer
from webapp.toolbox.files import storage
from webapp.toolbox.packing import address_of

_P = Permission
_A_WEEK = timedelta(days=7)


class MailNotReadyError(ConflictError):
    """No letter to an ally can go out: there is no mail server, or no address that its links would have."""

    code = "ally_mail_not_ready"


def starts_on(ref: str) -> date:
    """Return the Monday that an address names; raise WeekMissingError."""
    try:
        day = date.fromisoformat(ref)
    except ValueError:
        raise WeekMissingError(week=ref) from None
    if day != monday_of(day):
        raise WeekMissingError(week=ref)
    return day


@blueprint.get("/facilitadores/semana")
@needs(_P.VIEW_ALLIES)
def this_week() -> BaseResponse:
    """Lead to the week that it is."""
    return redirect(url_for(".week", ref=monday_of(today()).isoformat()), SEE_OTHER)


@blueprint.get("/facilitadores/semana/<ref>")
@needs(_P.VIEW_ALLIES)
def week(ref: str) -> Response:
    """Show a week's pack; one that was not prepared yet offers to be."""
    return week_page(starts_on(ref))


def week_page(
    day: date,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
    handed: tuple[str, str] | None = None,
) -> Response:
    """Return a week's page; ``handed`` is an ally's name and the link that was just made for them, shown once."""
    seen = within()
    try:
        found: AllyWeek | None = ally_weeks.find(db(), day)
    except WeekMissingError:
        found = None
    shown = ally_weeks.shown_posts(found) if found else []
    rows = ally_weeks.rows(db(), found, seen) if found else []
    pack = packs.gather(db(), storage(), PackOf.WEEK, found.ref, None, here()) if found else None
    told = {row.letter.ally_id for row in rows}
    agreed = allies.listed(db(), allies.Wanted(within=seen, consent=ConsentStanding.GIVEN))
    page = render_template(
        "allies/week.html",
        week=found,
        day=day,
        title=words.week_words(day),
        shown=shown,
        out=[one for one in found.posts if one not in shown] if found else [],
        texts={post.ref: texts_of(post) for post in pack.posts} if pack else {},
        pack=pack,
        rows=rows,
        stages=Counter(row.letter.stage for row in rows),
        all_stages=LetterStage,
        tally=tally([row.level for row in rows]),
        missing=[one for one in agreed if one.id not in told],
        may_edit=viewer().can(_P.EDIT_ALLIES),
        mails=_mails(),
        before=day - _A_WEEK,
        after=day + _A_WEEK,
        is_coming=day > monday_of(today()),
        typed=request.form,
        errors=errors or {},
        handed=handed,
        words=words,
    )
    return make_response(page, status)


def _mails() -> bool:
    return bool(settings().mail_host and settings().public_url)


def _back(ref: str, anchor: str = "") -> BaseResponse:
    return redirect(url_for(".week", ref=ref, _anchor=anchor or None), SEE_OTHER)


@blueprint.post("/facilitadores/semana/<ref>/preparar")
@needs(_P.EDIT_ALLIES)
def prepare(ref: str) -> BaseResponse:
    """Prepare a week's pack now, or bring in what was approved since."""
    ally_weeks.prepare(db(), starts_on(ref), settings().zone)
    count = len(ally_weeks.shown_posts(ally_weeks.find(db(), starts_on(ref))))
    say(ngettext("El paquete tiene %(num)s publicación.", "El paquete tiene %(num)s publicaciones.", count))
    return _back(ref)


@blueprint.post("/facilitadores/semana/<ref>/nota")
@needs(_P.EDIT_ALLIES)
def write_note(ref: str) -> BaseResponse:
    """Write the lines that stand above the pack."""
    found = ally_weeks.find(db(), starts_on(ref))
    try:
        ally_weeks.write_note(db(), found, request.form.get("note", ""), person())
    except InvalidError as error:
        db().rollback()
        return week_page(starts_on(ref), {"note": tell(error)}, UNPROCESSABLE)
    say(gettext("Guardado: son las líneas que verán antes de las publicaciones."))
    return _back(ref)


@blueprint.post("/facilitadores/semana/<ref>/quitar/<post>")
@needs(_P.EDIT_ALLIES)
def leave_out(ref: str, post: str) -> BaseResponse:
    """Take a post out of the pack."""
    ally_weeks.leave_out(db(), ally_weeks.find(db(), starts_on(ref)), post, person(), out=True)
    say(gettext("Ya no va en el paquete."), url_for(".put_back", ref=ref, post=post), gettext("Devolverla"))
    return _back(ref)


@blueprint.post("/facilitadores/semana/<ref>/devolver/<post>")
@needs(_P.EDIT_ALLIES)
def put_back(ref: str, post: str) -> BaseResponse:
    """Put a post back into the pack."""
    ally_weeks.leave_out(db(), ally_weeks.find(db(), starts_on(ref)), post, person(), out=False)
    say(gettext("Otra vez va en el paquete."))
    return _back(ref)


@blueprint.post("/facilitadores/semana/<ref>/enviar")
@needs(_P.EDIT_ALLIES)
def send(ref: str) -> BaseResponse:
    """Write the letters; the worker mails them, each once."""
    try:
        if not _mails():
            raise MailNotReadyError
        count = ally_weeks.send(db(), ally_weeks.find(db(), starts_on(ref)), person())
    except ConflictError as error:
        db().rollback()
        return week_page(starts_on(ref), {"send": tell(error)}, status_of(error))
    if count:
        say(
            ngettext(
                "Sale a %(num)s de la red. Aquí ves cómo va.",
                "Sale a %(num)s de la red. Aquí ves cómo va.",
                count,
            )
        )
    else:
        say(gettext("Todos los que aceptaron correos ya lo tienen: no se repite a nadie."))
    return _back(ref, "quien")


@blueprint.post("/facilitadores/semana/<ref>/reintentar")
@needs(_P.EDIT_ALLIES)
def send_again(ref: str) -> BaseResponse:
    """Mail again what the server refused, and nothing else."""
    count = ally_letters.resend_refused(db(), ally_weeks.find(db(), starts_on(ref)), person())
    say(ngettext("Se intenta otra vez con %(num)s.", "Se intenta otra vez con %(num)s.", count))
    return _back(ref, "quien")


@blueprint.post("/facilitadores/semana/<ref>/enlace/<ally>")
@needs(_P.EDIT_ALLIES)
def hand_over(ref: str, ally: str) -> BaseResponse:
    """Make a link to give to an ally by other means; its address is shown this once."""
    day, found = starts_on(ref), one_ally(ally)
    try:
        token = ally_letters.hand_over(db(), ally_weeks.find(db(), day), found, person())
    except ConflictError as error:
        flash_error(error)
        return _back(ref, "quien")
    address = address_of(url_for(".own_page", token=token))
    return week_page(day, status=201, handed=(found.name, address))
