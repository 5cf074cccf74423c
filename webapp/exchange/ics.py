"""The calendar as iCalendar (RFC 5545), for the programs that people carry: the same days, kept up to date."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from icalendar import Calendar, Event
from sqlalchemy.orm import Session

from content_calendar import agenda
from content_calendar.agenda import Entry, Wanted
from content_calendar.calendar_facts import CalendarFacts, ContributionFact, calendar_facts
from content_calendar.event_facts import EventFact
from content_calendar.models.exchange import CalendarFeed, FeedOf
from content_calendar.models.plan import ContributionStage
from content_calendar.permissions import Permission, Rights
from content_calendar.states import PostState, PublicationState
from content_calendar.visibility import visible_states
from webapp.event_kinds import kind_name

BEHIND, AHEAD = timedelta(days=60), timedelta(days=330)
_LASTS = timedelta(minutes=15)
_ASK_AGAIN = timedelta(hours=1)
_A_DAY = timedelta(days=1)
_CERTAIN = frozenset(
    {
        PublicationState.SCHEDULED,
        PublicationState.PUBLISHED,
        PublicationState.CLAIMED,
        PublicationState.SENDING,
    }
)
_OVER = frozenset({PublicationState.CANCELLED, PublicationState.EXPIRED, PublicationState.FAILED})
_OPEN = frozenset({ContributionStage.ASKED, ContributionStage.RETURNED})


@dataclass(frozen=True)
class Told:
    """What a feed tells: the days it reaches, whose rights it has, and how pages and bodies are named."""

    feed: CalendarFeed
    name: str
    rights: Rights
    slugs: frozenset[str]
    today: date
    page_of: Callable[[str, str], str]


def content(session: Session, told: Told) -> tuple[Calendar, str]:
    """Return the calendar of a feed and the tag of what it says: nine queries, however much there is."""
    first, last = told.today - BEHIND, told.today + AHEAD
    feed = told.feed
    wanted = Wanted(
        theme_ref=feed.subject if feed.of is FeedOf.THEME else "",
        account_ref=feed.subject if feed.of is FeedOf.ACCOUNT else "",
        body_slug=feed.subject if feed.of is FeedOf.BODY else "",
    )
    events = list(_posts(agenda.entries(session, first, last, wanted, visible_states(told.rights)), told))
    if feed.of is not FeedOf.ACCOUNT:
        facts = calendar_facts(session, first, last, body_slug=wanted.body_slug, theme_ref=wanted.theme_ref)
        events += _days(facts, told)
    made = _calendar(told.name)
    for event in events:
        made.add_component(event)
    tag = hashlib.sha256(made.to_ical()).hexdigest()
    return made, tag


def finished(made: Calendar, changed_at: datetime) -> bytes:
    """Return the calendar as text, each event stamped with the moment since which the feed says this."""
    for event in made.walk("VEVENT"):
        event.add("dtstamp", changed_at.replace(microsecond=0))
    made.add_missing_timezones()
    text: bytes = made.to_ical()
    return text


def _calendar(name: str) -> Calendar:
    made = Calendar()
    made.add("prodid", "-//Resuena//Calendario//ES")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    # What programs show as the calendar's name, and how often they ask (RFC 7986).
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", _ASK_AGAIN)
    return made


def _posts(entries: list[Entry], told: Told) -> Iterator[Event]:
    seen: dict[str, int] = {}
    for one in entries:
        # A post may go out at several moments; each keeps its name while the others move.
        seen[one.post_ref] = nth = seen.get(one.post_ref, 0) + 1
        begins = one.local.replace(tzinfo=ZoneInfo(one.zone))
        event = Event()
        event.add("uid", f"publicacion-{one.post_ref}{f'-{nth}' if nth > 1 else ''}@resuena")
        event.add("summary", one.title)
        event.add("dtstart", begins)
        event.add("dtend", begins + _LASTS)
        accounts = ", ".join(dict.fromkeys(f"@{handle.lstrip('@')}" for handle in one.accounts))
        if accounts:
            event.add("description", gettext("Sale en %(accounts)s", accounts=accounts))
        event.add("status", _status(one))
        event.add("categories", [gettext("Publicación")])
        event.add("transp", "TRANSPARENT")
        event.add("url", told.page_of("calendar.post", one.post_ref))
        yield event


def _status(one: Entry) -> str:
    if one.state in _OVER:
        return "CANCELLED"
    return "CONFIRMED" if one.state in _CERTAIN or one.state is PostState.APPROVED else "TENTATIVE"


def _days(facts: CalendarFacts, told: Told) -> Iterator[Event]:
    page_of = told.page_of
    if told.feed.of in {FeedOf.ALL, FeedOf.THEME}:
        for span in facts.spans:
            url = page_of("calendar.theme", span.theme_ref)
            yield _day(f"tema-{span.ref}", span.title, span.starts_on, span.ends_on, gettext("Tema"), url)
    for happening in facts.events:
        yield _event(happening, page_of("events.event", happening.ref))
    for owed in facts.contributions:
        if owed.stage in _OPEN and _reads(owed, told):
            said = gettext("Aporte de %(body)s: %(theme)s", body=owed.body_name, theme=owed.theme_title)
            url = page_of("calendar.contribution", owed.ref)
            yield _day(f"aporte-{owed.ref}", said, owed.due_on, owed.due_on, gettext("Aporte"), url)
    if told.feed.of is FeedOf.THEME:
        return
    for silence in facts.silences:
        said = gettext("Veda: %(reason)s", reason=silence.reason)
        yield _day(f"veda-{silence.ref}", said, silence.starts_on, silence.ends_on, gettext("Veda"))
    for one in facts.observances if told.feed.of is FeedOf.ALL else ():
        uid = f"efemeride-{one.slug}-{one.starts_on.year}"
        yield _day(uid, one.name, one.starts_on, one.ends_on, gettext("Efeméride"))


def _event(one: EventFact, url: str) -> Event:
    said = f"{kind_name(one.kind)}: {one.title}"
    if one.deadline:
        said = f"{one.deadline}: {one.title}"
    uid = f"evento-{one.ref}{f'-{one.deadline_ref}' if one.deadline else ''}"
    event = _day(uid, said, one.starts_on, one.ends_on, gettext("Evento"), url)
    if not (one.all_day or one.deadline):
        zone = ZoneInfo(one.zone)
        for name, local in (("dtstart", one.local), ("dtend", one.ends_local)):
            event.pop(name)
            event.add(name, datetime.fromisoformat(local).replace(tzinfo=zone))
    if one.place:
        event.add("location", one.place)
    event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
    return event


def _reads(owed: ContributionFact, told: Told) -> bool:
    return told.rights.can(Permission.ASK_CONTRIBUTIONS) or owed.body_slug in told.slugs


def _day(uid: str, summary: str, first: date, last: date, kind: str, url: str = "") -> Event:
    event = Event()
    event.add("uid", f"{uid}@resuena")
    event.add("summary", summary)
    event.add("dtstart", first)
    # The end of days is the day after (RFC 5545, 3.6.1).
    event.add("dtend", last + _A_DAY)
    event.add("categories", [kind])
    event.add("transp", "TRANSPARENT")
    if url:
        event.add("url", url)
    return event
