"""What a crowd finds when it comes: the demonstration, a full bimester, open sessions, and what is due meanwhile.

The demonstration's 33 bodies get one account each at a network's stand-in, which speaks real HTTP on loopback.
"""

import random
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from content_calendar import clock, people
from content_calendar.bimesters import bimester_of, bimester_span
from content_calendar.db import Database
from content_calendar.models.directory import Account, Body, Region, Standing
from content_calendar.models.people import Person, WebSession
from content_calendar.models.plan import Theme
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.permissions import Permission, Role
from content_calendar.settings import Settings
from content_calendar.states import PartState, PostState, PublicationState
from content_calendar.vault import Vault, store_credential
from tests.bench._load import BODIES, plant_publications
from tests.simulators.counterpart_process import StandIn
from webapp import starting
from webapp.database import migrate
from webapp.demo import plant_demo
from webapp.session import token_hash

POSTS = 2_000
READERS, STRANGERS, WRITERS = 180, 20, 20
# Of those who read; whoever writes is an editor or a coordinator, by turns.
_ROLES = {Role.EDITOR: 50, Role.COORDINATOR: 20, Role.REGIONAL: 10, Role.LIAISON: 100}
_REFS = 200
# What not everybody may open.
_BEHIND = {"results": Permission.VIEW_SUMMARIES, "outgoing": Permission.VIEW_PUBLICATIONS}
_SINCE = date(2020, 1, 1)


def plant(database: Database, settings: Settings) -> None:
    """Write the demonstration."""
    migrate(database)
    starting.plant(database)
    starting.first_person(database, settings.data)
    plant_demo(database, settings)


def fill(database: Database, settings: Settings, net: StandIn) -> list[int]:
    """Write the bimester's posts; return the accounts, of one body each, through which things go out meanwhile."""
    with database.transaction() as session:
        bodies = session.scalars(select(Body).order_by(Body.id).limit(BODIES)).all()
        # What is out already asks nothing of the stand-in, where it never was.
        _fill(session, [_account(session, body, "rehearsal", f"ensayo_{body.slug}").id for body in bodies])
        accounts = []
        for body in [one for one in bodies if not one.dissolved_on]:
            guest = net.guest()
            account = _account(session, body, net.slug, guest.handle)
            account.remote_id = guest.remote_id
            store_credential(session, Vault(settings.data), account, guest.secrets)
            accounts.append(account.id)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return accounts


def _account(session: Session, owner: Body, network: str, handle: str) -> Account:
    account = Account(
        owner=owner,
        network=network,
        handle=handle,
        handle_folded=handle.casefold(),
        standing=Standing.IN_FORCE,
        certified_at=clock.now(),
        connected_at=clock.now(),
    )
    session.add(account)
    session.flush()
    return account


def _fill(session: Session, accounts: list[int]) -> None:
    """Write the posts of the bimester, over its themes; those whose hour has passed are out."""
    first, last = bimester_span(*bimester_of(clock.now().date()))
    begins = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
    before = session.scalars(select(Post.id).order_by(Post.id.desc()).limit(1)).one()
    plant_publications(session, accounts, POSTS, begins, (last - first) / POSTS)
    themes = session.scalars(select(Theme.id).where(Theme.archived_at.is_(None))).all()
    posts = session.scalars(select(Post.id).where(Post.id > before)).all()
    for n, theme in enumerate(themes):
        session.execute(update(Post).where(Post.id.in_(posts[n :: len(themes)])).values(theme_id=theme))
    soon = clock.now() + timedelta(hours=1)
    out = select(Publication.id).where(Publication.post_id > before, Publication.due_at < soon)
    then = {"published_at": Publication.due_at}
    session.execute(
        update(PublicationPart)
        .where(PublicationPart.publication_id.in_(out))
        .values(state=PartState.PUBLISHED, remote_id=PublicationPart.client_key)
    )
    session.execute(update(Post).where(Post.id > before, Post.due_at < soon).values(state=PostState.DONE))
    session.execute(
        update(Publication)
        .where(Publication.post_id > before, Publication.due_at < soon)
        .values(state=PublicationState.PUBLISHED, sent_at=Publication.due_at, **then)
    )


def plant_due(database: Database, accounts: list[int], first: datetime, seconds: int) -> list[int]:
    """Write a publication for each second from ``first`` on; return their ids."""
    with database.transaction() as session:
        before = session.scalars(select(Publication.id).order_by(Publication.id.desc()).limit(1)).one()
        plant_publications(session, accounts, seconds, first, timedelta(seconds=1), _unlike)
        return list(session.scalars(select(Publication.id).where(Publication.id > before)))


def _unlike(n: int) -> str:
    # Nothing near-identical goes out to one account twice.
    chance = random.Random(n)  # noqa: S311 -- words, no secret
    return " ".join("".join(chance.choices("aeioumnrstlcd", k=chance.randint(4, 9))) for _ in range(20))


def open_sessions(database: Database) -> list[dict[str, Any]]:
    """Let everybody in; return of each their cookie's token, what they do and as whom."""
    with database.transaction() as session:
        bodies = session.scalars(select(Body.id).order_by(Body.id).limit(BODIES)).all()
        regions = session.scalars(select(Region.id)).all()
        roles = [role for role, count in _ROLES.items() for _ in range(count)]
        here = [_enter(session, n, role, bodies, regions) for n, role in enumerate(roles)]
        writers = [
            _enter(session, n, (Role.EDITOR, Role.COORDINATOR)[n % 2], bodies, regions)
            for n in range(len(here), len(here) + WRITERS)
        ]
    strangers: list[dict[str, Any]] = [{"token": "", "role": "", "shut": []} for _ in range(STRANGERS)]
    return [one | {"writes": False} for one in here + strangers] + [one | {"writes": True} for one in writers]


def _enter(
    session: Session, n: int, role: Role, bodies: Sequence[int], regions: Sequence[int]
) -> dict[str, Any]:
    person: Person = people.add(session, f"gente{n}@ejemplo.mx", f"Persona {n}")
    people.grant(
        session,
        person,
        role,
        on=_SINCE,
        body_id=bodies[n % len(bodies)] if role is Role.LIAISON else None,
        region_id=regions[n % len(regions)] if role is Role.REGIONAL else None,
    )
    token = secrets.token_urlsafe(32)
    session.add(WebSession(token_hash=token_hash(token), person_id=person.id, agent="multitud"))
    session.flush()
    rights = people.rights(session, person.id, clock.now().date())
    shut = [kind for kind, permission in _BEHIND.items() if not rights.can(permission)]
    return {"token": token, "role": role.value, "shut": shut}


def places(database: Database) -> dict[str, Any]:
    """Return the addresses that people go to, and to whom writers write."""
    today = clock.now().date()
    year, number = bimester_of(today)
    first, last = bimester_span(year, number)
    week = "{}-W{:02}".format(*today.isocalendar()[:2])
    with database.reading() as session:
        refs = session.scalars(
            select(Post.ref).where(Post.state.in_((PostState.SCHEDULED, PostState.DONE))).limit(_REFS)
        ).all()
        slugs = session.scalars(select(Body.slug).limit(BODIES)).all()
        account = session.scalars(select(Account.ref).where(Account.network == "rehearsal").limit(1)).one()
    return {
        "bimester": f"/calendario/{year}/{number}",
        "month": f"/calendario/{year}/mes/{today.month}",
        "week": f"/calendario/semana/{week}",
        "day": f"/calendario/dia/{today}",
        "list": f"/calendario/{year}/{number}/lista",
        "events": f"/calendario/eventos.json?desde={first}&hasta={last}",
        "refs": list(refs),
        "slugs": list(slugs),
        "account": account,
        "ahead": str(min(last, today + timedelta(days=3))),
    }
