"""Electoral silence (veda): who may not speak on which days.

Public bodies suspend their publicity while campaigns run, until the end of election day (Ley General de
Comunicación Social, arts. 9 and 21); for local elections, in that state. What the transparency laws oblige a
body to publish is not publicity (LGTAIP art. 63): hence exemptions, each with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypeVar

from content_calendar.errors import InvalidError

EVERYBODY = "all"
"""The scope of a window or an exemption that reaches every body."""


class UpsideDownSpanError(InvalidError):
    """A span of days ends before it starts. ``starts_on`` and ``ends_on`` are ISO dates."""

    code: ClassVar[str] = "ends_before_it_starts"


class ReasonMissingError(InvalidError):
    """A window or an exemption needs a reason that somebody can read later."""

    code: ClassVar[str] = "silence_reason_missing"


@dataclass(frozen=True, slots=True)
class _Span:
    """Days from ``starts_on`` to ``ends_on``, both in it, and the bodies it reaches.

    ``scope`` is a body's slug, a state's ISO code (``MX`` is the federation's own body, not every state), or
    EVERYBODY.
    """

    starts_on: date
    ends_on: date
    scope: str
    reason: str

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise UpsideDownSpanError(
                field="ends_on", starts_on=self.starts_on.isoformat(), ends_on=self.ends_on.isoformat()
            )
        if not self.reason.strip():
            raise ReasonMissingError(field="reason")

    def reaches(self, body_slug: str, state_iso: str, on: date) -> bool:
        """Tell whether it covers that body on that day."""
        return self.starts_on <= on <= self.ends_on and self.scope in {EVERYBODY, state_iso, body_slug}


@dataclass(frozen=True, slots=True)
class Window(_Span):
    """Days of silence for those in ``scope``. ``source`` is the agreement or law that sets them."""

    source: str = ""


@dataclass(frozen=True, slots=True)
class Exemption(_Span):
    """Days on which those in ``scope`` may speak despite a silence. ``granted_by`` is an opaque id."""

    granted_by: str = ""


AnySpan = TypeVar("AnySpan", bound=_Span)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a body may speak; ``window`` is the silence met, ``exception`` what lifts it."""

    allowed: bool
    window: Window | None = None
    exception: Exemption | None = None


def may_speak(
    body_slug: str, state_iso: str, on: date, windows: Iterable[Window], exceptions: Iterable[Exemption]
) -> Verdict:
    """Judge one body on one local day.

    Of several windows the verdict names the one that ends last, since it tells when the body may speak again;
    of several exemptions, the one that ends last. The order they are given in never matters.
    """
    window = _last_to_end(window for window in windows if window.reaches(body_slug, state_iso, on))
    if window is None:
        return Verdict(allowed=True)
    exception = _last_to_end(given for given in exceptions if given.reaches(body_slug, state_iso, on))
    return Verdict(allowed=exception is not None, window=window, exception=exception)


def _last_to_end(spans: Iterable[AnySpan]) -> AnySpan | None:
    return max(spans, key=lambda span: (span.ends_on, span.starts_on, span.scope, span.reason), default=None)
