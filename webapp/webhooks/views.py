"""The pages of the addresses that are told: made, changed, tried, switched on again; each telling with its answer."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import webhooks
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.people import Person
from content_calendar.models.webhooks import DeliveryStage, EventKind, Webhook
from content_calendar.permissions import Permission
from content_calendar.webhooks import Told
from webapp.dashboards.reach import bodies_within
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.webhooks import reach
from webapp.words import N_

blueprint = Blueprint("webhooks", __name__)
_P = Permission
_SEE_OTHER, _MADE, _UNPROCESSABLE = 303, 201, 422
_SHOWN = 30
KINDS: Mapping[EventKind, str] = {
    EventKind.POST_APPROVED: N_("Se aprobó una publicación"),
    EventKind.POST_PUBLISHED: N_("Salió una publicación"),
    EventKind.REPLICATION_FOUND: N_("Se encontró una réplica"),
    EventKind.MATERIAL_NEW: N_("Hay un material nuevo"),
    EventKind.REPORT_READY: N_("Un informe está listo"),
    EventKind.TEST: N_("Una prueba"),
}
STAGES: Mapping[DeliveryStage, str] = {
    DeliveryStage.WAITING: N_("por avisar"),
    DeliveryStage.HEARD: N_("recibido"),
    DeliveryStage.GIVEN_UP: N_("no se pudo"),
}


def _kinds() -> list[dict[str, str]]:
    return [{"value": one.value, "title": gettext(KINDS[one])} for one in webhooks.OFFERED]


def _told() -> Told:
    form = request.form
    kinds = [EventKind(word) for word in form.getlist("kinds") if word in set(EventKind)]
    url = form.get("url", "")
    return Told(form.get("name", ""), url, kinds, insecure=reach.may_be_insecure(url))


def _list_page(secret: str = "", errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    body = render_template(
        "webhooks/listing.html",
        hooks=reach.within(),
        kinds=_kinds(),
        kind_words={one.value: gettext(word) for one, word in KINDS.items()},
        commission=reach.speaks_for_commission(),
        bodies=[(one.slug, f"{one.state_name} · {one.short_name}") for one in bodies_within(_P.MAKE_KEYS)],
        secret=secret,
        errors={name: [said] for name, said in (errors or {}).items()},
        typed=request.form if errors else {},
        chosen=request.form.getlist("kinds") if errors else [EventKind.POST_PUBLISHED.value],
    )
    return make_response(body, status)


def _page(ref: str, secret: str = "", errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    hook = reach.reached(ref)
    before = request.args.get("antes", type=small)
    told = webhooks.deliveries(db(), hook, _SHOWN + 1, before)
    body = render_template(
        "webhooks/one.html",
        hook=hook,
        told=told[:_SHOWN],
        more=told[_SHOWN - 1].id if len(told) > _SHOWN else None,
        kinds=_kinds(),
        kind_words={one: gettext(word) for one, word in KINDS.items()},
        stage_words={one: gettext(word) for one, word in STAGES.items()},
        secret=secret,
        errors={name: [said] for name, said in (errors or {}).items()},
        typed=request.form if errors else {"name": hook.name, "url": hook.url},
        chosen=request.form.getlist("kinds") if errors else hook.kinds.split(),
    )
    return make_response(body, status)


@blueprint.get("/sistemas")
@needs(_P.MAKE_KEYS)
def listing() -> Response:
    """List the addresses within reach, and offer to add one."""
    return _list_page()


@blueprint.post("/sistemas")
@needs(_P.MAKE_KEYS)
def make() -> Response:
    """Add an address; its secret is shown this once."""
    try:
        owner_id = reach.owner(request.form.get("organismo", ""))
        me = db().get_one(Person, person().id)
        _, secret = webhooks.make(db(), reach.vault(), me, owner_id, _told())
    except (InvalidError, ConflictError) as error:
        return _list_page(
            errors={getattr(error, "field", None) or "name": tell(error)}, status=_UNPROCESSABLE
        )
    return _list_page(secret=secret, status=_MADE)


@blueprint.get("/sistemas/<ref>")
@needs(_P.MAKE_KEYS)
def one(ref: str) -> Response:
    """Show one address and what it was told."""
    return _page(ref)


@blueprint.post("/sistemas/<ref>")
@needs(_P.MAKE_KEYS)
def change(ref: str) -> BaseResponse:
    """Describe an address anew; it is switched on again."""
    hook = reach.reached(ref)
    try:
        webhooks.describe(hook, _told())
    except InvalidError as error:
        db().rollback()
        return _page(ref, errors={error.field or "name": tell(error)}, status=_UNPROCESSABLE)
    webhooks.change(db(), hook, person())
    flash(gettext("Guardado. Desde ahora avisamos ahí."), "success")
    return _back(hook)


@blueprint.post("/sistemas/<ref>/secreto")
@needs(_P.MAKE_KEYS)
def renew_secret(ref: str) -> Response:
    """Give it another secret, shown this once."""
    secret = webhooks.renew_secret(db(), reach.vault(), reach.reached(ref), person())
    return _page(ref, secret=secret)


@blueprint.post("/sistemas/<ref>/probar")
@needs(_P.MAKE_KEYS)
def try_it(ref: str) -> BaseResponse:
    """Have a test told to it."""
    hook = reach.reached(ref)
    if hook.off_at is not None:
        flash(gettext("Está apagado: guárdalo para encenderlo, y pruébalo."), "warning")
        return _back(hook)
    webhooks.ask_for_test(db(), hook)
    flash(gettext("Va una prueba: en unos segundos verás abajo qué contestó."), "success")
    return _back(hook)


@blueprint.post("/sistemas/<ref>/avisos/<told_ref>/otra-vez")
@needs(_P.MAKE_KEYS)
def again(ref: str, told_ref: str) -> BaseResponse:
    """Tell it once more."""
    hook = reach.reached(ref)
    webhooks.again(db(), webhooks.delivery(db(), hook, told_ref))
    flash(gettext("Va otra vez, con el mismo número: tu sistema puede saber si ya lo tenía."), "success")
    return _back(hook)


@blueprint.post("/sistemas/<ref>/quitar")
@needs(_P.MAKE_KEYS)
def remove(ref: str) -> BaseResponse:
    """End an address."""
    webhooks.remove(db(), reach.reached(ref), person())
    flash(gettext("Listo: ya no avisamos ahí."), "success")
    return redirect(url_for(".listing"), _SEE_OTHER)


def _back(hook: Webhook) -> BaseResponse:
    return redirect(url_for(".one", ref=hook.ref), _SEE_OTHER)
