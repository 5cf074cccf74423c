"""What allies did with a post, for its page; apart from the bodies' replications, and never counted among them."""

from collections.abc import Sequence

from content_calendar import allies, ally_echoes
from content_calendar.models.allies import AllyEcho
from content_calendar.permissions import Permission, Scope
from webapp.session import db, viewer


def states_within() -> frozenset[str] | None:
    """Return the states whose allies the viewer may see, empty for none, None for all of them."""
    if _sees(None):
        return None
    return frozenset(one.state_iso for one in allies.places(db()).values() if _sees(one.region_id))


def _sees(region_id: int | None) -> bool:
    # Nobody stands for body 0: a grant of one region reaches none of it.
    return viewer().can(Permission.VIEW_ALLIES, Scope(0, region_id))


def echoes_of(post_id: int) -> Sequence[AllyEcho]:
    """Return what the allies whom the viewer may see did with a post; nothing for a viewer who may see none."""
    if not viewer().can(Permission.VIEW_ALLIES):
        return ()
    return ally_echoes.of_post(db(), post_id, states_within())
