"""The wire of the demonstration: days on which something was replicated, one that was missed, and who comes next."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock, posts, review
from content_calendar.content import Content, PostKind
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post
from content_calendar.posts import Draft, Due
from content_calendar.settings import Settings
from content_calendar.workdays import rest_days
from scheduler.listening import entries
from scheduler.listening.parsing import ParsedEntry
from scheduler.models import Entry, Feed, FeedStage
from scheduler.networks import network
from scheduler.relaying import judging, relays
from scheduler.relaying.relays import Declared
from scheduler.relaying.streak import is_off
from webapp.calendar.scheduling import schedule_now
from webapp.demo.sendings import send
from webapp.demo.texts import RELAYED, WIRE_NOTES
from webapp.wire import wording

_DAYS = 34
# Counted in working days from yesterday back: the day that nobody kept.
_MISSED = 6
_HOUR = 12


@dataclass(frozen=True)
class WireStage:
    """What the wire of the demonstration plays on."""

    session: Session
    settings: Settings
    team: dict[str, Person]
    campaigns: dict[str, Campaign]
    today: date


def plant_wire(stage: WireStage) -> None:
    """Plant notes of bodies, a commission and a coordination, and what was replicated of late."""
    for slug, hours, title, link, text in WIRE_NOTES:
        owner = stage.session.scalars(select(Owner).where(Owner.slug == slug)).one()
        at = clock.now() - timedelta(hours=hours)
        note = ParsedEntry(
            title=title, link=link, summary=text, published_at=at, author="", guid=None
        )  # fmt: skip
        entries.keep(stage.session, owner.id, _feed(stage.session, owner).id, [note], clock.now())
    _replicate(stage)
    judging.judge(stage.session, judging.current(stage.session, stage.settings.zone))


def _feed(session: Session, owner: Owner) -> Feed:
    known = session.scalars(select(Feed).where(Feed.owner_id == owner.id)).first()
    if known is None:
        known = Feed(
            owner_id=owner.id,
            url=f"https://{owner.slug}.example/rss",
            title=owner.short_name,
            stage=FeedStage.PAUSED,
        )
        session.add(known)
        session.flush()
    return known


def _replicate(stage: WireStage) -> None:
    first = stage.today - timedelta(days=_DAYS)
    holidays = rest_days(stage.session, first, stage.today)
    days = [stage.today - timedelta(days=n) for n in range(1, _DAYS + 1)]
    working = [day for day in days if not is_off(day, holidays)]
    weekend = next(day for day in days if day.weekday() >= 5)  # noqa: PLR2004 -- a Saturday or a Sunday
    kept = [*(day for n, day in enumerate(working, start=1) if n != _MISSED), weekend]
    bodies = list(stage.session.scalars(select(Body).where(Body.dissolved_on == "").order_by(Body.id.desc())))
    for number, (day, body, kind) in enumerate(
        zip(kept, cycle(bodies), cycle((PostKind.POST, PostKind.REPOST, PostKind.POST))), start=1
    ):
        with clock.standing_at(_moment(stage, day)):
            if number <= len(RELAYED):
                _publish(stage, body, RELAYED[number - 1], day)
            else:
                link = f"https://redes.example/comision/{number}"
                said = Declared(body, kind, day, "", link)
                relays.declare(stage.session, said, stage.team["ana"], day)


def _moment(stage: WireStage, day: date) -> datetime:
    return datetime.combine(day, time(_HOUR), ZoneInfo(stage.settings.zone)).astimezone(UTC)


def _publish(stage: WireStage, body: Body, title: str, day: date) -> None:
    """Let a post made of a note of the body have gone out that day, through the rehearsal."""
    session, ana, luz = stage.session, stage.team["ana"], stage.team["luz"]
    at = _moment(stage, day)
    entry = _noted(session, body, title, at - timedelta(hours=5))
    with clock.standing_at(at - timedelta(hours=4)):
        taken = relays.take(session, entry, PostKind.POST, lambda: _write(stage, entry, at))
        asked = review.submit(session, taken.post, ana, [])
        review.approve(session, asked, taken.post, luz, asked.content_hash)
        schedule_now(session, taken.post, luz, stage.settings.lateness)
    send(session, taken.post, at)


def _noted(session: Session, body: Body, title: str, at: datetime) -> Entry:
    link = f"https://{body.slug}.example/notas/cable-{at:%m%d}"
    note = ParsedEntry(
        title=title, link=link, summary="", published_at=at, author="", guid=None
    )  # fmt: skip
    entries.keep(session, body.id, _feed(session, body).id, [note], at)
    return session.scalars(
        select(Entry).where(Entry.link == link).options(joinedload(Entry.owner))
    ).one()  # fmt: skip


def _write(stage: WireStage, entry: Entry, at: datetime) -> Post:
    tags = [stage.campaigns["vinculacionsnt"]]
    accounts = [
        one
        for one in stage.session.scalars(select(Account).where(Account.connected_at.is_not(None)))
        if network(one.network).automatic
    ]
    local = at.astimezone(ZoneInfo(stage.settings.zone)).replace(tzinfo=None)
    said = wording.told(entry.title, entry.link, entry.owner.short_name, tags)
    draft = Draft(
        Content((said,), accounts=tuple(one.ref for one in accounts)),
        account_ids=[one.id for one in accounts],
        title=f"{entry.owner.short_name}: {entry.title}",
        campaign_ids=[one.id for one in tags],
        due=Due(at, local, stage.settings.zone),
        origin_url=entry.link,
    )
    return posts.create(stage.session, stage.team["ana"], draft)
