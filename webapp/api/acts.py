"""``/api/v1/acts``: whatever a form of the screens does, for a program: by the very view that takes the form.

So everything a person can do with their role, a token can: what has no operation of its own yet is done here, and
what is added to the screens tomorrow is here the same day. What needs the person is listed in ``presence``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

from flask import (
    Flask,
    Response,
    current_app,
    g,
    has_request_context,
    jsonify,
    request,
    session,
    template_rendered,
    url_for,
)
from flask_babel import gettext
from werkzeug.routing import BuildError, Rule
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.clock import now
from content_calendar.errors import NotFoundError
from content_calendar.permissions import Permission
from webapp import problems
from webapp.api.act_fields import fields_of
from webapp.api.operations import Operation, described
from webapp.api.reading import body
from webapp.api.schema import MAYBE_TEXT, MOMENT, TEXT, TRUTH, many, record, sent, shape, shapes_of, words
from webapp.api.views import blueprint
from webapp.errors import STATUS_CODES, advice_of, title_of
from webapp.permission_words import WORDS
from webapp.presence import NEEDS_PRESENCE
from webapp.problems import Fault, ShapeError, SignedOutError
from webapp.security import INNER, permission_of
from webapp.session import needs, viewer
from webapp.words import N_

_TOPIC = "acts"
_FORM, _URLENCODED = "multipart/form-data", "application/x-www-form-urlencoded"
_REFUSED_FROM, _CONFLICT = 400, 409
_FIELD = {"type": ["string", "array"], "items": words(20_000), "maxLength": 200_000, "maxItems": 500}
shapes_of(
    Act=record(
        name=TEXT, address=TEXT, place=many(TEXT), fields=many(TEXT), permission={"enum": sorted(Permission)},
        said=TEXT, may=TRUTH,
    ),
    Acts=record(as_of=MOMENT, items=many(shape("Act"))),
    ActSent=sent(
        place={"type": "object", "additionalProperties": words(300), "maxProperties": 10},
        fields={"type": "object", "additionalProperties": _FIELD, "maxProperties": 500},
    ),
    ActDone=record(
        done=TRUTH, said=many(record(kind=TEXT, text=TEXT)), location=MAYBE_TEXT,
        answer={"type": ["object", "array", "string", "number", "boolean", "null"]},
    ),
)  # fmt: skip


class ActUnknownError(NotFoundError):
    """No form of the screens has that name."""

    code = "act_unknown"


@dataclass(frozen=True)
class Act:
    """One form of the screens: its name, its address, and the permission that it needs."""

    rule: Rule
    permission: Permission

    @property
    def name(self) -> str:
        """Return its name."""
        return str(self.rule.endpoint)


def acts(app: Flask) -> Iterator[Act]:
    """Give every form that a program may send, by its name."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        permission = permission_of(app.view_functions[rule.endpoint])
        ours = rule.endpoint.startswith(f"{blueprint.name}.") or rule.endpoint in NEEDS_PRESENCE
        if "POST" in (rule.methods or ()) and isinstance(permission, Permission) and not ours:
            yield Act(rule, permission)


@blueprint.get("/acts")
@needs(Permission.ENTER)
@described(
    Operation(
        N_("Cada formulario de las pantallas: su nombre, sus datos y el permiso que pide."),
        "Acts",
        topic=_TOPIC,
    )
)
def acts_list() -> Response:
    """Return every form of the screens."""
    views = current_app.view_functions
    told = [
        {
            "name": one.name,
            "address": one.rule.rule,
            "place": sorted(one.rule.arguments),
            "fields": list(fields_of(views[one.name])),
            "permission": one.permission.value,
            "said": gettext(WORDS[one.permission]),
            "may": viewer().can(one.permission),
        }
        for one in acts(current_app)
    ]
    return jsonify({"as_of": now().isoformat(), "items": told})


@blueprint.post("/acts/<name>")
@needs(Permission.ENTER)
@described(
    Operation(
        N_(
            "Manda el formulario de ese nombre como si lo enviaras en pantalla: «place» son los datos de su dirección, "
            "«fields» sus campos. Con archivos, mándalo como multipart/form-data y «place» en la dirección."
        ),
        "ActDone", sends="ActSent", topic=_TOPIC, optional=True,
    )
)  # fmt: skip
def act(name: str) -> Response:
    """Send a form of the screens."""
    if viewer().token_id is None:
        raise SignedOutError
    found = next((one for one in acts(current_app) if one.name == name), None)
    if name in NEEDS_PRESENCE:
        raise problems.PresenceNeededError
    if found is None:
        raise ActUnknownError(name=name)
    if request.mimetype == _FORM:
        return _answer(_send(found, request.args, None))
    said = body("ActSent", optional=True)
    return _answer(_send(found, said.get("place", {}), said.get("fields", {})))


@dataclass(frozen=True)
class Sent:
    """What the view of the form answered: its response, what it flashed, the faults that it showed."""

    response: BaseResponse
    said: list[tuple[str, str]]
    faults: list[tuple[str, str]]


def _send(one: Act, places: Mapping[str, str], fields: Mapping[str, Any] | None) -> Sent:
    """Send the form to its own view, in a request of its own; ``fields`` is None where the form came as it is."""
    wanted = one.rule.arguments
    unknown = [Fault(f"/place/{name}", "value_unknown") for name in places if name not in wanted]
    missing = [Fault(f"/place/{name}", "value_missing") for name in wanted if not places.get(name)]
    if (unknown and fields is not None) or missing:
        raise ShapeError([*unknown, *missing])
    try:
        chosen: dict[str, Any] = {name: places[name] for name in wanted}
        path = url_for(one.name, **chosen)
    except (BuildError, ValueError):
        raise ShapeError([Fault("/place", "value_pattern")]) from None
    environ = {key: value for key, value in request.environ.items() if not key.startswith("werkzeug.")}
    environ.pop("HTTP_COOKIE", None)
    environ |= {
        "PATH_INFO": _unquoted(path),
        "QUERY_STRING": "",
        "REQUEST_URI": path,
        "RAW_URI": path,
        INNER: True,
    }
    if fields is not None:
        sent_form = urlencode(fields, doseq=True).encode()
        environ |= {
            "CONTENT_TYPE": _URLENCODED, "CONTENT_LENGTH": str(len(sent_form)), "wsgi.input": BytesIO(sent_form),
        }  # fmt: skip
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 -- Flask's own way
    # A context of its own: another transaction, another viewer, another answer.
    with app.app_context(), app.request_context(environ):
        response = app.full_dispatch_request()
        said = [(str(kind), _text(told)) for kind, told in session.get("_flashes", [])]
        return Sent(response, said, g.get("act_faults", []))


def _unquoted(path: str) -> str:
    # WSGI holds a path as bytes, each in one character.
    return unquote_to_bytes(path).decode("latin-1")


def _text(told: object) -> str:
    return str(told.get("text", "")) if isinstance(told, dict) else str(told)


def _answer(sent_form: Sent) -> Response:
    response, status = sent_form.response, sent_form.response.status_code
    if response.mimetype == problems.MEDIA_TYPE:
        return current_app.response_class(response.get_data(), status, response.headers)
    wrong = [text for kind, text in sent_form.said if kind == "error"]
    if status >= _REFUSED_FROM or wrong:
        status = status if status >= _REFUSED_FROM else _CONFLICT
        told = wrong or [said for _, said in sent_form.faults] or [advice_of(status)]
        code = STATUS_CODES.get(status, "bad_request")
        return problems.answer(status, code, title_of(status), told[0], sent_form.faults)
    return jsonify(
        {
            "done": True,
            "said": [{"kind": kind, "text": text} for kind, text in sent_form.said],
            "location": response.headers.get("Location"),
            "answer": response.get_json() if response.is_json else None,
        }
    )


def _note_faults(_app: Flask, context: Mapping[str, Any], **_more: object) -> None:
    """Keep what a form shows as wrong, for who sent it without a screen."""
    if not has_request_context() or not request.environ.get(INNER):
        return
    errors = context.get("errors") or getattr(context.get("sheet"), "errors", None)
    if isinstance(errors, Mapping):
        g.act_faults = [
            (f"/fields/{name}", said if isinstance(said, str) else " ".join(map(str, said)))
            for name, said in errors.items()
        ]


template_rendered.connect(_note_faults)
