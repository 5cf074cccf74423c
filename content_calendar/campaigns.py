"""Campaigns: the tags that their posts carry, and how many people say yes to them."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar import audit, notices
from content_calendar.audience import holders
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign
from content_calendar.models.reviews import CampaignReviewer
from content_calendar.permissions import Permission
from content_calendar.signing import MOST_STEPS

NAME_LENGTH = 120
DESCRIPTION_LENGTH = 2000
MOST_TAGS = 10
_LONGEST_TAG = 60
_LONGEST_SLUG = 50
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_TAG = re.compile(r"#\w*[^\W\d_]\w*")


class CampaignNotFoundError(NotFoundError):
    """There is no campaign of that name."""

    code = "campaign_not_found"


class CampaignNameError(InvalidError):
    """A campaign has a name, of at most ``most`` characters."""

    code = "campaign_name"


class CampaignTextError(InvalidError):
    """The description is longer than ``most`` characters."""

    code = "campaign_text"


class CampaignTagError(InvalidError):
    """``tag`` is no hashtag; or there are more than ``most``, and ``tag`` is the first too many."""

    code = "campaign_tag"


class ReviewStepsError(InvalidError):
    """One step or two; each yes that is asked for by name is of somebody who may review."""

    code = "review_steps"


@dataclass(frozen=True)
class Told:
    """What a campaign's page says. ``reviewers`` are people's ids by step."""

    name: str
    description: str
    tags: Sequence[str]
    steps: int = 1
    any_reviewer: bool = True
    reviewers: Mapping[int, Collection[int]] | None = None


def listed(session: Session) -> Sequence[Campaign]:
    """Return all campaigns by name."""
    return session.scalars(select(Campaign).order_by(Campaign.name)).all()


def find(session: Session, slug: str) -> Campaign:
    """Return the campaign; raise CampaignNotFoundError."""
    found = session.scalars(select(Campaign).where(Campaign.slug == slug)).one_or_none()
    if found is None:
        raise CampaignNotFoundError(slug=slug)
    return found


def reviewers_of(session: Session, campaign: Campaign) -> Mapping[int, frozenset[int]]:
    """Return by step whose yes the campaign asks for."""
    found: dict[int, set[int]] = {}
    for one in session.scalars(select(CampaignReviewer).where(CampaignReviewer.campaign_id == campaign.id)):
        found.setdefault(one.step, set()).add(one.person_id)
    return {step: frozenset(people) for step, people in found.items()}


def who_may_review(session: Session) -> Sequence[Person]:
    """Return everybody who may say yes today, by name."""
    able = holders(notices.people_to_tell(session, now().date()), Permission.REVIEW_POSTS)
    return session.scalars(select(Person).where(Person.id.in_(able)).order_by(Person.name)).all()


def tags_in(text: str) -> list[str]:
    """Return the hashtags of a field, each once, as they were written; a missing # is added.

    Raises CampaignTagError.
    """
    tags = list(dict.fromkeys(f"#{word.lstrip('#')}" for word in text.replace(",", " ").split()))
    for n, tag in enumerate(tags):
        if n == MOST_TAGS or len(tag) > _LONGEST_TAG or not _TAG.fullmatch(tag):
            raise CampaignTagError(field="tags", tag=tag[:_LONGEST_TAG], most=MOST_TAGS)
    return tags


def begin(session: Session, name: str, person: Person) -> Campaign:
    """Begin a campaign by its name, without tags and with one step of review; raise CampaignNameError.

    Two of one name tell each other apart by a number at the end of their addresses.
    """
    name = name.strip()
    plain = _NOT_PLAIN.sub("-", _folded(name))[:_LONGEST_SLUG].strip("-")
    if not plain or len(name) > NAME_LENGTH:
        raise CampaignNameError(field="name", most=NAME_LENGTH)
    taken = set(
        session.scalars(select(Campaign.slug).where(Campaign.slug.startswith(plain, autoescape=True)))
    )
    slug = next(one for one in chain([plain], (f"{plain}-{n}" for n in count(2))) if one not in taken)
    campaign = Campaign(slug=slug, name=name)
    session.add(campaign)
    session.flush()
    audit.record(session, person.ref, "campaign_begun", "campaign", slug)
    return campaign


def _folded(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text.lower())
    return "".join(one for one in parted if not unicodedata.combining(one))


def change(session: Session, campaign: Campaign, told: Told, person: Person) -> None:
    """Write down what a campaign is; it holds for every review from then on.

    Raises CampaignNameError, CampaignTextError, ReviewStepsError.
    """
    name = told.name.strip()
    if not name or len(name) > NAME_LENGTH:
        raise CampaignNameError(field="name", most=NAME_LENGTH)
    if len(told.description) > DESCRIPTION_LENGTH:
        raise CampaignTextError(field="description", most=DESCRIPTION_LENGTH)
    if not 1 <= told.steps <= MOST_STEPS:
        raise ReviewStepsError(field="steps")
    able = {one.id for one in who_may_review(session)}
    named = [
        CampaignReviewer(campaign_id=campaign.id, step=step, person_id=person_id)
        for step, people in (told.reviewers or {}).items()
        if step <= told.steps
        for person_id in sorted(set(people))
    ]
    if not {one.person_id for one in named} <= able:
        raise ReviewStepsError(field="steps")
    campaign.name, campaign.description, campaign.tags = name, told.description.strip(), list(told.tags)
    campaign.review_steps, campaign.any_reviewer = told.steps, told.any_reviewer
    session.execute(delete(CampaignReviewer).where(CampaignReviewer.campaign_id == campaign.id))
    session.add_all(named)
    session.flush()
    audit.record(
        session, person.ref, "campaign_changed", "campaign", campaign.slug,
        steps=told.steps, reviewers=len(named), tags=list(told.tags),
    )  # fmt: skip
