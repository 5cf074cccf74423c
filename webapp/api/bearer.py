"""Who asks without a session: a body's own site, with a key of its body (RFC 6750)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, g, jsonify, request
from flask_babel import gettext

from assets.machine_keys import KeyMissingError
from assets.models import KeyScope, ToolboxKey
from assets.sharing import hash_of
from webapp.machine import recognised
from webapp.session import public

View = Callable[..., Response]
_LONGEST = 200


def key() -> ToolboxKey:
    """Return the key of this request; ``opens`` has made sure that there is one."""
    found: ToolboxKey = g.toolbox_key
    return found


def opens(scope: KeyScope) -> Callable[[View], View]:
    """Mark a view that a key of that scope opens; anything else is refused as RFC 6750 says, in problem+json."""

    def mark(view: View) -> View:
        @wraps(view)
        def asked(**values: Any) -> Response:  # noqa: ANN401 -- whatever the route holds
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            if kind.casefold() != "bearer" or not token:
                said = gettext("Manda tu llave: Authorization: Bearer, un espacio y la llave.")
                return _refused(401, said, "")
            try:
                g.toolbox_key = recognised(token.strip()[:_LONGEST])
            except KeyMissingError:
                return _refused(401, gettext("Esta llave no existe o se retiró."), "invalid_token")
            if scope not in key().opens:
                return _refused(
                    403, gettext("Esta llave no abre esto. Pide una que sí."), "insufficient_scope"
                )
            return view(**values)

        return public(asked)

    return mark


def _refused(status: int, said: str, error: str) -> Response:
    answer = jsonify({"title": gettext("La llave no abre"), "detail": said, "status": status})
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    answer.headers["WWW-Authenticate"] = 'Bearer realm="resuena"' + (f', error="{error}"' if error else "")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def tagged(said: dict[str, Any], as_of: str) -> Response:
    """Return an answer with an ETag of what it says, its moment left out; 304 to who has it already."""
    answer = jsonify({"as_of": as_of, **said})
    answer.set_etag(hash_of(orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    answer.make_conditional(request)
    return answer
