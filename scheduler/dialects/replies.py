"""What an answer in JSON holds: an object, a list, an error of the server's own, a moment to come back."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from content_calendar import clock
from scheduler.network import NetworkError, UnavailableError
from scheduler.wire import Reply

_FARTHEST_RESET = timedelta(hours=6)


def error_of(reply: Reply) -> str | None:
    """Return the server's own word for what is wrong, in small letters; None when the answer has none."""
    try:
        body = reply.json()
    except ValueError:
        return None
    return str(body["error"]).casefold() if isinstance(body, dict) and body.get("error") else None


def object_of(reply: Reply, otherwise: type[NetworkError] = UnavailableError) -> dict[str, Any]:
    """Return the object that the answer is; raise ``otherwise`` when it is none."""
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise otherwise(reply.answer())
    return body


def list_of(reply: Reply) -> list[Any]:
    """Return the list that the answer is; raise UnavailableError when it is none."""
    try:
        body = reply.json()
    except ValueError:
        body = None
    if not isinstance(body, list):
        raise UnavailableError(reply.answer())
    return body


def reset_of(reply: Reply) -> datetime | None:
    """Return when a rate limit ends, as a moment or in seconds since 1970; never farther than one would mean."""
    said = reply.headers.get("x-ratelimit-reset", "")
    try:
        at = datetime.fromtimestamp(int(said), UTC) if said.isdecimal() else datetime.fromisoformat(said)
        return min(at.astimezone(UTC), clock.now() + _FARTHEST_RESET)
    except (ValueError, OverflowError, OSError):
        return None


def moment_said(said: object) -> datetime | None:
    """Return a moment as ISO 8601 writes it, in UTC where it names no zone; None for what is none."""
    try:
        at = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def count_in(said: Mapping[str, Any], name: str) -> int | None:
    """Return a count that an answer tells; None where it tells none, or something that is no count."""
    value = said.get(name)
    return value if type(value) is int and value >= 0 else None
