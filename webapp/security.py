"""What stands before every view: the permission it names, forged forms refused, and strict headers."""

import secrets
from collections.abc import Callable

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from content_calendar.errors import ForbiddenError
from content_calendar.models.people import Awaits
from content_calendar.permissions import Permission, Rights
from webapp import by_token, problems
from webapp.presence import NEEDS_PRESENCE
from webapp.proofs import ask_proof
from webapp.session import TokenState, settings, viewer


class FormGuard(CSRFProtect):  # type: ignore[misc] # flask-wtf ships no types
    """Asks every form for its token; a request with a personal token in its header is no form of a browser."""

    def protect(self, **said: bool) -> None:
        """Refuse a forged form."""
        if g.get("token_state") is None:
            super().protect(**said)


csrf = FormGuard()
_PACE = by_token.Pace()
# In the environ of a form that the API sends on: whoever asks was slowed down already, outside.
INNER = "resuena.inner"
# All that opens to somebody who has yet to set up the second factor that their role asks for.
OPEN_WITHOUT_FACTOR = frozenset(
    {
        "account.add_passkey", "account.begin_codes", "account.confirm_codes", "account.factors", "account.leave",
        "account.offer_passkey",
    }
)  # fmt: skip
_UNMARKED = object()
_YEAR = 365 * 24 * 3600
TRANSPORT = f"max-age={_YEAR}; includeSubDomains"


class UnmarkedRouteError(ForbiddenError):
    """A route that names no permission opens for nobody; a shape test fails for it long before."""

    code = "route_unmarked"


def permission_of(view: Callable[..., object]) -> Permission | object | None:
    """Return the permission that a view names, None for a public one."""
    permission: Permission | object | None = getattr(view, "permission", _UNMARKED)
    return permission


def is_unmarked(view: Callable[..., object]) -> bool:
    """Return whether a view names no permission and is not public."""
    return permission_of(view) is _UNMARKED


def nonce() -> str:
    """Return this answer's nonce: only scripts and styles that carry it run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def _ask_permission() -> BaseResponse | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    view = current_app.view_functions[request.endpoint]
    permission = permission_of(view)
    if permission is None:
        return None
    ask_token()
    if not isinstance(permission, Permission):
        raise UnmarkedRouteError
    if viewer().person is None:
        if problems.wanted():
            raise problems.SignedOutError
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.enter", next=back))
    if not viewer().can(permission):
        held = viewer().rights.grants
        if viewer().token_id is not None and Rights(held).can(permission):
            raise problems.TokenScopeError
        raise ForbiddenError
    if viewer().awaits is Awaits.SETUP and request.endpoint not in OPEN_WITHOUT_FACTOR:
        if problems.wanted():
            raise ForbiddenError
        return redirect(url_for("account.factors"))
    return ask_proof()


def ask_token() -> None:
    """Refuse a token that opens nothing, asks too often, or stands where a person has to."""
    state = g.get("token_state")
    if state is None:
        return
    if state is TokenState.BESIDE_SESSION:
        raise problems.TwoSignInsError
    token_id = viewer().token_id
    if token_id is None:
        raise problems.TokenUnknownError
    if not request.environ.get(INNER) and (seconds := _PACE.wait(token_id)):
        raise problems.TooManyAskedError(seconds=seconds)
    if request.endpoint in NEEDS_PRESENCE:
        raise problems.PresenceNeededError


def _headers(response: Response) -> Response:
    allowed = f"'self' 'nonce-{nonce()}'"
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        f"script-src 'nonce-{nonce()}' 'strict-dynamic'; style-src {allowed}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), "
        "payment=(), serial=(), usb=()"
    )
    if settings().https:
        response.headers["Strict-Transport-Security"] = TRANSPORT
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    elif (viewer().person is not None or request.blueprint == "account") and not (
        response.cache_control.immutable
    ):
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    """Stand before every view."""
    csrf.init_app(app)
    app.before_request(_ask_permission)
    app.after_request(_headers)
