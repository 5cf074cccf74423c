"""A little of everything that open data tells, and of what it must not tell, on one database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from content_calendar.bimesters import bimester_after, bimester_of, bimester_span
from content_calendar.clock import now
from content_calendar.models.commitments import Horizon, Indicator, IndicatorValue, LineStatus, LineWord
from content_calendar.models.directory import Account, Body, Confidence, Site
from content_calendar.models.events import Event, EventKind, Goal, Measure
from content_calendar.models.local_plans import ActivityKind, LocalActivity, PartialReport, ReportStage
from content_calendar.models.people import Person
from content_calendar.models.plan import Bimester, LineOfAction, Theme, ThemeSpan
from content_calendar.models.posts import Post
from content_calendar.models.programme import Action, Edition, Milestone, Participation
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import Entry, Reading, Replication, ReplicationKind, ReplicationStage
from scheduler.readings import WINDOWS
from scheduler.results.models import Result
from tests.webapp.stage import Stage

PRIVATE_LINK = "https://red.example/persona.privada/123"
NETWORK = "otra_red"


@dataclass
class World:
    """What was made, to be asked about."""

    body: Body
    other: Body
    account: Account
    theme: Theme
    later_theme: Theme
    edition: Edition
    out: list[Publication]
    waiting: list[Publication]
    rehearsed: Publication
    replications: list[Replication]
    event: Event
    secret_event: Event


def make(session: Session) -> World:
    stage = Stage(session)
    region = stage.region("norte")
    body, other = stage.body("infoa", region), stage.body("infob")
    body.successor, body.dissolved_on = "=SUMA(1)", "2025-05"
    account = stage.account(body, NETWORK)
    account.url = f"https://red.example/{account.handle}"
    account.certified_until = now() + timedelta(days=9)
    session.add_all(
        [
            Site(owner_id=body.id, url="https://infoa.example"),
            Site(owner_id=other.id, url="https://infob.example/"),
        ]
    )
    theme, later = _themes(session)
    out = [
        stage.publication(
            account,
            text=f"Mensaje público {n}",
            url=f"https://red.example/p/{n}",
            due_at=now() - timedelta(days=n, hours=1),
        )
        for n in range(1, 5)
    ]
    waiting = [
        stage.publication(
            account, text=f"Todavía no {state.value}", state=state, url="https://red.example/no"
        )
        for state in PublicationState
        if state is not PublicationState.PUBLISHED
    ]
    rehearsed = stage.publication(stage.account(body), text="Solo ensayo")
    for row in (out[0], waiting[0]):
        session.get_one(Post, row.post_id).theme_id = theme.id
    replications = _replications(stage, out, body, other)
    _figures(session, [*out, rehearsed])
    edition = _edition(session, body)
    event, secret = _events(session, stage, body)
    indicator = Indicator(name="Confianza en las instituciones", horizon=Horizon.LONG, position=1)
    session.add(indicator)
    session.flush()
    session.add_all(
        [
            IndicatorValue(indicator_id=indicator.id, year=2020, value="41.50", rank=12, base=True),
            IndicatorValue(indicator_id=indicator.id, year=2021),
        ]
    )
    session.flush()
    return World(
        body, other, account, theme, later, edition, out, waiting, rehearsed, replications, event, secret
    )


def _themes(session: Session) -> tuple[Theme, Theme]:
    line = LineOfAction(programme="PROTAI", position=1, code="1.2.3")
    theme = Theme(
        title="Gobierno abierto",
        description='Qué es, con "comillas" y\notra línea',
        kind="campaign",
        lines=[line],
    )
    later = Theme(title="Un tema que se prepara", description="Sigue en secreto", kind="campaign")
    session.add_all([theme, later])
    session.flush()
    present = bimester_of(now().date())
    for year, number, one in ((*present, theme), (*bimester_after(*present), later)):
        first, last = bimester_span(year, number)
        bimester = Bimester(year=year, number=number, starts_on=first, ends_on=last)
        session.add(bimester)
        session.flush()
        session.add(ThemeSpan(bimester_id=bimester.id, theme_id=one.id, starts_on=first, ends_on=last))
    return theme, later


def _replications(stage: Stage, out: list[Publication], body: Body, other: Body) -> list[Replication]:
    made = [stage.replication(out[0], other, stage=one, kind=kind) for one, kind in zip(
        [ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED, ReplicationStage.DOUBTFUL,
         ReplicationStage.REJECTED, ReplicationStage.SEEN, ReplicationStage.SEEN],
        ReplicationKind, strict=True,
    )]  # fmt: skip
    feed = stage.feed(other)
    entry = stage.entry(other)
    entry.feed_id = feed.id
    pasted = stage.entry(other, "Pegada por una persona")
    links: list[tuple[str, Entry | None]] = [
        ("https://tercero.example/nota", entry),
        (PRIVATE_LINK, None),
        ("https://infob.example/nota/1?a=1", None),
        (PRIVATE_LINK, None),
        (PRIVATE_LINK, None),
        ("https://infob.example.malo/persona.privada", None),
        (PRIVATE_LINK, pasted),
    ]
    for row, (link, seen) in zip(made, links, strict=True):
        row.link, row.entry_id = link, seen.id if seen else None
        if row.stage is ReplicationStage.DECLARED:
            row.score = None
    made.append(stage.replication(out[1], body, lag=timedelta(days=2, minutes=3, seconds=30)))
    undated = stage.replication(out[2], other)
    undated.dated = False
    made += [undated, stage.replication(out[3], other, lag=timedelta(hours=-1))]
    return made


def _figures(session: Session, rows: list[Publication]) -> None:
    for n, row in enumerate(rows):
        for window in WINDOWS[:2]:
            # The first has no figure of views: its network does not give any.
            session.add(
                Result(
                    publication_id=row.id,
                    window=window.name,
                    views=None if n == 0 else 10 * n,
                    engagements=0 if n == 1 else n,
                    taken_at=now(),
                )
            )
            session.add(
                Reading(
                    publication_id=row.id,
                    window=window.name,
                    metric="likes",
                    value=n,
                    taken_at=now(),
                    source="red",
                )
            )


def _edition(session: Session, body: Body) -> Edition:
    edition = Edition(slug="plandai-prueba", name="PlanDAI de prueba")
    session.add(edition)
    session.flush()
    taking = Participation(
        edition_id=edition.id, body_id=body.id, takes_part=True, confidence=Confidence.HIGH
    )
    session.add(taking)
    actions = [
        Action(
            edition_id=edition.id, position=n, stage=1, stage_title="Etapa", title=f"Acción {n}", due_on=due
        )
        for n, due in enumerate((date(2020, 1, 1), None, date(2020, 1, 1)), 1)
    ]
    session.add_all(actions)
    session.flush()
    session.add_all(
        [
            Milestone(participation_id=taking.id, action_id=actions[0].id, done_on=date(2021, 2, 3)),
            Milestone(participation_id=taking.id, action_id=actions[2].id, note="no se hizo"),
        ]
    )
    _local_work(session, taking)
    return edition


def _local_work(session: Session, taking: Participation) -> None:
    """Let a state do something, with a name and a link that are not for everybody."""
    by = Person(email="enlace@privado.example", email_folded="enlace@privado.example", name="Enlace Privado")
    session.add(by)
    session.flush()
    deed = LocalActivity(
        participation_id=taking.id, kind=ActivityKind.TRAINING, held_on=date(2026, 1, 15), people=12, women=7, men=4,
        title="Taller de Enlace Privado, enlace@privado.example", link=PRIVATE_LINK, added_by_id=by.id,
    )  # fmt: skip
    report = PartialReport(
        participation_id=taking.id, year=2026, number=1, stage=ReportStage.ACCEPTED, delivered_by_id=by.id,
        summary="De Enlace Privado, enlace@privado.example",
    )  # fmt: skip
    line = LineOfAction(
        programme="PRUEBA", position=9, title="=Difundir", term="green", source="Plan de trabajo, parte B"
    )
    noted = LineOfAction(programme="PRUEBA", position=10, title="Apunte de la casa")
    session.add_all([deed, report, line, noted])
    session.flush()
    word = LineWord(line_id=line.id, status=LineStatus.UNDER_WAY, note="Enlace Privado", said_by_id=by.id)
    session.add(word)


def _events(session: Session, stage: Stage, body: Body) -> tuple[Event, Event]:
    session.add(Goal(title="Diez foros", kind=EventKind.FORUM, measure=Measure.EVENTS, target=10))
    session.add(Goal(title="Foros sin número", kind=EventKind.FORUM, measure=Measure.BODIES))
    return _event(session, stage, body, "Foro que ya fue", -3), _event(
        session, stage, body, "Foro que se prepara", 3
    )


def _event(session: Session, stage: Stage, body: Body, title: str, days: int) -> Event:
    at: datetime = now() + timedelta(days=days)
    event = Event(
        kind=EventKind.FORUM, title=title, starts_on=at.date(), ends_on=at.date(), starts_local="x", ends_local="x",
        zone="UTC", starts_at=at, ends_at=at + timedelta(hours=1), body_id=body.id, place="Auditorio",
        author_id=stage.person().id,
    )  # fmt: skip
    session.add(event)
    session.flush()
    return event
