"""What the pages of replications are asked for: a bimester, narrowed by theme, campaign, region, network, form."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import request
from flask_babel import gettext
from sqlalchemy import ColumnElement, select

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.models.directory import Account, Body
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, post_campaign
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import ReplicationKind
from scheduler.replication.funnel import Span
from webapp import dates
from webapp.calendar.periods import bimester_title
from webapp.dashboards.echo_words import KINDS
from webapp.dashboards.figures import span_moments
from webapp.inputs import small
from webapp.letters import network_name
from webapp.session import db

_LONGEST = 80
_BIMESTERS_BACK = 12
_NAMES = ("tema", "campana", "region", "red", "forma")
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """A bimester and its filters as the address gives them; empty ones narrow nothing."""

    year: int
    number: int
    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, date]:
        """Return the bimester's first and last day."""
        return bimester_span(self.year, self.number)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Return when the bimester begins and ends in the reader's zone."""
        return span_moments(*self.days)

    @property
    def kind(self) -> ReplicationKind | None:
        """Return the form that is asked for."""
        form = self.said["forma"]
        return ReplicationKind(form) if form in set(ReplicationKind) else None

    @property
    def span(self) -> Span:
        """Return which posts are asked for."""
        said = self.said
        return Span(*self.moments, said["tema"], said["campana"], said["red"], self.kind)

    @property
    def given(self) -> dict[str, str]:
        """Return the filters that narrow, to be kept in an address."""
        return {name: value for name, value in self.said.items() if value}

    @property
    def word(self) -> str:
        """Return the bimester as addresses write it."""
        return f"{self.year}-{self.number}"


def bimester_asked() -> tuple[int, int]:
    """Return the bimester that the address asks for, or the one of today. Raises UnknownBimesterError."""
    year, number = bimester_of(now().astimezone(dates.zone()).date())
    asked = request.args.get("bimestre", "").partition("-")
    with suppress(ValueError):
        year, number = small(asked[0]), small(asked[2])
    bimester_span(year, number)
    return year, number


def asked() -> Asked:
    """Return what the address asks for."""
    said = {name: request.args.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    return Asked(*bimester_asked(), said)


def narrowed(bodies: Sequence[Body], region: str) -> list[Body]:
    """Return the bodies of that region that stand; of all regions without one."""
    return [
        body
        for body in bodies
        if not body.dissolved_on and (not region or (body.region is not None and body.region.slug == region))
    ]


def options(wanted: Asked, bodies: Sequence[Body]) -> dict[str, Options]:
    """Return what each filter offers: what there is in the bimester, among these bodies. Three queries."""
    start, end = wanted.moments
    out: tuple[ColumnElement[bool], ...] = (
        Publication.state == PublicationState.PUBLISHED,
        Publication.published_at >= start,
        Publication.published_at < end,
    )
    posts = select(Publication.post_id).where(*out)
    themes = db().execute(
        select(Theme.ref, Theme.title)
        .where(Theme.id.in_(select(Post.theme_id).where(Post.id.in_(posts))))
        .order_by(Theme.title)
    )
    campaigns = db().execute(
        select(Campaign.slug, Campaign.name)
        .where(Campaign.id.in_(select(post_campaign.c.campaign_id).where(post_campaign.c.post_id.in_(posts))))
        .order_by(Campaign.name)
    )
    networks = db().scalars(
        select(Account.network)
        .where(Account.id.in_(select(Publication.account_id).where(*out)))
        .distinct()
        .order_by(Account.network)
    )
    return {
        "tema": [(ref, title) for ref, title in themes],
        "campana": [(slug, name) for slug, name in campaigns],
        "region": regions_of(bodies),
        "red": [(slug, network_name(slug)) for slug in networks],
        "forma": [(kind.value, gettext(word)) for kind, word in KINDS.items()],
        "bimestre": _bimesters(wanted),
    }


def regions_of(bodies: Sequence[Body]) -> list[tuple[str, str]]:
    """Return the regions that these bodies are of, by name."""
    found = {body.region.slug: body.region.name for body in bodies if body.region is not None}
    return sorted(found.items(), key=lambda one: one[1])


def _bimesters(wanted: Asked) -> Options:
    today = bimester_of(now().astimezone(dates.zone()).date())
    listed = {bimester_after(*today, -n) for n in range(_BIMESTERS_BACK)} | {(wanted.year, wanted.number)}
    return [
        (f"{year}-{number}", bimester_title(year, number)) for year, number in sorted(listed, reverse=True)
    ]
