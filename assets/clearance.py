"""May this material be used at this moment? Decided from plain facts, when approving and again when sending. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum


class People(StrEnum):
    """Whom a material shows."""

    UNSAID = "unsaid"
    NONE = "none"
    ADULTS = "adults"
    MINORS = "minors"


@dataclass(frozen=True)
class Facts:
    """What is known of a material that bears on its use.

    ``expires_on`` is the last day on which it may be used, in the zone of whoever publishes.
    """

    people: People
    licence: str
    embargo_until: datetime | None
    expires_on: date | None
    archived: bool


@dataclass(frozen=True)
class Reason:
    """Why a material may not be used, or, when it does not ``block``, what somebody should look at.

    ``code`` is one of asset_missing, asset_archived, asset_embargoed (``until``), asset_expired (``on``),
    minors_without_consent, people_unsaid, licence_missing.
    """

    code: str
    blocks: bool
    params: tuple[tuple[str, date | datetime], ...] = ()


@dataclass(frozen=True)
class Clearance:
    """The answer, with every reason at once: those that block first."""

    reasons: tuple[Reason, ...] = ()

    @property
    def ok(self) -> bool:
        """Return whether the material may be used; warnings do not stand in the way."""
        return not any(reason.blocks for reason in self.reasons)


MISSING = Clearance((Reason("asset_missing", blocks=True),))


def cleared(facts: Facts, at: datetime, zone: tzinfo) -> Clearance:
    """Return whether the material may be used ``at`` a moment; ``zone`` tells which day that is.

    Without a recorded consent no picture of a minor is cleared: LGDNNA 76 to 80 ask for the guardians'.
    """
    reasons = []
    if facts.archived:
        reasons.append(Reason("asset_archived", blocks=True))
    if facts.embargo_until is not None and at < facts.embargo_until:
        reasons.append(Reason("asset_embargoed", blocks=True, params=(("until", facts.embargo_until),)))
    if facts.expires_on is not None and at.astimezone(zone).date() > facts.expires_on:
        reasons.append(Reason("asset_expired", blocks=True, params=(("on", facts.expires_on),)))
    if facts.people is People.MINORS:
        reasons.append(Reason("minors_without_consent", blocks=True))
    if facts.people is People.UNSAID:
        reasons.append(Reason("people_unsaid", blocks=False))
    if not facts.licence:
        reasons.append(Reason("licence_missing", blocks=False))
    return Clearance(tuple(reasons))
