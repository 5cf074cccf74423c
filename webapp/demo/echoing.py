"""The demonstration's ledger: who stands for each body, what they opened and pulled, what they told, who decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assets import uptake
from assets.models import SeenThing
from content_calendar import clock, people
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication
from content_calendar.permissions import Role
from content_calendar.states import PublicationState
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication import declaring, ledger

_SEED = 20261123
_SINCE = timedelta(days=330)
# How many of ten bodies open a post and pull its pack; and how many have nobody who answers for them.
_OPEN, _PULL, _TELL = 0.55, 0.5, 0.12
_NOBODY = 6
_KINDS = (ReplicationKind.REPOST, ReplicationKind.REPOST, ReplicationKind.QUOTE, ReplicationKind.LINK)
# Doubts that are left for whoever tries the queue.
_LEFT = 7
_OF_TEN_LOOKED_AT = 0.5


def plant_ledger(database: Database, team: dict[str, Person]) -> None:
    """Plant what bodies did with the posts that are out, once their notes were matched; a few doubts are left."""
    chance = Random(_SEED)  # noqa: S311 -- examples, the same at every start
    with database.transaction() as session:
        liaisons = _liaisons(session, team["beto"])
        for post, at in _out(session):
            _open(session, chance, (post, at), [body.id for body, _ in liaisons])
            for body, person in liaisons:
                if chance.random() < _TELL:
                    told_at = min(at + timedelta(minutes=chance.randint(15, 3000)), clock.now())
                    with clock.standing_at(told_at):
                        declaring.declare(
                            session, person, post_id=post.id, body_id=body.id, kind=chance.choice(_KINDS),
                            link=f"https://redes.example/{body.slug}/{post.ref}",
                        )  # fmt: skip
    with database.transaction() as session:
        _decide(session, chance, [team["luz"], team["tere"], team["ana"]])


def _open(session: Session, chance: Random, out: tuple[Post, datetime], bodies: Sequence[int]) -> None:
    """Let some bodies have opened the post soon after it went out, and some of these have pulled its pack."""
    post, at = out
    opened = [body for body in bodies if chance.random() < _OPEN]
    with clock.standing_at(min(at + timedelta(days=1), clock.now())):
        uptake.note_view(session, SeenThing.POST, post.id, opened)
        uptake.note_view(session, SeenThing.PACK, post.id, [one for one in opened if chance.random() < _PULL])


def _liaisons(session: Session, beto: Person) -> Sequence[tuple[Body, Person]]:
    """Return the bodies that somebody stands for, each with who does; a few have nobody."""
    found = []
    today = clock.now().date()
    bodies = session.scalars(select(Body).where(Body.dissolved_on == "").order_by(Body.id)).all()
    for n, body in enumerate(bodies):
        if body.slug == "infonl":
            found.append((body, beto))
        elif n % _NOBODY:
            person = people.add(
                session, f"enlace@{body.slug}.example", f"Enlace de ejemplo ({body.short_name})"
            )
            people.grant(session, person, Role.LIAISON, on=today - _SINCE, body_id=body.id)
            found.append((body, person))
    return found


def _out(session: Session) -> list[tuple[Post, datetime]]:
    rows = session.execute(
        select(Post, func.min(Publication.published_at))
        .join(Publication, Publication.post_id == Post.id)
        .where(Publication.state == PublicationState.PUBLISHED)
        .group_by(Post.id)
        .order_by(Post.id)
    )
    return [(post, at) for post, at in rows if at is not None]


def _decide(session: Session, chance: Random, people_: Sequence[Person]) -> None:
    """Let half of what the machine saw be looked at, and all doubts but the last few be decided."""
    rows = session.scalars(select(Replication).order_by(Replication.id)).all()
    doubts = [row for row in rows if row.stage is ReplicationStage.DOUBTFUL]
    for n, row in enumerate(doubts[:-_LEFT]):
        (ledger.overrule if n % 3 == 0 else ledger.confirm)(session, chance.choice(people_), row.ref)
    for row in rows:
        if row.stage is ReplicationStage.SEEN and chance.random() < _OF_TEN_LOOKED_AT:
            ledger.confirm(session, chance.choice(people_), row.ref)
