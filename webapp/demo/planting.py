"""Plant the demonstration, through the same functions that people's clicks call."""

import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import library
from assets.labels import Label
from assets.models import People
from assets.object_storage import chosen
from content_calendar import clock, contributions, directory, epoch, people, planning, posts, review
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.content import Content, Medium, PostKind
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body
from content_calendar.models.jobs import Installation
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post
from content_calendar.permissions import Role
from content_calendar.posts import Draft, Due
from content_calendar.settings import Settings
from content_calendar.states import PostState
from content_calendar.vault import Vault
from scheduler.listening import entries
from scheduler.listening.parsing import ParsedEntry
from scheduler.models import Feed, FeedStage, ReplicationKind
from scheduler.networks import network
from scheduler.replication.declaring import declare
from scheduler.replication.ledger import Matcher
from webapp.account.passwords import make
from webapp.calendar.scheduling import schedule_now
from webapp.demo.allies import plant_allies
from webapp.demo.commitments import plant_commitments
from webapp.demo.dialogue import speak, talk
from webapp.demo.echoing import plant_ledger
from webapp.demo.events import plant_events
from webapp.demo.filling import plant_filling
from webapp.demo.finding import plant_findings
from webapp.demo.following import plant_following
from webapp.demo.pictures import picture
from webapp.demo.received import plant_received
from webapp.demo.relaying import WireStage, plant_wire
from webapp.demo.reporting import plant_reports
from webapp.demo.sendings import hold_alike, hold_by_hand, miss, send
from webapp.demo.standing import plant_standing
from webapp.demo.telling import plant_telling
from webapp.demo.texts import ANSWERS, ECHOES, EXAMPLES, OTHER_NOTES, PAST, THEMES, Example, Fate
from webapp.demo.versions import write_versions
from webapp.demo.withdrawal import withdraw_consent
from webapp.session import hash_password

_MEMBERS = ("infonl", "infocdmx", "cotaipec", "infocol", "ichitaip", "iaiptlaxcala", "infoem", "itei")
_SEED = 20261122
_PEOPLE = (
    ("ana", "Ana Robles", Role.EDITOR),
    ("luz", "Luz Ferrer", Role.COORDINATOR),
    ("tere", "Tere Campos", Role.REGIONAL),
    ("beto", "Beto Garza", Role.LIAISON),
)


@dataclass(frozen=True)
class Stage:
    """What the demonstration plays on."""

    session: Session
    settings: Settings
    today: date
    team: dict[str, Person]
    accounts: list[Account]
    campaigns: dict[str, Campaign]
    themes: dict[str, Theme]

    def moment(self, days: int, hour: int) -> Due:
        """Return a day counted from today, at that hour of the commission."""
        local = datetime.combine(self.today, datetime.min.time()) + timedelta(days=days, hours=hour)
        return Due(
            local.replace(tzinfo=ZoneInfo(self.settings.zone)).astimezone(UTC), local, self.settings.zone
        )


def plant_demo(database: Database, settings: Settings) -> None:
    """Plant the demonstration once; a second time nothing changes."""
    with database.reading() as session:
        planted = session.scalars(select(Installation.demo)).first()
    if planted:
        return
    today = clock.now().astimezone(ZoneInfo(settings.zone)).date()
    with database.transaction() as session:
        team = _people(session, settings.data, today)
        stage = Stage(
            session,
            settings,
            today,
            team,
            list(session.scalars(select(Account).where(Account.connected_at.is_not(None)))),
            {one.slug: one for one in session.scalars(select(Campaign))},
            _themes(session, today, team["ana"]),
        )
        _contributions(stage)
        speak(session, stage.themes, team["ana"])
        for example in PAST:
            _play(stage, 0, example)
        out = [_play(stage, number, example) for number, example in enumerate(EXAMPLES)]
        tips = {example.title: post for example, post in out if example.theme == "tips"}
        talk(session, tips, team)
        _echo(stage, [pair for pair in out if pair[0].fate is Fate.OUT])
        plant_wire(WireStage(session, settings, team, stage.campaigns, today))
        plant_events(session, team, stage.themes, stage.campaigns, today, settings.zone)
        plant_standing(session, team, today)
        plant_filling(session, team)
        epoch.installation(session).demo = True
    Matcher().match(database)
    _declare(database, [post for example, post in out if example.fate is Fate.OUT][:3], team["beto"])
    plant_findings(database, settings, [post for example, post in out if example.fate is Fate.OUT], team)
    write_versions(database, "Cómo preguntar", team)
    withdraw_consent(database, settings, "Foro de gobierno abierto", team)
    plant_allies(database, settings, team)
    with database.transaction() as session:
        plant_received(session, today)
        plant_reports(session, today, team)
    plant_ledger(database, team)
    plant_commitments(database, settings, team, today)
    ahead = next(post for example, post in out if example.fate is Fate.AHEAD)
    done = [post for example, post in out if example.fate is Fate.OUT]
    plant_following(database, settings, team, done, ahead)
    with database.transaction() as session:
        plant_telling(session, Vault(settings.data), team["beto"])


def _people(session: Session, data: Path, today: date) -> dict[str, Person]:
    password = make()
    body = directory.find_body(session, "infonl")
    team = {}
    for slug, name, role in _PEOPLE:
        email = f"{slug}@resuena.local"
        person = people.add(session, email, name, hash_password(password))
        people.grant(
            session,
            person,
            role,
            on=today - timedelta(days=330),
            body_id=body.id if role is Role.LIAISON else None,
            region_id=body.region_id if role is Role.REGIONAL else None,
        )
        team[slug] = person
    file = data / "primera-entrada.txt"
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as written:
        for person in team.values():
            written.write(f"{person.email}\n{password}\n")
    return team


def _themes(session: Session, today: date, by: Person) -> dict[str, Theme]:
    themes = {}
    for slug, title, colour, start, end in THEMES:
        theme = planning.make_theme(session, planning.ThemeFields(title, colour=colour), actor_ref=by.ref)
        themes[slug] = theme
        for year, number in {bimester_of(today + timedelta(days=day)) for day in (start, end)}:
            first, last = bimester_span(year, number)
            starts_on = max(today + timedelta(days=start), first)
            ends_on = min(today + timedelta(days=end), last)
            planning.place_theme(
                session,
                planning.open_bimester(session, year, number),
                theme,
                starts_on,
                ends_on,
                actor_ref=by.ref,
            )
    return themes


def _contributions(stage: Stage) -> None:
    session, ana = stage.session, stage.team["ana"]
    bodies = [body for body in session.scalars(select(Body).order_by(Body.id)) if body.slug in _MEMBERS]
    for body in bodies:
        directory.join_commission(
            session, body, stage.today - timedelta(days=60), source="Demostración", actor_ref=ana.ref
        )
    bimester = planning.bimester_for(session, stage.today)
    for slug, days in (("tips", 6), ("gira", -2)):
        asked = contributions.ask(
            session,
            bimester,
            stage.themes[slug],
            bodies,
            ana,
            "Mándanos un caso o una fecha de tu estado, con permiso de quien aparece.",
            stage.today + timedelta(days=days),
        )
        for number, contribution in enumerate(asked[: len(ANSWERS)]):
            contributions.send(session, contribution, stage.team["beto"], ANSWERS[number])
            if number == 0:
                contributions.accept(session, contribution, ana)


def _play(stage: Stage, number: int, example: Example) -> tuple[Example, Post]:
    due = stage.moment(example.days, example.hour)
    written_at = min(due.at, clock.now()) - timedelta(days=2)
    with clock.standing_at(written_at):
        post = posts.create(stage.session, stage.team["ana"], _draft(stage, number, example, due))
        if example.fate is not Fate.DRAFT:
            asked = review.submit(stage.session, post, stage.team["ana"], [])
            if example.fate is Fate.RETURNED:
                review.return_to_author(
                    stage.session,
                    asked,
                    post,
                    stage.team["luz"],
                    "Agrega dónde se pueden escuchar los spots.",
                )
            elif example.fate is not Fate.IN_REVIEW:
                review.approve(stage.session, asked, post, stage.team["luz"], asked.content_hash)
                schedule_now(stage.session, post, stage.team["luz"], stage.settings.lateness)
    if example.fate is Fate.OUT:
        send(stage.session, post, due.at)
    elif example.fate is Fate.MISSED:
        miss(stage.session)
    elif example.fate is Fate.BY_HAND:
        hold_by_hand(stage.session, post, due.at)
    elif example.fate is Fate.ALIKE:
        hold_alike(stage.session, post, _last_out(stage.session), due.at)
    return example, post


def _last_out(session: Session) -> Post:
    """Return the post that went out last."""
    return session.scalars(
        select(Post).where(Post.state == PostState.DONE).order_by(Post.due_at.desc()).limit(1)
    ).one()


def _draft(stage: Stage, number: int, example: Example, due: Due) -> Draft:
    by_itself = example.fate is not Fate.BY_HAND
    accounts = [one for one in stage.accounts if network(one.network).automatic == by_itself]
    media: tuple[Medium, ...] = ()
    if example.picture:
        taken = library.take_in(chosen(stage.settings), picture(number), f"ejemplo-{number}.png")
        added = library.add_image(
            stage.session,
            taken,
            Label(alt_text=example.picture, title=example.title, licence="CC BY 4.0", people=People.NONE),
            stage.team["ana"],
        )
        media = (Medium(added.asset.ref, added.version.n, added.version.sha256, example.picture),)
    return Draft(
        Content(
            (example.text, *example.more),
            kind=_kind(example),
            media=media,
            accounts=tuple(one.ref for one in accounts),
            target=example.quoted,
        ),
        account_ids=[one.id for one in accounts],
        title=example.title,
        theme_id=stage.themes[example.theme].id,
        campaign_ids=[stage.campaigns[example.campaign].id],
        due=due,
    )


def _kind(example: Example) -> PostKind:
    if example.more:
        return PostKind.THREAD
    return PostKind.QUOTE if example.quoted else PostKind.POST


def _echo(stage: Stage, out: list[tuple[Example, Post]]) -> None:
    chance = Random(_SEED)  # noqa: S311 -- examples, the same at every start
    bodies = [body for body in stage.session.scalars(select(Body).order_by(Body.id)) if not body.dissolved_on]
    notes: dict[int, list[ParsedEntry]] = {body.id: [] for body in bodies}
    for example, post in out:
        for body in chance.sample(bodies, min(example.echoes, len(bodies))):
            assert post.due_at is not None  # noqa: S101 -- every example that is out had its hour
            at = min(post.due_at + timedelta(minutes=chance.randint(20, 2600)), clock.now())
            first = re.split(r"(?<=[.?!]) ", example.text)[0]
            text = chance.choice(ECHOES).format(text=example.text, first=first)
            notes[body.id].append(_note(body, f"{post.ref}", example.title, text, at))
    for number, body in enumerate(bodies):
        at = clock.now() - timedelta(hours=5 * number + 3)
        notes[body.id].append(_note(body, f"nota-{number}", OTHER_NOTES[number % len(OTHER_NOTES)], "", at))
        feed = Feed(
            owner_id=body.id,
            url=f"https://{body.slug}.example/rss",
            title=body.short_name,
            stage=FeedStage.PAUSED,
        )
        stage.session.add(feed)
        stage.session.flush()
        entries.keep(stage.session, body.id, feed.id, notes[body.id], clock.now())


def _declare(database: Database, out: list[Post], by: Person) -> None:
    with database.transaction() as session:
        body = directory.find_body(session, "infonl")
        for number, post in enumerate(out, start=1):
            link = f"https://redes.example/infonl/{number}"
            declare(session, by, post_id=post.id, body_id=body.id, link=link, kind=ReplicationKind.ADAPTED)


def _note(body: Body, slug: str, title: str, text: str, at: datetime) -> ParsedEntry:
    return ParsedEntry(
        title=title,
        link=f"https://{body.slug}.example/notas/{slug}",
        summary=text,
        published_at=at,
        author="",
        guid=None,
    )
