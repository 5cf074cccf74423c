"""Consents of a material: written down with their document, withdrawn, and the document itself."""

from datetime import date

from flask import Response, flash, redirect, request, send_file, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as BaseResponse

from assets import consents, library
from assets.clearance import ConsentBy, Scope
from assets.consents import Told
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from scheduler.withdrawing import replicas_of
from webapp import dates
from webapp.errors import tell
from webapp.session import db, needs, person
from webapp.toolbox.files import storage
from webapp.toolbox.uploading import chosen_file
from webapp.toolbox.views import blueprint, material_page

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
_FILE = "consent_file"


class ConsentByMissingError(InvalidError):
    """A consent is the person's own or the guardians'."""

    code = "consent_by_missing"


class ConsentDayError(InvalidError):
    """The last day is a date, or nothing."""

    code = "consent_day"


def _told() -> Told:
    by, ends_on = request.form.get("by", ""), request.form.get("ends_on", "").strip()
    if by not in set(ConsentBy):
        raise ConsentByMissingError(field="by")
    try:
        day = date.fromisoformat(ends_on) if ends_on else None
    except ValueError:
        raise ConsentDayError(field="ends_on") from None
    scopes = frozenset(Scope(one) for one in request.form.getlist("scopes") if one in set(Scope))
    told = Told(ConsentBy(by), request.form.get("whom", ""), day, scopes)
    return consents.checked(told, now().astimezone(dates.zone()).date())


@blueprint.post("/caja/<ref>/consentimientos")
@needs(_P.EDIT_TOOLBOX)
def add_consent(ref: str) -> BaseResponse:
    """Write a consent down with its signed document."""
    try:
        told = _told()
        kept = consents.take_in(storage(), chosen_file(_FILE).read(), _FILE)
    except InvalidError as error:
        typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
        typed["scopes"] = " ".join(request.form.getlist("scopes")) or "-"
        return material_page(ref, typed, {error.field or _FILE: tell(error)}, _UNPROCESSABLE)
    consents.add(db(), ref, told, kept, person())
    flash(gettext("Consentimiento guardado."), "success")
    return _back(ref)


@blueprint.post("/caja/<ref>/consentimientos/<consent_ref>/retirar")
@needs(_P.EDIT_TOOLBOX)
def withdraw_consent(ref: str, consent_ref: str) -> BaseResponse:
    """Take a consent back: everybody who used the material is asked now; what is planned is held at its moment."""
    elsewhere = replicas_of(db(), library.get(db(), ref))
    asked = consents.withdraw(db(), ref, consent_ref, person(), elsewhere)
    _, how_many = consents.posts_to_go_out(db(), ref, 0)
    text = gettext("Consentimiento retirado.")
    if asked:
        text += " " + ngettext(
            "Pedimos que se quite de %(num)s uso: míralo en «Por retirar».",
            "Pedimos que se quite de %(num)s usos: míralos en «Por retirar».",
            asked,
        )
    if how_many:
        text += " " + ngettext(
            "El material está en %(num)s publicación por salir: cámbialo ahí.",
            "El material está en %(num)s publicaciones por salir: cámbialo ahí.",
            how_many,
        )
    said = {"text": text, "undo_url": url_for(".restore_consent", ref=ref, consent_ref=consent_ref)}
    flash(said, "success")  # type: ignore[arg-type] # the frame shows a mapping with its button
    return _back(ref)


@blueprint.post("/caja/<ref>/consentimientos/<consent_ref>/devolver")
@needs(_P.EDIT_TOOLBOX)
def restore_consent(ref: str, consent_ref: str) -> BaseResponse:
    """Let a consent hold again that was taken back by mistake."""
    consents.restore(db(), ref, consent_ref, person())
    flash(gettext("El consentimiento vuelve a valer."), "success")
    return _back(ref)


@blueprint.get("/caja/<ref>/consentimientos/<consent_ref>")
@needs(_P.EDIT_TOOLBOX)
def consent_file(ref: str, consent_ref: str) -> BaseResponse:
    """Hand the signed document to whoever keeps the tool-box: a download, kept by no cache."""
    served = consents.open_file(db(), storage(), ref, consent_ref)
    answer: Response = send_file(
        served.stream,
        mimetype=served.media_type or "application/octet-stream",
        download_name=served.filename,
        as_attachment=True,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@blueprint.post("/caja/<ref>/consentimientos/<consent_ref>/borrar-nombre")
@needs(_P.EDIT_TOOLBOX)
def erase_whom(ref: str, consent_ref: str) -> BaseResponse:
    """Erase who is shown, as the person may ask (ARCO); the consent and its document stay."""
    how_many = consents.erase_whom(db(), ref, consent_ref, person())
    if how_many:
        flash(gettext("Borramos quién aparece. El consentimiento y su documento siguen aquí."), "success")
    return _back(ref)


def _back(ref: str) -> BaseResponse:
    return redirect(url_for(".material", ref=ref, _anchor="consentimientos"), _SEE_OTHER)
