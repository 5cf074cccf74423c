"""What a report is made from, read in a constant number of queries whatever was published; plain values.

All of it in one transaction: a report never shows two moments at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar.models.directory import Account, Body
from content_calendar.models.plan import (
    Bimester,
    Contribution,
    ContributionStage,
    LineOfAction,
    Theme,
    theme_line,
)
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.programme import editions
from content_calendar.programme_standing import Standing, standing_of
from content_calendar.states import PublicationState
from content_calendar.workdays import rest_days
from scheduler.relaying import days, streak
from scheduler.relaying.streak import Streak
from scheduler.replication import funnel
from scheduler.replication.funnel import Ledger
from scheduler.results import facts as results
from scheduler.results.facts import Facts
from scheduler.results.summary import Summary, summary
from scheduler.results.totalling import Totals, totals
from webapp.reporting.happenings import EventRow, events_of
from webapp.reporting.local_work import LocalWork, blank_of, local_work
from webapp.reporting.proofs import Proof, proofs_of

# The age at which publications are compared: by then nearly all that happens to one has happened.
WINDOW = "7d"
_TOGETHER = 2000
_NOT_PLANNED = (PublicationState.CANCELLED, PublicationState.EXPIRED)


@dataclass(frozen=True)
class Span:
    """The days that a report is of, both in it, by the clocks of ``zone``; ``cut_off`` is as of when."""

    first: date
    last: date
    zone: ZoneInfo
    cut_off: datetime

    @property
    def begin(self) -> datetime:
        """Return the moment at which the span begins."""
        return datetime.combine(self.first, time(), self.zone)

    @property
    def end(self) -> datetime:
        """Return the moment at which the span is over; it is not in it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone)


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body as a report names it. ``stands`` is false of one that was dissolved."""

    id: int
    slug: str
    short_name: str
    name: str
    state_iso: str
    state_name: str
    region: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A post of which something was to go out in the span, and whether anything did."""

    theme_id: int | None
    publications: int
    out: int


@dataclass(frozen=True, slots=True)
class Given:
    """A contribution to a theme of the span."""

    theme_id: int
    theme: str
    body_id: int
    stage: ContributionStage
    owed: bool
    due_on: date | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A publication that went out, and where it can be seen."""

    title: str
    account: str
    network: str
    at: datetime
    link: str


@dataclass(frozen=True)
class Material:
    """All that a report may say. ``before`` are the sums of spans to compare with, by their first and last day."""

    span: Span
    bodies: Sequence[BodyRow]
    facts: Facts
    received: Summary
    before: Sequence[tuple[date, date, Totals]]
    ledger: Ledger
    planned: Sequence[Planned]
    themes: Mapping[int, str]
    lines: Mapping[int, Sequence[LineOfAction]]
    given: Sequence[Given]
    events: Sequence[EventRow]
    kept: Streak
    grids: Sequence[Standing]
    proofs: Sequence[Proof]
    sent: Sequence[Sent]
    work: Sequence[LocalWork] = ()
    # The edition whose blank is filled in, and the hash of the blank.
    blank: tuple[str, str] = ("", "")


def gather(
    session: Session,
    span: Span,
    before: Sequence[tuple[date, date]],
    body: Body | None = None,
    bimester: tuple[int, int] | None = None,
) -> Material:
    """Return what a report of the span says: of all bodies, or of one; with its own words of a ``bimester``."""
    bodies = _bodies(session, body)
    ids = [one.id for one in bodies]
    found = results.read(session, (span.begin, span.end), WINDOW, cut_off=span.cut_off)
    ledger = funnel.read(session, funnel.Span(span.begin, span.end), ids)
    themes = {key: name for key, name in session.execute(select(Theme.id, Theme.title)).all()}  # noqa: C416 -- rows, not pairs
    received = summary(found, span.zone)
    return Material(
        span,
        bodies,
        found,
        received,
        [(*one, _totals(session, span, *one)) for one in before],
        ledger,
        _planned(session, span),
        themes,
        _lines(session),
        _given(session, span, ids),
        events_of(session, span.first, span.last, span.cut_off, body.id if body else None),
        _kept(session, span),
        _grids(session, span, body),
        proofs_of(session, [post.id for post in ledger.posts], ids),
        _sent(session, span, body, {post.id: post.title for post in ledger.posts}),
        local_work(session, body.id, (span.first, span.last), (span.begin, span.end), bimester)
        if body
        else (),
        blank_of(session, body.id, bimester) if body and bimester else ("", ""),
    )


def of_edition(material: Material, slug: str) -> Material:
    """Return the material without the other editions."""
    return replace(
        material,
        grids=[one for one in material.grids if one.edition.slug == slug],
        work=[one for one in material.work if one.edition == slug],
    )


def _bodies(session: Session, body: Body | None) -> list[BodyRow]:
    query = select(Body).options(joinedload(Body.region)).order_by(Body.state_name, Body.slug)
    if body is not None:
        query = query.where(Body.id == body.id)
    return [
        BodyRow(
            one.id, one.slug, one.short_name, one.name, one.state_iso, one.state_name,
            one.region.name if one.region else "", not one.dissolved_on,
        )
        for one in session.scalars(query)
    ]  # fmt: skip


def _totals(session: Session, span: Span, first: date, last: date) -> Totals:
    of = Span(first, last, span.zone, span.cut_off)
    return totals(session, (of.begin, of.end), WINDOW, cut_off=of.cut_off)


def _planned(session: Session, span: Span) -> list[Planned]:
    rows = session.execute(
        select(Post.id, Post.theme_id, Publication.state)
        .join(Publication, Publication.post_id == Post.id)
        .where(
            Publication.due_at >= span.begin,
            Publication.due_at < span.end,
            Publication.state.not_in(_NOT_PLANNED),
        )
        .order_by(Post.id)
    )
    found: dict[int, Planned] = {}
    for post_id, theme_id, state in rows:
        old = found.get(post_id, Planned(theme_id, 0, 0))
        found[post_id] = Planned(
            theme_id, old.publications + 1, old.out + (state is PublicationState.PUBLISHED)
        )
    return list(found.values())


def _lines(session: Session) -> dict[int, list[LineOfAction]]:
    found: dict[int, list[LineOfAction]] = {}
    for theme_id, line in session.execute(
        select(theme_line.c.theme_id, LineOfAction)
        .join(LineOfAction, LineOfAction.id == theme_line.c.line_id)
        .order_by(LineOfAction.programme, LineOfAction.position)
    ):
        found.setdefault(theme_id, []).append(line)
    return found


def _given(session: Session, span: Span, body_ids: Sequence[int]) -> list[Given]:
    rows = session.execute(
        select(
            Contribution.theme_id, Theme.title, Contribution.body_id, Contribution.stage, Contribution.owed,
            Contribution.due_on, Contribution.sent_at,
        )
        .join(Theme, Theme.id == Contribution.theme_id)
        .join(Bimester, Bimester.id == Contribution.bimester_id)
        .where(
            Bimester.starts_on >= span.first.replace(day=1), Bimester.starts_on <= span.last,
            Contribution.body_id.in_(body_ids), Contribution.stage != ContributionStage.DROPPED,
        )
        .order_by(Theme.title, Contribution.body_id, Contribution.id)
    )  # fmt: skip
    return [Given(*row) for row in rows]


def _kept(session: Session, span: Span) -> Streak:
    zone = span.zone.key
    return streak.keep_count(
        streak.Span(
            span.first, span.last, span.cut_off.astimezone(span.zone).date(), days.promised_since(session, zone)
        ),
        days.days_kept(session, span.first, span.last, zone),
        rest_days(session, span.first, span.last),
    )  # fmt: skip


def _grids(session: Session, span: Span, body: Body | None) -> list[Standing]:
    """Return the traffic light of each edition, of one body where there is one; the newest edition first."""
    today = span.cut_off.astimezone(span.zone).date()
    found = [standing_of(session, one, today) for one in editions(session)]
    if body is None:
        return found
    return [one for one in found if any(row.slug == body.slug for row in one.states)]


def _sent(session: Session, span: Span, body: Body | None, titles: Mapping[int, str]) -> list[Sent]:
    query = (
        select(
            Publication.post_id, Publication.account_id, Publication.published_at, PublicationPart.remote_url
        )
        .outerjoin(
            PublicationPart,
            (PublicationPart.publication_id == Publication.id) & (PublicationPart.n == 1),
        )
        .where(
            Publication.state == PublicationState.PUBLISHED,
            Publication.published_at >= span.begin,
            Publication.published_at < span.end,
        )
        .order_by(Publication.published_at, Publication.id)
        .execution_options(yield_per=_TOGETHER)
    )
    owned = select(Account.id, Account.handle, Account.network)
    if body is not None:
        owned = owned.where(Account.owner_id == body.id)
        query = query.where(Publication.account_id.in_(select(Account.id).where(Account.owner_id == body.id)))
    accounts = {key: (f"@{handle}", network) for key, handle, network in session.execute(owned)}
    return [
        Sent(titles[post_id], *accounts[account_id], at, link or "")
        for post_id, account_id, at, link in session.execute(query)
        if at is not None
    ]
