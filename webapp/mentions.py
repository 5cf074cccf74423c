"""What a campaign asks of a text, with whom it mentions as things stand that day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.accounts import mentioned_account
from content_calendar.models.directory import Account, Standing
from content_calendar.models.plan import Campaign
from content_calendar.rules import CampaignRules

_FALLEN = (Standing.EXTINCT, Standing.SUCCEEDED, Standing.IMPERSONATED)


def campaign_rules(
    session: Session, campaigns: Sequence[Campaign], network: str, on: date
) -> list[CampaignRules]:
    """Return the rules of these campaigns for a text on ``network``, in their order.

    Four queries for each campaign that mentions somebody.
    """
    return [_rules(session, one, network, on) for one in campaigns]


def _rules(session: Session, campaign: Campaign, network: str, on: date) -> CampaignRules:
    mention = mentioned_account(session, campaign, network, on)
    name = ""
    if mention is not None:
        name = f"@{mention.handle.lstrip('@')}" if mention.stands and mention.handle else mention.name
    return CampaignRules(
        slug=campaign.slug,
        name=campaign.name,
        required_tags=tuple(campaign.tags),
        mention=name or None,
        mention_required=bool(name),
        mention_stands=mention is not None and mention.stands,
        fallen_handles=_fallen(session, campaign.mentions_id),
        source=campaign.source,
    )


def _fallen(session: Session, owner_id: int | None) -> tuple[str, ...]:
    if owner_id is None:
        return ()
    query = select(Account.handle).where(Account.owner_id == owner_id, Account.standing.in_(_FALLEN))
    return tuple(dict.fromkeys(session.scalars(query)))
