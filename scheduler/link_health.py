"""What one look at a link says of it. Pure.

A link is broken when it failed on two different days: a site that is down for an evening is nobody's task. What
answers no to robots (403, 429) says nothing of whether people can open it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

WEEKLY = timedelta(days=7)
AGAIN = timedelta(hours=26)
# Two failures count as of two days when at least this lies between them.
APART = timedelta(hours=12)
_SPREAD = 20  # per cent of the wait
# They answered, and said neither yes nor no.
_NEITHER = frozenset(
    {
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, 999,
    }
)  # fmt: skip
_UNREADABLE = frozenset({"cut", "encoding", "protocol"})


class Health(StrEnum):
    """How a link is.

    new: nobody has looked yet. well: it opened. broken: it failed on two different days. untold: it answered in a way
    that says neither, such as no to robots. silent: its network tells robots nothing, so that nobody looks.
    """

    NEW = "new"
    WELL = "well"
    BROKEN = "broken"
    UNTOLD = "untold"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look came to: ``ok``, failed, or ``neither``; ``code`` and ``params`` say why."""

    ok: bool = False
    neither: bool = False
    code: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the link is from now on, since when it fails, and when it is looked at again."""

    health: Health
    failing_since: datetime | None
    check_at: datetime


def seen_of(code: str, params: Mapping[str, object]) -> Seen:
    """Return what a failed fetch says of the link; codes are those of ``fetch_errors``."""
    if code == "fetch_too_large":
        # There is a page; its length is not our business.
        return Seen(ok=True)
    neither = (code == "fetch_status" and params.get("status") in _NEITHER) or (
        code == "fetch_unreachable" and params.get("reason") in _UNREADABLE
    )
    return Seen(neither=neither, code=code, params=params)


def verdict(
    seen: Seen, before: Health, failing_since: datetime | None, at: datetime, spread: float
) -> Verdict:
    """Return how a link is after a look at ``at``; ``spread``, from 0 to 1, keeps links from all being due at once."""
    later = 1 + spread * _SPREAD / 100
    if seen.ok:
        return Verdict(Health.WELL, None, at + WEEKLY * later)
    if seen.neither:
        return Verdict(Health.UNTOLD, None, at + WEEKLY * later)
    since = failing_since or at
    # A person who asks again the same hour has not waited for another day.
    broken = before is Health.BROKEN or (since.date() != at.date() and at - since >= APART)
    return Verdict(Health.BROKEN if broken else before, since, at + (WEEKLY if broken else AGAIN) * later)
