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


class ConsentBy(StrEnum):
    """Who consented that somebody is shown: the person, or the guardians of a minor."""

    PERSON = "person"
    GUARDIANS = "guardians"


class Scope(StrEnum):
    """What a consent lets a material be used for."""

    NETWORKS = "networks"
    PRINT = "print"
    RADIO = "radio"


@dataclass(frozen=True)
class ConsentFacts:
    """A written consent: of whom, its last day, in the zone of whoever publishes, and for what.

    ``ends_on`` is None when it does not end.
    """

    by: ConsentBy
    whom: str = ""
    ends_on: date | None = None
    withdrawn: bool = False
    scopes: frozenset[Scope] = frozenset(Scope)

    def holds(self, on: date) -> bool:
        """Return whether it is in force on that day, its last one included."""
        return not self.withdrawn and (self.ends_on is None or on <= self.ends_on)


@dataclass(frozen=True)
class Facts:
    """What is known of a material that bears on its use.

    ``expires_on`` is the last day on which it may be used, in the zone of whoever publishes; ``uncaptioned`` is
    a video that those who do not hear cannot follow.
    """

    people: People
    licence: str
    embargo_until: datetime | None
    expires_on: date | None
    archived: bool
    consents: tuple[ConsentFacts, ...] = ()
    uncaptioned: bool = False


@dataclass(frozen=True)
class Reason:
    """Why a material may not be used, or, when it does not ``block``, what somebody should look at.

    ``code`` is one of asset_missing, asset_archived, asset_embargoed (``until``), asset_expired (``on``),
    captions_missing, minors_without_consent, consent_withdrawn, consent_ended (``on``), consent_not_for_networks,
    consent_not_for_print, consent_not_for_radio, consent_missing, people_unsaid, licence_missing.
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


def cleared(facts: Facts, at: datetime, zone: tzinfo, scope: Scope | None = None) -> Clearance:
    """Return whether the material may be used ``at`` a moment; ``zone`` tells which day that is.

    ``scope`` is what for; None asks whether it may be used for anything at all.
    """
    day = at.astimezone(zone).date()
    reasons = []
    if facts.archived:
        reasons.append(Reason("asset_archived", blocks=True))
    if facts.embargo_until is not None and at < facts.embargo_until:
        reasons.append(Reason("asset_embargoed", blocks=True, params=(("until", facts.embargo_until),)))
    if facts.expires_on is not None and day > facts.expires_on:
        reasons.append(Reason("asset_expired", blocks=True, params=(("on", facts.expires_on),)))
    if facts.uncaptioned:
        reasons.append(Reason("captions_missing", blocks=True))
    reasons += _of_people(facts, day, scope)
    if not facts.licence:
        reasons.append(Reason("licence_missing", blocks=False))
    return Clearance(tuple(reasons))


def _of_people(facts: Facts, day: date, scope: Scope | None) -> list[Reason]:
    """Return what the people who are shown have to say.

    No picture of a minor is cleared without the written consent of the guardians (LGDNNA 76 to 80). A consent
    that ended or was withdrawn stands in the way until the same person gives another (LGPDPPSO: express and
    in writing); that an adult's was never recorded is only told, since a crowd in a square gives none. One who
    consented to print alone has not consented to networks.
    """
    if facts.people is People.NONE:
        return []
    reasons = _lapsed(facts.consents, day)
    guardians = [one for one in facts.consents if one.by is ConsentBy.GUARDIANS]
    if facts.people is People.MINORS and not guardians:
        reasons.insert(0, Reason("minors_without_consent", blocks=True))
    if scope is not None and _beyond(facts.consents, day, scope):
        reasons.append(Reason(f"consent_not_for_{scope.value}", blocks=True))
    if facts.people is People.ADULTS and not facts.consents:
        reasons.append(Reason("consent_missing", blocks=False))
    if facts.people is People.UNSAID:
        reasons.append(Reason("people_unsaid", blocks=False))
    return reasons


def _lapsed(consents: tuple[ConsentFacts, ...], day: date) -> list[Reason]:
    """Return why consents no longer hold, each reason once: of those who gave no other one that does."""
    held = {(one.by, one.whom) for one in consents if one.holds(day)}
    lapsed = [one for one in consents if (one.by, one.whom) not in held]
    ended = [one.ends_on for one in lapsed if not one.withdrawn and one.ends_on is not None]
    reasons = []
    if any(one.withdrawn for one in lapsed):
        reasons.append(Reason("consent_withdrawn", blocks=True))
    if ended:
        reasons.append(Reason("consent_ended", blocks=True, params=(("on", max(ended)),)))
    return reasons


def _beyond(consents: tuple[ConsentFacts, ...], day: date, scope: Scope) -> bool:
    """Return whether somebody's consents that hold are all for something else."""
    holding = [one for one in consents if one.holds(day)]
    covered = {(one.by, one.whom) for one in holding if scope in one.scopes}
    return any((one.by, one.whom) not in covered for one in holding)
