"""``/api/v1/webhooks``: the addresses that are told what happens, as their pages keep them."""

from typing import Any

from flask import Response, jsonify, url_for

from content_calendar import webhooks
from content_calendar.clock import now
from content_calendar.models.people import Person
from content_calendar.models.webhooks import DeliveryStage, EventKind, Webhook, WebhookDelivery
from content_calendar.permissions import Permission
from content_calendar.webhooks import OFFERED, Told
from webapp.api.operations import MOST, USUAL, Operation, described, parameter
from webapp.api.reading import body
from webapp.api.schema import (
    MAYBE_ADDRESS,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    PARAMS,
    TEXT,
    many,
    record,
    sent,
    shape,
    shapes_of,
    words,
)  # fmt: skip
from webapp.api.views import blueprint, number, said_at
from webapp.session import db, needs, person
from webapp.webhooks import reach
from webapp.words import N_

_P = Permission
_TOPIC = "webhooks"
_CREATED, _NOTHING = 201, 204
_KINDS = {"type": "array", "items": {"enum": sorted(OFFERED)}, "minItems": 1, "maxItems": len(OFFERED)}
_NAME, _URL = words(webhooks.LONGEST_NAME, 1), words(webhooks.LONGEST_URL, 1)
_HOOK = {
    "ref": TEXT, "body": MAYBE_TEXT, "name": TEXT, "url": TEXT, "kinds": many({"enum": sorted(OFFERED)}),
    "made_at": MOMENT, "failing_since": MAYBE_MOMENT, "off_at": MAYBE_MOMENT, "off_code": MAYBE_TEXT,
}  # fmt: skip
shapes_of(
    WebhookSent=sent("name", "url", "kinds", name=_NAME, url=_URL, kinds=_KINDS, body=words(80, 1)),
    WebhookChange=sent(name=_NAME, url=_URL, kinds=_KINDS),
    Webhook=record(**_HOOK),
    # Whoever makes or renews it reads the secret here, and nowhere again.
    WebhookWithSecret=record(**_HOOK, secret=TEXT),
    Webhooks=record(as_of=MOMENT, items=many(shape("Webhook"))),
    Delivery=record(
        ref=TEXT, message_id=TEXT, kind={"enum": sorted(EventKind)}, happened_at=MOMENT,
        stage={"enum": sorted(DeliveryStage)}, attempts=NUMBER, tried_at=MAYBE_MOMENT, next_at=MAYBE_MOMENT,
        status=MAYBE_NUMBER, answered=MAYBE_TEXT, said=record(code=MAYBE_TEXT, params=PARAMS),
    ),
    Deliveries=record(as_of=MOMENT, items=many(shape("Delivery")), next=MAYBE_ADDRESS),
)  # fmt: skip
parameter(
    "before",
    N_("Hasta dónde: viene en «next» de la página anterior; lo más nuevo va primero."),
    {"type": "integer", "minimum": 0, "maximum": 2**53},
)


def _plain(hook: Webhook, **more: str) -> dict[str, Any]:
    return {
        "ref": hook.ref,
        "body": hook.body.slug if hook.body else None,
        "name": hook.name,
        "url": hook.url,
        "kinds": sorted(one.value for one in hook.hears),
        "made_at": hook.made_at.isoformat(),
        "failing_since": said_at(hook.failing_since),
        "off_at": said_at(hook.off_at),
        "off_code": hook.off_code or None,
        **more,
    }


def _delivery(row: WebhookDelivery) -> dict[str, Any]:
    waits = row.stage is DeliveryStage.WAITING
    return {
        "ref": row.ref,
        "message_id": f"msg_{row.event.ref}",
        "kind": row.event.kind.value,
        "happened_at": row.event.at.isoformat(),
        "stage": row.stage.value,
        "attempts": row.attempts,
        "tried_at": said_at(row.tried_at),
        "next_at": said_at(row.next_at) if waits else None,
        "status": row.status,
        "answered": row.answered or None,
        "said": {"code": row.said_code or None, "params": row.said_params},
    }


@blueprint.get("/webhooks")
@needs(_P.MAKE_KEYS)
@described(Operation(N_("Las direcciones a las que avisamos, a tu alcance."), "Webhooks", topic=_TOPIC))
def webhooks_list() -> Response:
    """Return the addresses within reach."""
    return jsonify({"as_of": now().isoformat(), "items": [_plain(one) for one in reach.within()]})


@blueprint.post("/webhooks")
@needs(_P.MAKE_KEYS)
@described(
    Operation(
        N_("Agrega una dirección. El secreto que firma viene en la respuesta y no se vuelve a mostrar."),
        "WebhookWithSecret", sends="WebhookSent", status=_CREATED, refuses=(404,), topic=_TOPIC,
    )
)  # fmt: skip
def create_webhook() -> Response:
    """Add an address."""
    said = body("WebhookSent")
    owner_id = reach.owner(said.get("body", ""))
    me = db().get_one(Person, person().id)
    made, secret = webhooks.make(db(), reach.vault(), me, owner_id, _told(said))
    told = jsonify(_plain(webhooks.find(db(), made.ref), secret=secret))
    told.status_code = _CREATED
    told.headers["Location"] = url_for(".webhook", ref=made.ref)
    return told


def _told(said: dict[str, Any]) -> Told:
    kinds = [EventKind(one) for one in said["kinds"]]
    return Told(said["name"], said["url"], kinds, insecure=reach.may_be_insecure(said["url"]))


@blueprint.get("/webhooks/<ref>")
@needs(_P.MAKE_KEYS)
@described(Operation(N_("Una dirección a la que avisamos."), "Webhook", topic=_TOPIC))
def webhook(ref: str) -> Response:
    """Return one address."""
    return jsonify(_plain(reach.reached(ref)))


@blueprint.patch("/webhooks/<ref>")
@needs(_P.MAKE_KEYS)
@described(
    Operation(
        N_("La cambia; si estaba apagada, se enciende."), "Webhook", sends="WebhookChange", topic=_TOPIC
    )
)
def change_webhook(ref: str) -> Response:
    """Describe an address anew."""
    hook, said = reach.reached(ref), body("WebhookChange")
    kept = {"name": hook.name, "url": hook.url, "kinds": [one.value for one in hook.hears]}
    webhooks.describe(hook, _told(kept | said))
    webhooks.change(db(), hook, person())
    return jsonify(_plain(hook))


@blueprint.delete("/webhooks/<ref>")
@needs(_P.MAKE_KEYS)
@described(Operation(N_("La quita: ya no avisamos ahí."), status=_NOTHING, topic=_TOPIC))
def remove_webhook(ref: str) -> Response:
    """End an address."""
    webhooks.remove(db(), reach.reached(ref), person())
    return Response(status=_NOTHING)


@blueprint.post("/webhooks/<ref>/secret")
@needs(_P.MAKE_KEYS)
@described(
    Operation(
        N_("Le da otro secreto; durante un día firmamos con los dos."), "WebhookWithSecret", topic=_TOPIC
    )
)
def renew_webhook_secret(ref: str) -> Response:
    """Give it another secret."""
    hook = reach.reached(ref)
    secret = webhooks.renew_secret(db(), reach.vault(), hook, person())
    return jsonify(_plain(hook, secret=secret))


@blueprint.post("/webhooks/<ref>/test")
@needs(_P.MAKE_KEYS)
@described(
    Operation(N_("Manda una prueba; en unos segundos se ve en sus avisos."), status=_NOTHING, topic=_TOPIC)
)
def test_webhook(ref: str) -> Response:
    """Have a test told to it."""
    webhooks.ask_for_test(db(), reach.reached(ref))
    return Response(status=_NOTHING)


@blueprint.get("/webhooks/<ref>/deliveries")
@needs(_P.MAKE_KEYS)
@described(
    Operation(
        N_("Lo que le dijimos y qué contestó, lo más nuevo primero."), "Deliveries", takes=("limit", "before"),
        topic=_TOPIC,
    )
)  # fmt: skip
def deliveries(ref: str) -> Response:
    """Return what it was told."""
    hook, limit, before = reach.reached(ref), number("limit", USUAL, MOST), number("before", 0, None)
    rows = webhooks.deliveries(db(), hook, limit + 1, before)
    shown = rows[:limit]
    more = url_for(".deliveries", ref=ref, before=shown[-1].id, limit=limit) if len(rows) > limit else None
    return jsonify({"as_of": now().isoformat(), "items": [_delivery(one) for one in shown], "next": more})


@blueprint.post("/webhooks/<ref>/deliveries/<told>/again")
@needs(_P.MAKE_KEYS)
@described(Operation(N_("Lo manda otra vez, con el mismo número."), "Delivery", topic=_TOPIC))
def tell_again(ref: str, told: str) -> Response:
    """Tell it once more."""
    row = webhooks.delivery(db(), reach.reached(ref), told)
    webhooks.again(db(), row)
    return jsonify(_delivery(row))
