"""Where a material was used, as its page tells it."""

from collections.abc import Sequence
from dataclasses import dataclass

from assets import takedown_list, uptake
from assets.models import Asset
from assets.takedown_list import Task
from assets.uptake import BodyTotal, Outing, Pull
from content_calendar.permissions import Permission
from content_calendar.visibility import APPROVED, sees_unapproved
from webapp.letters import network_name
from webapp.session import db, viewer

_MOST, _SHOWN = 500, 20


@dataclass(frozen=True)
class Used:
    """What became of a material: on which accounts, pulled by whom, and what of it is still to be taken down."""

    outings: Sequence[Outing]
    pulls: Sequence[Pull]
    totals: Sequence[BodyTotal]
    waiting: Sequence[Task]
    shown: int = _SHOWN

    @property
    def out(self) -> int:
        """Return on how many accounts it went out."""
        return sum(one.outings for one in self.totals)

    @staticmethod
    def network(slug: str) -> str:
        """Return the network as people call it."""
        return network_name(slug)


def used(asset: Asset) -> Used:
    """Return what became of the material; to whoever stands for a body, only what is out and what their body pulled."""
    staff = viewer().can(Permission.EDIT_TOOLBOX)
    outings = [
        one
        for one in uptake.outings(db(), asset, _MOST, published_only=not sees_unapproved(viewer().rights))
        if sees_unapproved(viewer().rights) or one.post.state in APPROVED
    ]
    pulls = uptake.pulls(db(), asset, _MOST, None if staff else viewer().rights.bodies())
    waiting = takedown_list.listed(db(), None, open_only=True, most=_MOST, asset_id=asset.id) if staff else ()
    return Used(outings, pulls, uptake.totals(outings, pulls) if staff else (), waiting)
