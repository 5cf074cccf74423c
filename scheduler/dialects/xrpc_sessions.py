"""Sessions on an XRPC server: begun with an app password, renewed with a token, read from what is kept.

What is kept of an account: ``server`` (where a person says that it lives), ``service`` (where it does),
``identifier``, ``app_password``, ``accessJwt`` and ``refreshJwt``.
"""

from collections.abc import Mapping
from typing import Any

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.public_servers import public_https
from scheduler.dialects.xrpc import Xrpc, expiry_of, subject_of
from scheduler.network import AccountAccess, Answer, RefusedError, UnavailableError
from scheduler.powers import Opened


def did_of(access: AccountAccess) -> str:
    """Return the account's own id."""
    return access.remote_id or subject_of(access.secrets.get("accessJwt", ""))


def closed(access: AccountAccess) -> Xrpc:
    """Return the account's server as everybody may read it."""
    return Xrpc(_base(access))


def opened(access: AccountAccess) -> Xrpc:
    """Return the account's server, opened.

    Raises UnavailableError when the access has ended and waits to be renewed, RefusedError when it cannot be.
    """
    token = access.secrets.get("accessJwt", "")
    if _lives(token):
        return Xrpc(_base(access), token)
    if access.secrets.get("app_password") or _lives(access.secrets.get("refreshJwt", "")):
        raise UnavailableError(Answer(raw="the access has ended and waits to be renewed"))
    raise RefusedError(Answer(raw="the access has ended"), hold=HoldReason.ACCESS)


def begin(access: AccountAccess, creates: str) -> Opened:
    """Begin a session with the app password; ``creates`` is the procedure's name.

    Raises RefusedError, UnavailableError.
    """
    given = access.secrets
    base = access.base_url or public_https(given.get("server", ""))
    asked = {
        "identifier": (given.get("identifier") or access.handle).removeprefix("@"),
        "password": given.get("app_password", ""),
    }
    return _kept(access, base, Xrpc(base).call(creates, asked))


def renew(access: AccountAccess, refreshes: str, creates: str) -> Opened:
    """Exchange the refresh token; when it is worth nothing any more, begin again with the app password.

    ``refreshes`` and ``creates`` are the procedures' names.

    Raises RefusedError, UnavailableError.
    """
    base = _base(access)
    try:
        server = Xrpc(base, access.secrets.get("refreshJwt", ""))
        return _kept(access, base, server.call(refreshes))
    except RefusedError as error:
        if error.hold is not HoldReason.ACCESS or not access.secrets.get("app_password"):
            raise
    return begin(access, creates)


def _base(access: AccountAccess) -> str:
    return access.base_url or access.secrets.get("service") or access.secrets.get("server", "")


def _lives(token: str) -> bool:
    ends = expiry_of(token)
    return ends is not None and ends > clock.now()


def _kept(access: AccountAccess, base: str, said: Mapping[str, Any]) -> Opened:
    if said.get("active") is False:
        raise RefusedError(Answer(raw=str(said.get("status", ""))), hold=HoldReason.ACCOUNT)
    tokens = {name: str(said[name]) for name in ("accessJwt", "refreshJwt")}
    service = base if access.base_url else _service(said) or base
    secrets = {**access.secrets, **tokens, "service": service}
    return Opened(secrets, expiry_of(tokens["accessJwt"]), str(said["did"]), str(said["handle"]))


def _service(said: Mapping[str, Any]) -> str:
    """Return the server that holds the account: the one that was asked may only be its front door."""
    for service in (said.get("didDoc") or {}).get("service", ()):
        if service.get("type") == "AtprotoPersonalDataServer":
            return public_https(str(service.get("serviceEndpoint", "")))
    return ""
