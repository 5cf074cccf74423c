"""When a feed is asked again. Pure.

Manners of reliability's chapter on feeds: at most once an hour with validators and once a day without them
(Rachel by the Bay's rules), longer where the site asks for it, Retry-After up to a day, never given up except
when the site says 410, and never all at the same minute.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_JITTER = 10  # per cent of the interval
_QUIET_SHARE = 4
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Intervals:
    """How often at most and at least. ``without_validators``: when each visit costs the site a whole feed."""

    shortest: timedelta = timedelta(hours=1)
    without_validators: timedelta = timedelta(hours=24)
    longest: timedelta = timedelta(hours=24)


def after_an_answer(
    intervals: Intervals,
    *,
    quiet_for: timedelta,
    headers: Mapping[str, str],
    ttl: timedelta | None,
    now: datetime,
    jitter: float,
) -> timedelta:
    """Return how long to wait after an answer that could be read.

    ``quiet_for`` is how long ago the feed last changed: one that changed today is visited each hour, one that
    has been still for four days once a day. ``headers`` are the answer's, in lower case; ``ttl`` is
    what the feed itself asks for; ``jitter``, from 0 to 1, spreads the visits.
    """
    validated = bool(headers.get("etag") or headers.get("last-modified"))
    least = intervals.shortest if validated else intervals.without_validators
    wanted = max(least, quiet_for / _QUIET_SHARE, ttl or timedelta(), _fresh_for(headers, now))
    return _spread(wanted, intervals, jitter)


def after_a_failure(
    intervals: Intervals, *, failures: int, retry_after: timedelta | None, jitter: float
) -> timedelta:
    """Return how long to wait after the n-th failure in a row: twice as long each time, a day at most."""
    doubled = intervals.shortest * 2 ** min(failures - 1, 10)
    return _spread(max(doubled, retry_after or timedelta()), intervals, jitter)


def _spread(wanted: timedelta, intervals: Intervals, jitter: float) -> timedelta:
    # Longer, never shorter: what a site asked for is a least.
    longer = min(wanted, intervals.longest) * (1 + jitter * _JITTER / 100)
    return min(longer, intervals.longest)


def _fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    found = _MAX_AGE.search(headers.get("cache-control", ""))
    if found:
        return timedelta(seconds=int(found[1]))
    try:
        until: datetime = parsedate_to_datetime(headers.get("expires", ""))
    except ValueError:
        return timedelta()
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(until - now, timedelta())
