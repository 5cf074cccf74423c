"""A wire with a body, a person and our accounts, for tests of relaying."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from content_calendar import clock, posts
from content_calendar.content import Content, PostKind
from content_calendar.models.directory import Account, Body, Commission, Owner
from content_calendar.models.people import Membership, Person
from content_calendar.models.posts import Post
from content_calendar.permissions import Role
from content_calendar.posts import Draft
from scheduler.listening.identity import link_key
from scheduler.models import Entry
from scheduler.relaying import relays
from tests.webapp.stage import Stage

ZONE = "America/Mexico_City"
_next = count(1)


@dataclass
class Wire:
    """What a test of relaying works on."""

    session: Session
    ana: Person
    stage: Stage
    our_account: Account

    def body(self, slug: str) -> Body:
        return self.stage.body(slug)

    def commission(self, slug: str) -> Commission:
        one = Commission(slug=slug, short_name=slug.upper(), name=slug, zone=ZONE)
        self.session.add(one)
        self.session.flush()
        return one

    def note(self, owner: Owner, *, hours: float = 1, link: str = "") -> Entry:
        n = next(_next)
        url = link or f"https://{owner.slug}.example/nota/{n}"
        entry = Entry(
            owner=owner, identity=f"n{n}", title=f"Nota {n}", link=url, link_key=link_key(url),
            published_at=clock.now() - timedelta(hours=hours),
        )  # fmt: skip
        self.session.add(entry)
        self.session.flush()
        return entry

    def write(self, text: str = "Una publicación", **given: object) -> Post:
        kind = given.pop("kind", PostKind.POST)
        content = Content((text,), kind=str(kind), target=str(given.pop("target", "")))
        return posts.create(self.session, self.ana, Draft(content, title=text, **given))  # type: ignore[arg-type] # the draft's own fields

    def take(self, entry: Entry) -> Post:
        return relays.take(self.session, entry, PostKind.POST, self.write).post

    def went_out(self, entry: Entry, at: datetime | None = None) -> Post:
        """Let a post of the note have gone out."""
        out = self.stage.publication(self.our_account, due_at=at or clock.now(), url="https://red.example/1")
        post = self.session.get_one(Post, out.post_id)
        relays.take(self.session, entry, PostKind.POST, lambda: post)
        return post


@pytest.fixture
def wire(session: Session) -> Wire:
    """Our commission has an account of a network where things leave; Ana writes."""
    ana = Person(email="ana@ejemplo.mx", email_folded="ana@ejemplo.mx", name="Ana")
    session.add(ana)
    session.flush()
    session.add(Membership(person_id=ana.id, role=Role.EDITOR, valid_from=clock.now().date() - timedelta(9)))
    stage = Stage(session)
    ours = Commission(slug="nuestra", short_name="NUESTRA", name="Nuestra Comisión", zone=ZONE)
    session.add(ours)
    session.flush()
    return Wire(session, ana, stage, stage.account(ours, "mastodon"))


Standing = Callable[[datetime], None]


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Standing:
    """Let the clock stand at a moment."""

    def at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "_now", lambda: moment)

    return at
