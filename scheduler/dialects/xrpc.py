"""Calls of XRPC (https://atproto.com/specs/xrpc) and what their answers mean.

A refusal is told by its name in the body, not by its status: the same status means different things, and a
4xx that is not XRPC's own word is no proof of anything.
"""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.network import (
    DoubtError,
    NetworkError,
    OtherContentError,
    RefusedError,
    UnavailableError,
)
from scheduler.wire import Call, Reply, carry_out

# Those that a person can mend, by what has to be mended.
_HOLDS = {
    "AccountDeactivated": HoldReason.ACCOUNT,
    "AccountSuspended": HoldReason.ACCOUNT,
    "AccountTakedown": HoldReason.ACCOUNT,
    "AuthFactorTokenRequired": HoldReason.ACCESS,
    "AuthMissing": HoldReason.ACCESS,
    "AuthenticationRequired": HoldReason.ACCESS,
    "BlobNotFound": HoldReason.MATERIAL,
    "ExpiredToken": HoldReason.ACCESS,
    "InvalidMimeType": HoldReason.MATERIAL,
    "InvalidToken": HoldReason.ACCESS,
    "PayloadTooLarge": HoldReason.MATERIAL,
    "RepoDeactivated": HoldReason.ACCOUNT,
    "RepoSuspended": HoldReason.ACCOUNT,
    "RepoTakendown": HoldReason.ACCOUNT,
}
_OTHER_CONTENT = "InvalidSwap"
_REFUSED, _TOO_LATE_TO_TELL, _TOO_MANY, _SERVER = 400, 408, 429, 500
_UNAUTHORIZED = 401
_FARTHEST_RESET = timedelta(hours=24)


class Xrpc:
    """A server, and the token that opens an account on it; without one, what everybody may read."""

    def __init__(self, base: str, token: str = "") -> None:
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def read(self, name: str, query: str = "") -> Mapping[str, Any]:
        """Return what a query answers. Raises RefusedError, UnavailableError."""
        return self._repeatable("GET", f"{name}?{query}" if query else name)

    def call(self, name: str, body: object = None) -> Mapping[str, Any]:
        """Return what a procedure answers that may be called again. Raises RefusedError, UnavailableError."""
        return self._repeatable("POST", name, json=body)

    def upload(self, name: str, content: bytes, media_type: str) -> Mapping[str, Any]:
        """Return what is answered to these bytes. Raises RefusedError, UnavailableError."""
        return self._repeatable("POST", name, body=content, headers={"Content-Type": media_type})

    def write(self, name: str, body: bytes, may_send: Callable[[], bool]) -> Mapping[str, Any]:
        """Return what a procedure answers that publishes; ``body`` is JSON and is sent as it is.

        Raises NotSentError, RefusedError, UnavailableError; anything else is a doubt.
        """
        headers = {"Content-Type": "application/json"}
        return self._ask("POST", name, may_send, body=body, headers=headers)

    def _repeatable(self, method: str, name: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        try:
            return self._ask(method, name, lambda: True, **asked)
        except DoubtError as error:
            raise UnavailableError(error.answer) from error

    def _ask(
        self,
        method: str,
        name: str,
        may_send: Callable[[], bool],
        headers: Mapping[str, str] | None = None,
        **asked: Any,  # noqa: ANN401 -- fields of Call
    ) -> Mapping[str, Any]:
        sent = {**self._headers, **(headers or {})}
        reply = carry_out(Call(method, f"{self._base}/xrpc/{name}", headers=sent, **asked), may_send)
        said = _object(reply)
        if not 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
            raise _meaning(reply, said)
        if said is None:
            raise DoubtError(reply.answer(), status=reply.status)
        return said


def error_name(error: NetworkError) -> str:
    """Return the name that a refusal gave itself; empty when it gave none."""
    return str(error.params.get("name", ""))


def _meaning(reply: Reply, said: Mapping[str, Any] | None) -> NetworkError:
    """Return what an answer without success means."""
    answer, status = reply.answer(), reply.status
    name = str((said or {}).get("error", ""))
    if not name or not _REFUSED <= status < _SERVER or status == _TOO_LATE_TO_TELL:
        return DoubtError(answer, status=status)
    if status == _TOO_MANY:
        return UnavailableError(answer, retry_at=_reset(reply), status=status)
    if name == _OTHER_CONTENT:
        return OtherContentError(answer, status=status, name=name)
    hold = _HOLDS.get(name) or (HoldReason.ACCESS if status == _UNAUTHORIZED else None)
    return RefusedError(answer, hold=hold, status=status, name=name)


def _object(reply: Reply) -> Mapping[str, Any] | None:
    try:
        said = reply.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _reset(reply: Reply) -> datetime | None:
    """Return when the limit ends; never farther than a day, which is the longest that one lasts."""
    at = reply.headers.get("RateLimit-Reset", "")
    if not (at.isascii() and at.isdecimal()):
        return None
    farthest = int((clock.now() + _FARTHEST_RESET).timestamp())
    return datetime.fromtimestamp(min(int(at[:20]), farthest), UTC)


def expiry_of(token: str) -> datetime | None:
    """Return when a token ends, by what it says itself; None when it does not say. Nothing is verified."""
    ends = _claims(token).get("exp")
    try:
        return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int) else None
    except (ValueError, OverflowError, OSError):
        return None


def subject_of(token: str) -> str:
    """Return whose token it is, by what it says itself; empty when it does not say. Nothing is verified."""
    return str(_claims(token).get("sub", ""))


def _claims(token: str) -> Mapping[str, Any]:
    middle = token.split(".")[1] if token.count(".") == 2 else ""  # noqa: PLR2004 -- a JWT has three pieces
    try:
        said = orjson.loads(urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
