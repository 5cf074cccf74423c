"""Calls to an API that says what is wrong in problem details (RFC 9457), each answer told apart once.

A call that publishes may end in a doubt; one that only prepares or reads cannot, and fails instead.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.network import Answer, DoubtError, DuplicateError, RefusedError, UnavailableError
from scheduler.wire import Call, Reply, carry_out

_FARTHEST_RESET = timedelta(hours=24)


@dataclass(frozen=True)
class Dialect:
    """How an API says things.

    ``request_id`` is the header that names a request. ``limits`` are prefixes of headers that end in
    ``-remaining`` and ``-reset`` (seconds since 1970). ``equal`` are words of a refusal of what is there
    already; ``capped`` of the type or title of one that no waiting ends but money does. All in small letters.
    """

    request_id: str
    limits: Sequence[str]
    equal: Sequence[str]
    capped: Sequence[str]


@dataclass(frozen=True)
class Api:
    """An API at its address; ``sign`` makes a call ours, ``may_send`` is asked right before a call is written."""

    host: str
    dialect: Dialect
    sign: Callable[[Call], Call]
    may_send: Callable[[], bool] = lambda: True

    def send(self, method: str, route: str, **asked: Any) -> Reply:  # noqa: ANN401 -- fields of Call
        """Make one call; return its successful answer, or raise what the answer means for a post."""
        reply = carry_out(self.sign(replace(Call(method, self.host + route), **asked)), self.may_send)
        judge(reply, self.dialect)
        return reply

    def ask(self, hold: HoldReason | None, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        """Return the answer's object; ``hold`` is for a refusal that says nothing else.

        Raises RefusedError, UnavailableError: what would be a doubt about a post is only a failure here.
        """
        try:
            reply = self.send(method, route, **asked)
        except (DoubtError, DuplicateError) as error:
            raise UnavailableError(error.answer) from error
        except RefusedError as error:
            raise RefusedError(error.answer, hold=error.hold or hold) from error
        # What is written may be answered by nothing; what is read never is.
        body = {} if method != "GET" and not reply.body else object_of(reply)
        if body is None:
            raise UnavailableError(reply.answer(self.dialect.request_id))
        return body

    def pages(self, route: str, params: Mapping[str, str], most: int) -> Iterator[Mapping[str, Any]]:
        """Yield what a list holds, page after page; raise UnavailableError when it has more than ``most`` pages.

        What was not read, or does not say that it is empty, proves nothing: it must not count as a look that
        found nothing.
        """
        for _ in range(most):
            page = self.ask(HoldReason.ACCESS, "GET", route, params=params)
            meta = page.get("meta") or {}
            if not isinstance(page.get("data"), list) and meta.get("result_count") != 0:
                raise UnavailableError(Answer(raw=f"a page without its list: {sorted(page)}"))
            yield from page.get("data") or ()
            token = meta.get("next_token")
            if not token:
                return
            params = {**params, "pagination_token": token}
        raise UnavailableError(Answer(raw="there are more pages than are read"))


def judge(reply: Reply, dialect: Dialect) -> None:
    """Raise what an answer without success means; one that is not the API's own word is a doubt."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer, problem = reply.answer(dialect.request_id), object_of(reply)
    if problem is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, status=reply.status)
    said = f"{problem.get('detail', '')} {problem.get('title', '')}".casefold()
    if reply.status == 429:  # noqa: PLR2004 -- too many requests
        kind = f"{problem.get('type', '')} {problem.get('title', '')}".casefold()
        if any(words in kind for words in dialect.capped):
            raise RefusedError(answer, hold=HoldReason.BUDGET, status=reply.status)
        retry_at = end_of_limits(reply.headers, dialect.limits)
        raise UnavailableError(answer, retry_at=retry_at, status=reply.status)
    if reply.status == 403 and any(words in said for words in dialect.equal):  # noqa: PLR2004 -- forbidden
        raise DuplicateError(answer, status=reply.status)
    holds = {401: HoldReason.ACCESS, 402: HoldReason.BUDGET}
    raise RefusedError(answer, hold=holds.get(reply.status), status=reply.status)


def object_of(reply: Reply) -> Mapping[str, Any] | None:
    """Return the object that an answer is; None when it is none."""
    try:
        said = reply.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def end_of_limits(headers: Mapping[str, str], limits: Sequence[str]) -> datetime | None:
    """Return when the last of the limits that are used up ends; None when none is, or it is not told.

    Never farther than a day, the longest that a limit lasts: a nonsense must not rest an account for ever.
    """
    farthest = clock.now() + _FARTHEST_RESET
    try:
        ends = [
            # More digits than a moment has are far away as well.
            int(headers[f"{limit}-reset"][:20])
            for limit in limits
            if headers.get(f"{limit}-remaining", "0") == "0" and headers.get(f"{limit}-reset", "").isdecimal()
        ]
        return datetime.fromtimestamp(min(max(ends), int(farthest.timestamp())), UTC) if ends else None
    except (ValueError, OverflowError, OSError):
        return None
