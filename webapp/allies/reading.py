"""What comes in a form about what an ally did: links read by the networks, days, and where it was."""

from collections.abc import Sequence
from datetime import date

from flask import request

from content_calendar import ally_echoes
from content_calendar.ally_consents import ConsentDayInvalidError
from content_calendar.ally_echoes import (
    EchoDayInvalidError,
    EchoLinkInvalidError,
    EchoLinksTooManyError,
    EchoReachInvalidError,
    Link,
    Offline,
    Source,
)
from content_calendar.errors import InvalidError
from content_calendar.models.allies import Medium
from scheduler.listening.identity import canonical_link, link_key
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from webapp.inputs import small
from webapp.session import db, settings

ONLINE = "online"


class LinksMissingError(InvalidError):
    """Nothing was pasted."""

    code = "ally_echo_links_missing"


class MediumMissingError(InvalidError):
    """Where it was is one of the places that are offered."""

    code = "ally_medium_missing"


def day_of(field: str) -> date:
    """Return the day of a form's field; raise ConsentDayInvalidError."""
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        raise ConsentDayInvalidError(field=field) from None


def read_link(said: str) -> Link:
    """Return a link as the networks read it: the same post by all its addresses is one; raise EchoLinkInvalidError."""
    for slug, network in networks().items():
        if isinstance(network, ReadsLinks) and (seen := network.read_link(said)) is not None:
            return Link(seen.url, link_key(seen.url), slug, seen.published_at)
    # People paste what their telephone shows, often without its beginning.
    url = said if "://" in said else f"https://{said}"
    known = canonical_link(url)
    if "." not in known or not url.isprintable() or len(url) > ally_echoes.LONGEST_LINK:
        raise EchoLinkInvalidError(field="links", said=said[:80])
    return Link(url, link_key(url))


def _links() -> Sequence[Link]:
    lines = request.form.get("links", "").split()
    if not lines:
        raise LinksMissingError(field="links")
    if len(lines) > ally_echoes.MOST_LINKS:
        raise EchoLinksTooManyError(field="links", limit=ally_echoes.MOST_LINKS)
    return [read_link(one) for one in lines]


def _offline() -> Offline:
    form = request.form
    medium = form.get("medium", "")
    if medium not in set(Medium) - {ONLINE}:
        raise MediumMissingError(field="medium")
    try:
        on = date.fromisoformat(form.get("on", ""))
    except ValueError:
        raise EchoDayInvalidError(field="on") from None
    reach = form.get("reach", "").strip().replace(",", "").replace(" ", "")
    try:
        people = small(reach) if reach else None
    except ValueError:
        raise EchoReachInvalidError(field="reach") from None
    return Offline(Medium(medium), form.get("place", ""), on, people)


def keep(source: Source, post_id: int | None) -> int:
    """Keep what the form tells; return how much of it is new. Raises InvalidError with its field."""
    if request.form.get("how") == "offline":
        return ally_echoes.declare_offline(db(), source, post_id, _offline(), settings().zone)
    return ally_echoes.declare_links(db(), source, post_id, _links())
