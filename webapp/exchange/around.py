"""What a sheet is read against and written with, and the plan does not know: networks, zones, limits of length."""

from functools import cache, lru_cache
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.importing import Surroundings
from content_calendar.models.directory import Account
from scheduler.networks import networks
from webapp.calendar.clocks import ZONES
from webapp.outlets import outlets
from webapp.session import settings

_TEXTS = 4096


@cache
def zone_names() -> dict[str, str]:
    """Return every zone by each of its names: the tz database's, and that of its place."""
    names = {
        name.rpartition("/")[2]: name for name in sorted(available_timezones()) if name.startswith("America/")
    }
    names |= {name: name for name in available_timezones()}
    return names | {label: name for name, label in ZONES.items()}


def around(session: Session) -> Surroundings:
    """Return the surroundings of a sheet: two queries."""
    ids = session.scalars(
        select(Account.id).where(Account.connected_at.is_not(None), Account.valid_to.is_(None))
    ).all()
    rules = {one.account.ref: (one.name, one.rules) for one in outlets(session, ids)}

    @lru_cache(maxsize=_TEXTS)
    def fits(ref: str, text: str) -> tuple[str, int] | None:
        if ref not in rules or (most := rules[ref][1].max_length) is None:
            return None
        over = rules[ref][1].measure(text) - most
        return (rules[ref][0], over) if over > 0 else None

    names = {slug: network.name for slug, network in networks().items()}
    return Surroundings(settings().zone, zone_names(), names, fits)
