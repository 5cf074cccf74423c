"""A bimester on a database, and what one counts in it by hand: rows first, figures from them the plain way."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.plan import LineOfAction, Theme
from content_calendar.models.posts import Post
from content_calendar.models.reports import ReportKind
from content_calendar.states import PublicationState
from scheduler.models import Reading, ReplicationKind, ReplicationStage
from scheduler.results.models import Followers
from scheduler.results.pivot import pivot
from tests.webapp.stage import Stage
from webapp.reporting.document import Document, as_json, from_json, hash_of
from webapp.reporting.gathering import Material, Span, gather
from webapp.reporting.wording import Wording, wording
from webapp.reporting.writing import Subject, days_before, days_of, document

ZONE = ZoneInfo("America/Mexico_City")
BIMESTER = Subject(ReportKind.BIMONTHLY, 2026, 5)
CUT_OFF = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://x.example") #strong[x] $a$ <b>&amp; {{ 7*7 }} \\ @p \u202eñandú 📢 漢字'


@dataclass
class Planted:
    """What was planted: of each publication its theme, account, engagements; of each post who took it up."""

    bodies: list[Body] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    posts: list[int] = field(default_factory=list)
    # Post, theme, network, engagements at seven days, kept its hour.
    out: list[tuple[int, int, str, int | None, bool]] = field(default_factory=list)
    planned_not_out: list[int] = field(default_factory=list)
    # Post, body, lag in hours, kind: the first of each pair.
    taken: dict[tuple[int, int], tuple[float, ReplicationKind]] = field(default_factory=dict)


def plant(session: Session, seed: int = 5) -> Planted:
    """Write a bimester of thirty posts on three bodies' accounts, with holes in it."""
    chance = Random(seed)  # noqa: S311 -- chance to be had again, no secret
    stage, told = Stage(session), Planted()
    region = stage.region(f"centro{seed}")
    told.bodies = [stage.body(f"cuerpo-{seed}-{n}", region) for n in range(4)]
    for body, code in zip(told.bodies, ("MX-NLE", "MX-YUC", "MX-CMX", "MX"), strict=True):
        body.state_iso, body.state_name = code, f"Estado {code}"
    networks = ("rehearsal", "by_hand", "rehearsal")
    accounts = [stage.account(body, network) for body, network in zip(told.bodies, networks, strict=False)]
    told.themes = [Theme(title=HOSTILE if n == 0 else f"Tema {n}") for n in range(3)]
    line = LineOfAction(programme=f"plan{seed}", position=1, title="Difundir los derechos")
    told.themes[1].lines = [line]
    session.add_all(told.themes)
    session.flush()
    session.add_all(
        Followers(account_id=one.id, on=date(2026, 8, 1), value=1000, source="x") for one in accounts
    )
    for n in range(30):
        at = datetime(2026, 9, 1, 16, tzinfo=UTC) + timedelta(days=2 * n, hours=n % 7)
        account = accounts[n % 3]
        row = stage.publication(account, due_at=at)
        post = session.get_one(Post, row.post_id)
        post.theme_id, post.title = (
            told.themes[n % 3].id,
            HOSTILE if n == 3 else f"Publicación {n} de septiembre",
        )
        kept = chance.random() < 0.8
        row.published_at = at if kept else at + timedelta(hours=2)
        engagements = None
        if n % 4:
            likes, replies = chance.randint(1, 90), chance.randint(0, 9)
            engagements = likes + replies
            for metric, value in (("likes", likes), ("replies", replies)):
                session.add(
                    Reading(
                        publication_id=row.id,
                        window="7d",
                        metric=metric,
                        value=value,
                        taken_at=at,
                        source="x",
                    )
                )
            session.flush()
            pivot(session, [(row.id, "7d")])
        told.posts.append(post.id)
        told.out.append((post.id, told.themes[n % 3].id, account.network, engagements, kept))
        for body in told.bodies:
            if chance.random() < 0.4:
                lag, kind = chance.randint(1, 90), chance.choice([ReplicationKind.COPY, ReplicationKind.NOTE])
                sure = chance.choice([ReplicationStage.SEEN, ReplicationStage.CONFIRMED])
                stage.replication(row, body, sure, kind, timedelta(hours=lag))
                told.taken[post.id, body.id] = (float(lag), kind)
            elif chance.random() < 0.2:
                stage.replication(row, body, ReplicationStage.DOUBTFUL)
    for n in range(4):
        held = stage.publication(
            accounts[n % 3], state=PublicationState.HELD, due_at=datetime(2026, 10, 5, 16 + n, tzinfo=UTC)
        )
        session.get_one(Post, held.post_id).theme_id = told.themes[1].id
        told.planned_not_out.append(held.post_id)
    session.flush()
    return told


def gathered(database: Database, subject: Subject = BIMESTER, body: Body | None = None) -> Material:
    """Return what a report of the subject says."""
    span = Span(*days_of(subject), ZONE, CUT_OFF)
    with database.reading() as session:
        return gather(session, span, days_before(subject), body)


def written(
    database: Database, subject: Subject = BIMESTER, body: Body | None = None, locale: str = "es"
) -> tuple[Document, str, Wording]:
    """Return a report as it is read back from where it is kept, its hash, and its words."""
    say = wording(locale, ZONE)
    kept = as_json(document(gathered(database, subject, body), subject, say))
    return from_json(kept), hash_of(kept), say
