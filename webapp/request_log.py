"""Each request has a number, which stands in its answer, in every line of the log about it, and in one of its own."""

import logging
import re
from secrets import token_hex

from flask import Flask, Response, g, request

from content_calendar import logs
from content_calendar.clock import monotonic
from webapp.session import settings, viewer

HEADER = "X-Request-ID"
# One that a proxy gave is kept, so that both logs tell of the same; nothing else may come into the log this way.
_GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_log = logging.getLogger("webapp.requests")


def number_of(given: str) -> str:
    """Return a request's number: the one that a proxy gave, or a new one."""
    return given if _GIVEN.fullmatch(given) else token_hex(8)


def _begin() -> None:
    g.request_number = number_of(request.headers.get(HEADER, ""))
    g.begun = monotonic()
    logs.say_about(request=g.request_number)


def _end(response: Response) -> Response:
    number = g.get("request_number")
    if number is None:
        return response
    response.headers[HEADER] = number
    if settings().log == "json":
        # The route and not the address: that may hold a link's token.
        who = viewer().person
        told = {
            "method": request.method,
            "route": request.url_rule.rule if request.url_rule else "",
            "status": response.status_code,
            "ms": round((monotonic() - g.begun) * 1000, 1),
            "person": who.ref if who else "",
        }
        _log.info("request", extra=told)
    return response


def install(app: Flask) -> None:
    """Give each request its number, before whatever else is asked of them, so that all of it is told of."""
    app.before_request(_begin)
    app.after_request(_end)
