"""What a person decides: whether a replication is one, what became of a letter, who is asked if they are there."""

from flask import redirect, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import ally_activity, ally_echoes, ally_letters
from content_calendar.ally_echoes import Source
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.allies import EchoStanding
from content_calendar.permissions import Permission
from webapp.allies.doors import SEE_OTHER, blueprint, here, one_ally, say, within
from webapp.allies.page import came_back
from webapp.allies.reading import keep
from webapp.allies.weeks import MailNotReadyError
from webapp.errors import flash_error
from webapp.inputs import split_address
from webapp.session import db, needs, person, settings

_P = Permission


def _back(anchor: str = "") -> BaseResponse:
    """Lead back to the page that the form stands on: the list, or the ally's."""
    asked = split_address(request.form.get("back", ""))
    ours = not asked.scheme and not asked.netloc and asked.path.startswith("/facilitadores")
    return redirect(asked.path if ours else url_for(".listing", _anchor=anchor or None), SEE_OTHER)


def _decided(ref: str, standing: EchoStanding) -> None:
    one_ally(ally_echoes.find(db(), ref).ally.ref)
    ally_echoes.decide(db(), ref, person(), standing)


@blueprint.post("/facilitadores/replicas/<ref>/si")
@needs(_P.EDIT_ALLIES)
def confirm(ref: str) -> BaseResponse:
    """Say: yes, they took it up."""
    _decided(ref, EchoStanding.CONFIRMED)
    say(gettext("Confirmada."), url_for(".reopen", ref=ref), gettext("Deshacer"))
    return _back("por-confirmar")


@blueprint.post("/facilitadores/replicas/<ref>/no")
@needs(_P.EDIT_ALLIES)
def reject(ref: str) -> BaseResponse:
    """Say: no, that is none of ours."""
    _decided(ref, EchoStanding.REJECTED)
    say(gettext("Rechazada: no cuenta."), url_for(".reopen", ref=ref), gettext("Deshacer"))
    return _back("por-confirmar")


@blueprint.post("/facilitadores/replicas/<ref>/abrir")
@needs(_P.EDIT_ALLIES)
def reopen(ref: str) -> BaseResponse:
    """Take a decision back."""
    _decided(ref, EchoStanding.DECLARED)
    say(gettext("Otra vez está por confirmar."))
    return _back("por-confirmar")


@blueprint.post("/facilitadores/<ref>/replica")
@needs(_P.EDIT_ALLIES)
def note_echo(ref: str) -> BaseResponse:
    """Write down what an ally told by other means."""
    try:
        count = keep(Source(one_ally(ref), by=person()), None)
    except (InvalidError, ConflictError) as error:
        return came_back(ref, error, "links")
    said = ngettext("Anotada %(num)s réplica.", "Anotadas %(num)s réplicas.", count)
    say(said if count else gettext("Ya estaba anotada: no se repite."))
    return redirect(url_for(".ally", ref=ref, _anchor="replicas"), SEE_OTHER)


@blueprint.post("/facilitadores/cartas/<ref>/<any(llego, repetir):what>")
@needs(_P.EDIT_ALLIES)
def settle_letter(ref: str, what: str) -> BaseResponse:
    """Say of a letter in doubt that it arrived, or have it mailed again."""
    arrived = what == "llego"
    try:
        ally_letters.settle(db(), ref, person(), arrived=arrived)
    except (ConflictError, NotFoundError) as error:
        flash_error(error)
    else:
        say(gettext("Anotado: sí le llegó.") if arrived else gettext("Se manda otra vez."))
    return _back()


@blueprint.post("/facilitadores/cartas/<ref>/cerrar")
@needs(_P.EDIT_ALLIES)
def revoke_links(ref: str) -> BaseResponse:
    """Take back the links of a letter."""
    ally_letters.revoke(db(), ref, person())
    say(gettext("Enlace retirado: desde ahora no abre nada."))
    return _back()


@blueprint.post("/facilitadores/sigues")
@needs(_P.EDIT_ALLIES)
def ask_still_there() -> BaseResponse:
    """Ask those who fell silent whether they are still with us, each once."""
    silent = ally_activity.silent(db(), here(), within())
    chosen = {one.ally.id: one.since for one in silent if one.ally.email and not one.asked}
    if only := request.form.get("ally", ""):
        chosen = {one.ally.id: one.since for one in silent if one.ally.ref == only and one.ally.id in chosen}
    if not (settings().mail_host and settings().public_url):
        flash_error(MailNotReadyError())
    else:
        count = ally_letters.ask_still_there(db(), chosen, person())
        said = ngettext("Le preguntamos a %(num)s.", "Les preguntamos a %(num)s.", count)
        say(said if count else gettext("A quienes callan ya se les preguntó: no se repite."))
    return redirect(url_for(".activity", _anchor="callan"), SEE_OTHER)
