"""Meta's Graph API, as far as all that speak it are alike: its errors, its limits, its pages, its containers.

An error is an object ``error`` with a ``code``, often an ``error_subcode``, and ``is_transient``
(https://developers.facebook.com/docs/graph-api/guides/error-handling). What is limited comes back as a code, and
``X-Business-Use-Case-Usage`` tells in minutes when it ends; ``X-App-Usage`` tells how much is used and no end
(https://developers.facebook.com/docs/graph-api/overview/rate-limiting). Lists go on where ``paging`` has a ``next``
(https://developers.facebook.com/docs/graph-api/results); that address bears the token, so only what it asks for
is taken from it. The token goes in a header, where no log keeps it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.replies import object_of
from scheduler.network import (
    Answer,
    DoubtError,
    DuplicateError,
    RefusedError,
    UnavailableError,
    UnfinishedError,
)
from scheduler.wire import Call, Reply, carry_out

VERSION = "v25.0"
REQUEST_ID = "x-fb-trace-id"
# The token is dead, or the application lost a permission: https://developers.facebook.com/docs/graph-api/guides/error-handling
_NO_ACCESS = frozenset({3, 10, 102, 190, *range(200, 300)})
_BUSY = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_EQUAL = frozenset({506})
_BLOCKED = frozenset({368})
# Theirs to mend: what was asked for may have been done, and may be asked for again.
_UNSURE = frozenset({-2, -1, 1, 2})
_GONE = frozenset({(100, 33), (24, 2207008)})
# https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes
_SUSPECTED, _DAY_IS_FULL, _NOT_READY = frozenset({2207050, 2207051}), 2207042, 2207027
_FULL_FOR, _READY_IN = timedelta(hours=1), timedelta(seconds=30)
_FARTHEST_END = timedelta(hours=24)
# They ask to look at a container once a minute; most are ready within seconds.
_LOOKS_S, _LOOK_AGAIN = (2.0, 5.0, 10.0), timedelta(minutes=1)
_PARAMS_OF_OURS = frozenset({"access_token"})


class ContainerState(StrEnum):
    """How far a container has come; one that is not published within a day ends."""

    WORKING = "IN_PROGRESS"
    READY = "FINISHED"
    PUBLISHED = "PUBLISHED"
    FAILED = "ERROR"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class Said:
    """What an error object says."""

    code: int
    subcode: int
    transient: bool


@dataclass(frozen=True)
class Graph:
    """The API at ``host``, for the holder of ``token``; ``may_send`` is asked right before a call is written."""

    host: str
    token: str
    may_send: Callable[[], bool] = lambda: True

    def publish(self, route: str, asked: Mapping[str, object]) -> tuple[Mapping[str, Any], str]:
        """Make the one call that publishes; return what it says, and the request's id.

        Raises RefusedError, UnavailableError, NotSentError, DuplicateError; anything else is a doubt.
        """
        reply = self._send(Call("POST", self.host + route, json=asked), self.may_send)
        return object_of(reply, DoubtError), reply.headers.get(REQUEST_ID, "")

    def ask(self, hold: HoldReason | None, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        """Return the answer's object; ``hold`` is for a refusal that says nothing else.

        Raises RefusedError, UnavailableError: what would be a doubt about a post is only a failure here.
        """
        try:
            reply = self._send(Call(method, self.host + route, **asked))
        except (DoubtError, DuplicateError) as error:
            raise UnavailableError(error.answer) from error
        except RefusedError as error:
            raise RefusedError(error.answer, hold=error.hold or hold, **error.params) from error
        return object_of(reply)

    def find(self, hold: HoldReason, route: str, fields: str) -> Mapping[str, Any] | None:
        """Return the fields of what stands at ``route``; None when it is gone."""
        try:
            return self.ask(hold, "GET", route, params={"fields": fields})
        except RefusedError as error:
            if is_gone(error):
                return None
            raise

    def pages(self, route: str, params: Mapping[str, str], most: int) -> Iterator[Mapping[str, Any]]:
        """Yield what a list holds, page after page; raise UnavailableError when it has more than ``most`` pages.

        What was not read proves nothing: it must not count as a look that found nothing.
        """
        for _ in range(most):
            page = self.ask(HoldReason.ACCESS, "GET", route, params=params)
            if not isinstance(page.get("data"), list):
                raise UnavailableError(Answer(raw=f"a page without its list: {sorted(page)}"))
            yield from page["data"]
            following = (page.get("paging") or {}).get("next")
            if not following:
                return
            params = {**params, **_asked_for(str(following))}
        raise UnavailableError(Answer(raw="there are more pages than are read"))

    def _send(self, call: Call, may_send: Callable[[], bool] = lambda: True) -> Reply:
        ours = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers = {**ours, **(call.headers or {})}
        reply = carry_out(replace(call, headers=headers), may_send)
        judge(reply)
        return reply


def judge(reply: Reply) -> None:
    """Raise what an answer without success means; one that is not the API's own word is a doubt."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer, said = reply.answer(REQUEST_ID), error_in(reply)
    params = {"status": reply.status, **({"code": said.code, "subcode": said.subcode} if said else {})}
    if said is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, **params)
    if said.subcode in _SUSPECTED or said.code in _BLOCKED:
        raise RefusedError(answer, hold=HoldReason.ACCOUNT, **params)
    if said.subcode == _DAY_IS_FULL:
        raise UnavailableError(answer, retry_at=clock.now() + _FULL_FOR, **params)
    if said.subcode == _NOT_READY:
        raise UnavailableError(answer, retry_at=clock.now() + _READY_IN, **params)
    if said.code in _BUSY or reply.status == 429:  # noqa: PLR2004 -- too many requests
        raise UnavailableError(answer, retry_at=end_of_limits(reply.headers), **params)
    if said.code in _EQUAL:
        raise DuplicateError(answer, **params)
    if said.code in _UNSURE or said.transient:
        raise DoubtError(answer, **params)
    hold = HoldReason.ACCESS if said.code in _NO_ACCESS else None
    raise RefusedError(answer, hold=hold, **params)


def is_gone(error: RefusedError) -> bool:
    """Return whether a refusal says that what was asked about is not there, or not for this token."""
    return (error.params.get("code"), error.params.get("subcode")) in _GONE


def error_in(reply: Reply) -> Said | None:
    """Return the error that an answer holds; None when it holds none."""
    try:
        body = reply.json()
    except ValueError:
        return None
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict) or type(error.get("code")) is not int:
        return None
    subcode = error.get("error_subcode")
    return Said(error["code"], subcode if type(subcode) is int else 0, error.get("is_transient") is True)


def end_of_limits(headers: Mapping[str, str]) -> datetime | None:
    """Return when the last of the limits that are used up ends; None when it is not told. Never farther than a day."""
    try:
        told = orjson.loads(headers.get("x-business-use-case-usage", "{}"))
    except orjson.JSONDecodeError:
        return None
    rows = [row for each in told.values() for row in each] if isinstance(told, dict) else []
    minutes = [row.get("estimated_time_to_regain_access") for row in rows if isinstance(row, dict)]
    longest = max((one for one in minutes if type(one) is int and one > 0), default=0)
    return clock.now() + min(timedelta(minutes=min(longest, 10_000)), _FARTHEST_END) if longest else None


def container_said(said: Mapping[str, Any]) -> ContainerState | None:
    """Return how far a container has come, as ``status_code`` or ``status`` says it; None when neither does."""
    try:
        return ContainerState(str(said.get("status_code") or said.get("status")))
    except ValueError:
        return None


def wait_until_ready(look: Callable[[], ContainerState | None], kept: Mapping[str, str]) -> ContainerState:
    """Return how far a container has come once nothing works on it; raise UnfinishedError when that takes long.

    ``kept`` is what the next try of preparing takes up again.
    """
    for pause in (*_LOOKS_S, None):
        state = look()
        if state is not None and state is not ContainerState.WORKING:
            return state
        if pause is not None:
            clock.rest(pause)
    raise UnfinishedError(prepared=dict(kept), retry_at=clock.now() + _LOOK_AGAIN)


def summed(said: Mapping[str, Any], name: str) -> int | None:
    """Return the ``total_count`` of a list whose summary was asked for; None where it is not told."""
    value = ((said.get(name) or {}).get("summary") or {}).get("total_count")
    return value if type(value) is int and value >= 0 else None


def insights_in(page: Mapping[str, Any]) -> Mapping[str, int]:
    """Return the figures of a list of insights by their names: the last value of each, or its total."""
    found = {}
    for one in page.get("data") or ():
        values = [each.get("value") for each in one.get("values") or () if isinstance(each, dict)]
        values += [(one.get("total_value") or {}).get("value")]
        told = [value for value in values if type(value) is int and value >= 0]
        if told:
            found[str(one.get("name"))] = told[-1]
    return found


def _asked_for(following: str) -> Mapping[str, str]:
    """Return what the address of the next page asks for, without what is ours to give."""
    return {
        name: value
        for name, value in parse_qsl(urlsplit(following).query, keep_blank_values=True)
        if name not in _PARAMS_OF_OURS
    }
