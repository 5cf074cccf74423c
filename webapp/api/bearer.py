"""Who asks without a session: a body's own site, with a key of its body (RFC 6750)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import Response, g, jsonify, request

from assets.machine_keys import KeyMissingError
from assets.models import KeyScope, ToolboxKey
from assets.sharing import hash_of
from content_calendar.errors import ForbiddenError
from content_calendar.permissions import Permission, Rights
from webapp.machine import recognised
from webapp.problems import EdgeError, SignedOutError, TokenScopeError, TokenUnknownError
from webapp.security import ask_token
from webapp.session import public, viewer

View = Callable[..., Response]
_LONGEST = 200


class KeyScopeError(EdgeError):
    """That key of a body was made for something else."""

    code = "key_scope"
    status = 403
    bearer = "insufficient_scope"


class KeyNeededError(EdgeError):
    """A key of a body opens this, not a person's token."""

    code = "key_needed"
    status = 403
    bearer = "insufficient_scope"


def key() -> ToolboxKey:
    """Return the key of this request; ``opens`` has made sure that there is one."""
    found: ToolboxKey = g.toolbox_key
    return found


def by_person() -> bool:
    """Return whether a person's token opened this view, and not a body's key."""
    return viewer().token_id is not None


def opens(scope: KeyScope, also: Permission | None = None) -> Callable[[View], View]:
    """Mark a view that a key of that scope opens, and with ``also`` the token of whoever has that permission.

    Anything else is refused as RFC 6750 says.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def asked(**values: Any) -> Response:  # noqa: ANN401 -- whatever the route holds
            kind, _, token = request.headers.get("Authorization", "").partition(" ")
            if kind.casefold() != "bearer" or not token.strip():
                raise SignedOutError
            ask_token()
            if by_person():
                _ask_person(also)
                return view(**values)
            try:
                g.toolbox_key = recognised(token.strip()[:_LONGEST])
            except KeyMissingError:
                raise TokenUnknownError from None
            if scope not in key().opens:
                raise KeyScopeError
            return view(**values)

        asked.also = also  # type: ignore[attr-defined] # a mark on the function
        return public(asked)

    return mark


def _ask_person(also: Permission | None) -> None:
    if also is None:
        raise KeyNeededError
    if not viewer().can(also):
        raise TokenScopeError if Rights(viewer().rights.grants).can(also) else ForbiddenError


def tagged(said: dict[str, Any], as_of: str) -> Response:
    """Return an answer with an ETag of what it says, its moment left out; 304 to who has it already."""
    answer = jsonify({"as_of": as_of, **said})
    answer.set_etag(hash_of(orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode())[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Authorization"
    answer.make_conditional(request)
    return answer
