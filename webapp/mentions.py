"""What a campaign asks of a text, with whom it mentions as things stand today."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.models.directory import Account, Owner, Standing
from content_calendar.models.plan import Campaign
from content_calendar.rules import CampaignRules

_FALLEN = frozenset({Standing.EXTINCT, Standing.SUCCEEDED, Standing.IMPERSONATED})


def campaign_rules(session: Session, campaigns: Sequence[Campaign]) -> list[CampaignRules]:
    """Return the rules of these campaigns, in their order; one query when any of them mentions somebody."""
    owners = _owners(session, [one.mentions_id for one in campaigns if one.mentions_id is not None])
    return [_rules(one, owners) for one in campaigns]


def _owners(session: Session, ids: Sequence[int]) -> Mapping[int, tuple[str, list[tuple[str, Standing]]]]:
    if not ids:
        return {}
    found: dict[int, tuple[str, list[tuple[str, Standing]]]] = {}
    rows = session.execute(
        select(Owner.id, Owner.short_name, Account.handle, Account.standing)
        .outerjoin(Account, Account.owner_id == Owner.id)
        .where(Owner.id.in_(ids))
        .order_by(Owner.id, Account.id)
    )
    for owner_id, name, handle, standing in rows:
        accounts = found.setdefault(owner_id, (name, []))[1]
        if handle:
            accounts.append((handle, standing))
    return found


def _rules(campaign: Campaign, owners: Mapping[int, tuple[str, list[tuple[str, Standing]]]]) -> CampaignRules:
    name, accounts = owners.get(campaign.mentions_id or 0, ("", []))
    return CampaignRules(
        slug=campaign.slug,
        name=campaign.name,
        required_tags=tuple(campaign.tags),
        mention=name or None,
        mention_required=bool(name),
        fallen_handles=tuple(handle for handle, standing in accounts if standing in _FALLEN),
        source=campaign.source,
    )
