"""An ally registered or changed by hand."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import allies
from content_calendar.allies import AllyFields, AllyRefusedError
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.allies import Ally, AllyKind
from content_calendar.models.audiences import Audience
from content_calendar.permissions import Permission
from webapp import ally_words as words
from webapp.allies.doors import SEE_OTHER, UNPROCESSABLE, blueprint, one_ally, say
from webapp.ally_keys import mark_of
from webapp.calendar.audience_words import audience_options
from webapp.errors import tell
from webapp.session import db, needs, person, settings

_P = Permission


def _fields() -> AllyFields:
    form = request.form
    kind, sector = form.get("kind", ""), form.get("sector", "")
    return AllyFields(
        AllyKind(kind) if kind in set(AllyKind) else None,
        form.get("name", ""),
        form.get("contact_name", ""),
        form.get("email", ""),
        form.get("state_iso", ""),
        Audience(sector) if sector in set(Audience) else None,
        form.get("links", "").split(),
        form.get("note", ""),
    )


def _typed(ally: Ally) -> dict[str, str]:
    return {
        "kind": ally.kind.value,
        "name": ally.name,
        "contact_name": ally.contact_name,
        "email": ally.email,
        "state_iso": ally.state_iso,
        "sector": ally.sector.value if ally.sector else "",
        "links": "\n".join(ally.links),
        "note": ally.note,
    }


def _form(
    ally: Ally | None, error: InvalidError | ConflictError | None = None, status: int = 200
) -> Response:
    typed = dict(request.form) if error else (_typed(ally) if ally else {"kind": ""})
    where = getattr(error, "field", None) or "email"
    page = render_template(
        "allies/form.html",
        ally=ally,
        typed=typed,
        errors={where: [tell(error)]} if error else {},
        refused=isinstance(error, AllyRefusedError) and ally is None,
        kinds=[{"value": one.value, "title": gettext(said)} for one, said in words.KINDS.items()],
        states=[(one.state_iso, one.name) for one in allies.places(db()).values()],
        sectors=audience_options(),
    )
    return make_response(page, status)


@blueprint.get("/facilitadores/nueva")
@needs(_P.EDIT_ALLIES)
def new() -> Response:
    """Ask who it is."""
    return _form(None)


@blueprint.post("/facilitadores/nueva")
@needs(_P.EDIT_ALLIES)
def make() -> BaseResponse:
    """Register an ally; nothing is mailed to them by that."""
    fields = _fields()
    try:
        made = allies.register(
            db(),
            fields,
            person(),
            mark=mark_of(settings(), fields.email),
            again=bool(request.form.get("again")),
        )
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _form(None, error, UNPROCESSABLE)
    say(
        gettext(
            "%(name)s está en la red. Para escribirle hace falta su consentimiento: anótalo o mándale la invitación.",
            name=made.name,
        )
    )
    return redirect(url_for(".ally", ref=made.ref), SEE_OTHER)


@blueprint.get("/facilitadores/<ref>/cambiar")
@needs(_P.EDIT_ALLIES)
def edit(ref: str) -> Response:
    """Show what is known of an ally, to be changed."""
    return _form(one_ally(ref))


@blueprint.post("/facilitadores/<ref>/cambiar")
@needs(_P.EDIT_ALLIES)
def change(ref: str) -> BaseResponse:
    """Change what is known of an ally."""
    found = one_ally(ref)
    try:
        fields = _fields()
        allies.change(db(), found, fields, person(), mark=mark_of(settings(), fields.email))
    except (InvalidError, ConflictError) as error:
        db().rollback()
        return _form(one_ally(ref), error, UNPROCESSABLE)
    say(gettext("Guardado."))
    return redirect(url_for(".ally", ref=ref), SEE_OTHER)
