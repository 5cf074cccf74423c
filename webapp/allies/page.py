"""One ally's page: what we know, what they agreed to and how we know, their packs, and what they did."""

from collections.abc import Mapping
from io import BytesIO

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from assets import consents
from assets.storage import Shelf
from content_calendar import allies, ally_consents, ally_echoes, ally_weeks
from content_calendar.ally_consents import Noted
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.allies import Ally, AllyConsent, AllyLetter, ConsentStanding, LetterKind
from content_calendar.models.people import Person
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp.allies.doors import SEE_OTHER, UNPROCESSABLE, blueprint, one_ally, say, today
from webapp.allies.reading import day_of
from webapp.ally_keys import mark_of
from webapp.errors import flash_error, status_of, tell
from webapp.session import db, needs, person, settings, viewer
from webapp.toolbox.files import storage

_P = Permission
_PDF = b"%PDF-"


class ConsentFileMissingError(NotFoundError):
    """That consent has no file, or the ally none such."""

    code = "ally_consent_file_missing"


@blueprint.get("/facilitadores/<ref>")
@needs(_P.VIEW_ALLIES)
def ally(ref: str) -> Response:
    """Show an ally."""
    return ally_page(one_ally(ref))


def ally_page(
    found: Ally, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    """Return an ally's page, with what was typed and its errors when a form came back."""
    steps = ally_consents.history(db(), found)
    by = {one.noted_by_id for one in steps} | {found.registered_by_id}
    letters = db().scalars(
        select(AllyLetter)
        .where(AllyLetter.ally_id == found.id, AllyLetter.kind != LetterKind.PACK)
        .order_by(AllyLetter.id.desc())
    )
    page = render_template(
        "allies/ally.html",
        ally=found,
        place=allies.places(db()).get(found.state_iso),
        steps=steps,
        names=dict(db().execute(select(Person.id, Person.name).where(Person.id.in_(by))).all()),
        packs=ally_weeks.of_ally(db(), found),
        letters=letters.all(),
        echoes=ally_echoes.of_ally(db(), found),
        given=ally_echoes.contributions(db(), found),
        may_edit=viewer().can(_P.EDIT_ALLIES),
        mails=bool(settings().mail_host and settings().public_url),
        typed=typed or {},
        errors=errors or {},
        today=today(),
        words=words,
        media=[(one.value, gettext(said)) for one, said in words.MEDIA.items()],
    )
    return make_response(page, status)


def came_back(ref: str, error: InvalidError | ConflictError, field: str) -> Response:
    """Return the ally's page with what was typed and what is wrong with it."""
    db().rollback()
    typed = {key: value for key, value in request.form.items() if key != "csrf_token"}
    where = getattr(error, "field", None) or field
    status = UNPROCESSABLE if isinstance(error, InvalidError) else status_of(error)
    return ally_page(one_ally(ref), typed, {where: tell(error)}, status)


@blueprint.post("/facilitadores/<ref>/consentimiento")
@needs(_P.EDIT_ALLIES)
def note_consent(ref: str) -> BaseResponse:
    """Note that an ally agreed: on which day, how, and the file that shows it."""
    try:
        file, evidence = request.files.get("evidence"), ""
        if file is not None and file.filename:
            data = file.stream.read(consents.MOST_BYTES + 1)
            evidence = consents.take_in(storage(), data, "evidence").sha256
        noted = Noted(day_of("said_on"), request.form.get("how", ""), evidence)
        ally_consents.note(db(), one_ally(ref), noted, person(), today())
    except InvalidError as error:
        return came_back(ref, error, "how")
    say(gettext("Anotado: desde ahora le llega el paquete de la semana."))
    return redirect(url_for(".ally", ref=ref, _anchor="consentimiento"), SEE_OTHER)


@blueprint.get("/facilitadores/<ref>/consentimiento/<step>")
@needs(_P.EDIT_ALLIES)
def consent_evidence(ref: str, step: str) -> BaseResponse:
    """Hand out the file that shows a consent: a download, kept by no cache."""
    found = one_ally(ref)
    sha256 = db().scalar(
        select(AllyConsent.evidence_sha256).where(AllyConsent.ally_id == found.id, AllyConsent.ref == step)
    )
    if not sha256:
        raise ConsentFileMissingError(ref=step)
    with storage().open(Shelf.CONSENTS, sha256) as stream:
        data = stream.read()
    ending = ".pdf" if data.startswith(_PDF) else ""
    answer: Response = send_file(
        BytesIO(data),
        mimetype="application/pdf" if ending else "application/octet-stream",
        download_name=f"consentimiento-{step}{ending}",
        as_attachment=True,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/facilitadores/<ref>/invitar")
@needs(_P.EDIT_ALLIES)
def invite(ref: str) -> BaseResponse:
    """Write the one invitation to an ally."""
    found = one_ally(ref)
    try:
        ally_consents.require_invitable(found)
        ally_consents.invite(db(), [found], person(), today())
    except ConflictError as error:
        flash_error(error)
    else:
        say(gettext("La invitación sale por correo. Es la única: si no contesta, no se le escribe más."))
    return redirect(url_for(".ally", ref=ref, _anchor="consentimiento"), SEE_OTHER)


@blueprint.post("/facilitadores/<ref>/retirar")
@needs(_P.EDIT_ALLIES)
def withdraw(ref: str) -> BaseResponse:
    """Note that an ally wants no more letters."""
    found = one_ally(ref)
    if found.consent is not ConsentStanding.WITHDRAWN:
        ally_consents.withdraw(db(), found, today(), person())
    say(gettext("Anotado: desde este momento no se le escribe."))
    return redirect(url_for(".ally", ref=ref, _anchor="consentimiento"), SEE_OTHER)


@blueprint.post("/facilitadores/<ref>/borrar")
@needs(_P.EDIT_ALLIES)
def erase(ref: str) -> BaseResponse:
    """Erase who an ally is, as they asked; what was done stays as figures."""
    found = one_ally(ref)
    if not request.form.get("sure"):
        return redirect(url_for(".ally", ref=ref, _anchor="borrar"), SEE_OTHER)
    ally_consents.erase(db(), found, today(), mark_of(settings(), found.email), person())
    say(gettext("Borramos sus datos. Quedan solo las cuentas de lo que hizo, sin su nombre."))
    return redirect(url_for(".listing"), SEE_OTHER)
