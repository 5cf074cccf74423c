"""Calls to an API that speaks Rest.li 2.0: its headers, its errors, its lists, its pages.

https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/protocol-version. What is created is named by
the header ``x-restli-id``. Errors are objects with ``status`` and ``message``, some with ``code`` and
``errorDetails`` (https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling). Limits end
at midnight UTC and are told by 429 alone (https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/rate-limits).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.network import Answer, DoubtError, DuplicateError, RefusedError, UnavailableError
from scheduler.wire import Call, Reply, carry_out

REQUEST_ID = "x-li-uuid"
_ID = "x-restli-id"
_EQUAL = "DUPLICATE_POST"
_URN = re.compile(r"urn:li:\w{1,40}:\d{1,20}", re.ASCII)
# A version of the API lives about a year; with a dead one every call is refused until this program is renewed.
_DEAD_VERSION = 426
_GONE = frozenset({404, 410})
_PAGE = 100


@dataclass(frozen=True)
class Restli:
    """The API at ``host``; ``version`` is the header that says which, ``may_send`` is asked before it is written."""

    host: str
    token: str
    version: Mapping[str, str]
    may_send: Callable[[], bool] = lambda: True

    def create(self, route: str, asked: Mapping[str, object]) -> tuple[str, str]:
        """Create what people see, once; return its id and the request's.

        Raises RefusedError, UnavailableError, NotSentError, DuplicateError; anything else is a doubt.
        """
        reply = self._send(Call("POST", self.host + route, json=asked), self.may_send)
        remote_id = reply.headers.get(_ID, "")
        if not _URN.fullmatch(remote_id):
            raise DoubtError(reply.answer(REQUEST_ID), status=reply.status)
        return remote_id, reply.headers.get(REQUEST_ID, "")

    def ask(self, hold: HoldReason | None, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        """Return the answer's object; ``hold`` is for a refusal that says nothing else.

        Raises RefusedError, UnavailableError: what would be a doubt about a post is only a failure here.
        """
        reply = self._ask(hold, Call(method, self.host + route, **asked))
        # What is written may be answered by nothing; what is read never is.
        body = {} if method != "GET" and not reply.body else _object_of(reply)
        if body is None:
            raise UnavailableError(reply.answer(REQUEST_ID))
        return body

    def put(self, url: str, body: bytes, media_type: str) -> str:
        """Upload bytes to an address that the API gave; return the tag that it knows them by, or nothing."""
        headers = {"Content-Type": media_type}
        # The address is as good as a key while it lives.
        call = Call("PUT", url, body=body, headers=headers, hidden=urlsplit(url).query)
        return self._ask(HoldReason.MATERIAL, call).headers.get("ETag", "")

    def find(self, hold: HoldReason, route: str) -> Mapping[str, Any] | None:
        """Return what stands at ``route``; None when there is nothing."""
        try:
            return self.ask(hold, "GET", route)
        except RefusedError as error:
            if error.answer.http_status in _GONE:
                return None
            raise

    def elements(self, route: str, most_pages: int) -> Iterator[Mapping[str, Any]]:
        """Yield what a list holds, page after page; raise UnavailableError when it has more pages.

        What was not read proves nothing: it must not count as a look that found nothing.
        """
        for number in range(most_pages):
            page = self.ask(
                HoldReason.ACCESS,
                "GET",
                f"{route}&start={number * _PAGE}&count={_PAGE}",
                headers={"X-RestLi-Method": "FINDER"},
            )
            found = page.get("elements")
            if not isinstance(found, list):
                raise UnavailableError(Answer(raw=f"a page without its list: {sorted(page)}"))
            yield from found
            ways = (page.get("paging") or {}).get("links") or ()
            if not any(isinstance(way, dict) and way.get("rel") == "next" for way in ways):
                return
        raise UnavailableError(Answer(raw="there are more pages than are read"))

    def _ask(self, hold: HoldReason | None, call: Call) -> Reply:
        try:
            return self._send(call)
        except (DoubtError, DuplicateError) as error:
            raise UnavailableError(error.answer) from error
        except RefusedError as error:
            raise RefusedError(error.answer, hold=error.hold or hold, **error.params) from error

    def _send(self, call: Call, may_send: Callable[[], bool] = lambda: True) -> Reply:
        headers = {
            "Authorization": f"Bearer {self.token}",
            **self.version,
            "X-Restli-Protocol-Version": "2.0.0",
            **(call.headers or {}),
        }
        reply = carry_out(replace(call, headers=headers), may_send)
        judge(reply)
        return reply


def judge(reply: Reply) -> None:
    """Raise what an answer without success means; one that is not the API's own word is a doubt."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer, problem = reply.answer(REQUEST_ID), _object_of(reply)
    if problem is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, status=reply.status)
    message = str(problem.get("message", ""))
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        ends = _midnight() if " DAY " in message else None
        raise UnavailableError(answer, retry_at=ends, status=reply.status)
    if _EQUAL in _codes(problem):
        named = _URN.search(message)
        raise DuplicateError(answer, status=reply.status, of=named[0] if named else "")
    holds = {401: HoldReason.ACCESS, 403: HoldReason.ACCESS, _DEAD_VERSION: HoldReason.ACCOUNT}
    raise RefusedError(answer, hold=holds.get(reply.status), status=reply.status)


def encoded(urn: str) -> str:
    """Return an id as it stands in a path, a parameter or a list."""
    return quote(urn, safe="")


def listed(urns: Sequence[str]) -> str:
    """Return a list as a parameter writes it."""
    return f"List({','.join(map(encoded, urns))})"


def _codes(problem: Mapping[str, Any]) -> set[str]:
    details = problem.get("errorDetails")
    inputs = details.get("inputErrors") if isinstance(details, dict) else None
    inputs = inputs if isinstance(inputs, list) else []
    found = {str(one.get("code")) for one in inputs if isinstance(one, dict)}
    return found | {str(problem.get("code"))}


def _midnight() -> datetime:
    now = clock.now()
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def _object_of(reply: Reply) -> Mapping[str, Any] | None:
    try:
        body = reply.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
