"""Calls to Google APIs in JSON: what an answer means, lists in pages, a quota that is new at midnight Pacific time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from content_calendar import clock
from content_calendar.states import HoldReason
from scheduler.dialects.replies import object_of
from scheduler.network import Answer, DoubtError, MayNotPublishError, RefusedError, UnavailableError
from scheduler.wire import Call, Reply, carry_out

_MOST_PAGES = 5
_PACIFIC = ZoneInfo("America/Los_Angeles")
_SPENT = frozenset({"quotaExceeded", "dailyLimitExceeded"})
_TOO_FAST = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
_ACCOUNT = frozenset(
    {"youtubeSignupRequired", "channelClosed", "channelSuspended", "channelNotFound",
     "authenticatedUserAccountClosed", "authenticatedUserAccountSuspended"}
)  # fmt: skip


class GoogleApi:
    """The calls to ``host`` with one token; ``may_send`` is asked right before each is written."""

    def __init__(self, host: str, token: str, may_send: Callable[[], bool] = lambda: True) -> None:
        self.host, self.headers = host, {"Authorization": f"Bearer {token}"}
        self._may_send = may_send

    def call(self, method: str, route: str, headers: Mapping[str, str] | None = None, **asked: Any) -> Reply:  # noqa: ANN401 -- fields of Call
        """Make one call; return its successful answer, or raise what the answer means for a video."""
        call = Call(method, self.host + route, headers={**self.headers, **(headers or {})}, **asked)
        reply = carry_out(call, self._may_send)
        judge(reply)
        return reply

    def ask(self, method: str, route: str, **asked: Any) -> Mapping[str, Any]:  # noqa: ANN401 -- fields of Call
        """Return the answer's object; what would be a doubt about a video is only a failure here."""
        try:
            return object_of(self.call(method, route, **asked))
        except DoubtError as error:
            raise UnavailableError(error.answer) from error

    def pages(self, route: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """Yield what a list holds, the first pages of it."""
        for _ in range(_MOST_PAGES):
            page = self.ask("GET", route, params=params)
            yield from items_of(page)
            if not page.get("nextPageToken"):
                return
            params = {**params, "pageToken": str(page["nextPageToken"])}


def judge(reply: Reply) -> None:
    """Raise what an answer without success means (https://developers.google.com/youtube/v3/docs/errors)."""
    if 200 <= reply.status < 300:  # noqa: PLR2004 -- what HTTP calls success
        return
    answer, reason = reply.answer(), _reason_of(reply)
    if reason is None or not 400 <= reply.status < 500 or reply.status == 408:  # noqa: PLR2004 -- HTTP again
        raise DoubtError(answer, status=reply.status)
    if reason in _SPENT:
        raise UnavailableError(answer, retry_at=_midnight(), status=reply.status)
    if reason == "uploadLimitExceeded":
        raise UnavailableError(answer, retry_at=clock.now() + timedelta(days=1), status=reply.status)
    if reason in _TOO_FAST or reply.status == 429:  # noqa: PLR2004 -- too many requests
        raise UnavailableError(answer, status=reply.status)
    if reason in _ACCOUNT:
        raise RefusedError(answer, hold=HoldReason.ACCOUNT, status=reply.status)
    if reply.status == 403 and reason != "commentsDisabled":  # noqa: PLR2004 -- forbidden
        raise MayNotPublishError(answer, status=reply.status)
    holds = {400: HoldReason.CONTENT, 401: HoldReason.ACCESS, 404: HoldReason.MATERIAL}
    raise RefusedError(answer, hold=holds.get(reply.status), status=reply.status)


def _reason_of(reply: Reply) -> str | None:
    """Return the word for what is wrong; None when the answer is not the API's own."""
    try:
        said = reply.json()
        error = said["error"]
        reasons = [one.get("reason") for one in error.get("errors") or ()]
        return str(next(filter(None, reasons), error.get("status", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _midnight() -> datetime:
    """Return the next midnight of Pacific time, when the quota is new (.../youtube/v3/determine_quota_cost)."""
    day = clock.now().astimezone(_PACIFIC).date() + timedelta(days=1)
    return datetime.combine(day, time(), _PACIFIC).astimezone(UTC)


def items_of(said: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return what a page of a list holds; raise UnavailableError when it is none."""
    found = said.get("items") or []
    if not isinstance(found, list):
        raise UnavailableError(Answer(raw="a list without its items"))
    return found
