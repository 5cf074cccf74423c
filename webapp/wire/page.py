"""Cable: what others publish, the newest first, by day; whose turn it is; from a note to a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.content import PostKind
from content_calendar.models.directory import Owner
from content_calendar.permissions import Permission
from scheduler.models import Feed, FeedStage
from scheduler.networks import networks
from scheduler.powers import OpensComposer
from scheduler.relaying import judging
from scheduler.relaying.relays import remote_post
from scheduler.relaying.topics import plain
from webapp import dates
from webapp.doors import door
from webapp.outlets import Outlet
from webapp.session import db, needs, settings, viewer
from webapp.wire import glance, listing, words
from webapp.wire.doors import blueprint
from webapp.wire.drafting import own_outlets
from webapp.wire.listing import Row

_P = Permission
_PAGE = 30
_SUMMARY = 420


@dataclass(frozen=True)
class Sharing:
    """How a note that is a post of a network can be shared: by a post of ours, or by a person there."""

    network: str
    kinds: frozenset[PostKind]
    quote_url: str = ""


@dataclass(frozen=True)
class Card:
    """A note as its card shows it."""

    row: Row
    deeds: listing.Deeds
    summary: str
    sharing: Sharing | None
    why: str


def _cards(rows: Sequence[Row], themes: judging.Themes) -> list[Card]:
    deeds = listing.deeds(db(), [row.entry.id for row in rows], viewer().rights)
    ours = own_outlets() if viewer().can(_P.WRITE_POSTS) else []
    return [_card(row, deeds[row.entry.id], ours, themes) for row in rows]


def _card(row: Row, deeds: listing.Deeds, ours: Sequence[Outlet], themes: judging.Themes) -> Card:
    entry = row.entry
    if row.theme is None and not row.decided and (found := themes.suggest(entry)) is not None:
        # It came after the last comparison.
        theme = next(one for one in themes.listed if one.id == found.theme_id)
        row = Row(entry, theme, found.words)
    summary = " ".join(plain(entry.summary).split())
    cut = summary if len(summary) <= _SUMMARY else summary[:_SUMMARY].rsplit(" ", 1)[0] + "…"
    return Card(row, deeds, cut, _sharing(entry.link, ours), words.for_words(list(row.words)))


def _sharing(link: str, ours: Sequence[Outlet]) -> Sharing | None:
    found = remote_post(link)
    if found is None:
        return None
    network = networks()[found[0]]
    kinds = frozenset(
        kind
        for one in ours
        if one.slug == network.slug
        for kind in (PostKind.REPOST, PostKind.QUOTE)
        if kind in one.publisher.kinds
    )
    by_hand = isinstance(network, OpensComposer) and PostKind.QUOTE not in kinds
    return Sharing(network.name, kinds, network.compose_link(link) if by_hand else "")  # type: ignore[attr-defined] # it was asked above


def _by_day(cards: Sequence[Card]) -> list[tuple[str, date, list[Card]]]:
    zone, today = dates.zone(), now().astimezone(dates.zone()).date()
    days = groupby(cards, key=lambda card: card.row.entry.published_at.astimezone(zone).date())
    return [(words.day_heading(day, today), day, list(some)) for day, some in days]


def _options(owners: Sequence[Owner]) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in owners:
        groups.setdefault(gettext(words.OWNERS[one.kind]), []).append((one.slug, one.short_name))
    return groups


@blueprint.get("/cable")
@needs(_P.VIEW_WIRE)
def cable() -> str:
    """Show what others publish, the newest first."""
    asked = listing.asked()
    filters = {name: value for name, value in asked.items() if value}
    after = listing.place_of(db(), ref) if (ref := request.args.get("despues", "")) else None
    found = listing.rows(db(), listing.conditions(asked), after, _PAGE + 1)
    themes = judging.current(db(), settings().zone)
    older = dict[str, Any](filters, despues=found[_PAGE - 1].entry.ref) if len(found) > _PAGE else {}
    failing = select(func.count(Feed.id)).where(Feed.failures > 0, Feed.stage == FeedStage.ACTIVE)
    return render_template(
        "wire/cable.html",
        days=_by_day(_cards(found[:_PAGE], themes)),
        more=url_for(".cable", **older) if older else "",
        asked=asked,
        filtered=bool(filters),
        later=after is not None,
        newest_url=url_for(".cable", **dict[str, Any](filters)),
        owners=_options(listing.owners(db())),
        regions=[(one.slug, one.name) for one in directory.regions(db())],
        themes=[(one.ref, one.title) for one in themes.listed],
        groups=[(value, gettext(said)) for value, said in words.OWNER_GROUPS],
        # Where links are pasted is another part's page.
        paste_url=door("directory.paste_link") if viewer().can(_P.EDIT_FEEDS) else "",
        failing=db().scalar(failing) or 0,
        seen=glance.glance(),
        words=words,
        reasons=[(one.value, gettext(said)) for one, said in words.REASONS.items()],
        may_write=viewer().can(_P.WRITE_POSTS),
        may_hide=viewer().can(_P.EDIT_FEEDS),
        here=request.full_path.rstrip("?"),
        cut_off=now(),
    )
