"""Servers whose address a person types: only public ones, and only over TLS."""

import socket
from urllib.parse import urlsplit

from content_calendar.states import HoldReason
from scheduler.listening.addresses import is_forbidden
from scheduler.network import Answer, RefusedError, UnavailableError


def public_https(address: str) -> str:
    """Return the address without path or last slash.

    Raises RefusedError when it is no https address of a public server, UnavailableError when its name is
    not known now.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if parts.scheme != "https" or not host or parts.username is not None:
        raise RefusedError(Answer(raw="not an https address"), hold=HoldReason.ACCESS)
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise UnavailableError(Answer(raw=f"{type(error).__name__}: {error}")) from error
    if any(is_forbidden(one) for one in found):
        raise RefusedError(Answer(raw="not a public address"), hold=HoldReason.ACCESS)
    return f"https://{parts.netloc}"
