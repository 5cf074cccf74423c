"""Things on a database for tests of pages: bodies, accounts, posts that went out, notes, replications."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.content import Content, as_json, hash_of
from content_calendar.models.directory import Account, Body, Commission, Confidence, Owner, Region, Standing
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import Payload, PayloadPart, digest, freeze
from content_calendar.states import HoldReason, PartState, PostState, PublicationState
from scheduler.models import Entry, Feed, Replication, ReplicationKind, ReplicationStage

_next = count(1)


def _letters(n: int) -> str:
    """Return a number in three letters at most, as a state's code has."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return (_letters(n // 36) if n >= 36 else "") + digits[n % 36]


@dataclass
class Stage:
    """What a test made, to be asked about."""

    session: Session
    bodies: list[Body] = field(default_factory=list)

    def person(self) -> Person:
        known = self.session.scalars(select(Person).where(Person.email == "autora@ejemplo.mx")).one_or_none()
        if known is None:
            known = Person(email="autora@ejemplo.mx", email_folded="autora@ejemplo.mx", name="Autora")
            self.session.add(known)
            self.session.flush()
        return known

    def region(self, slug: str) -> Region:
        region = Region(slug=slug, name=slug.capitalize())
        self.session.add(region)
        self.session.flush()
        return region

    def body(self, slug: str, region: Region | None = None) -> Body:
        n = next(_next)
        body = Body(
            slug=slug,
            short_name=slug.upper(),
            name=f"Instituto {slug}",
            zone="America/Mexico_City",
            region=region,
            state_iso=f"MX-{_letters(n)}",
            state_name=f"Estado {slug}",
            name_confidence=Confidence.HIGH,
            confidence=Confidence.HIGH,
        )
        self.session.add(body)
        self.session.flush()
        self.bodies.append(body)
        return body

    def commission(self) -> Commission:
        one = Commission(
            slug="nuestra", short_name="Nuestra", name="Nuestra Comisión", zone="America/Mexico_City"
        )
        self.session.add(one)
        self.session.flush()
        return one

    def account(self, owner: Owner, network: str = "rehearsal") -> Account:
        handle = f"cuenta{next(_next)}"
        account = Account(
            owner=owner, network=network, handle=handle, handle_folded=handle, standing=Standing.IN_FORCE,
            certified_at=now(), connected_at=now(),
        )  # fmt: skip
        self.session.add(account)
        self.session.flush()
        return account

    def publication(
        self,
        account: Account,
        *,
        text: str = "Tu derecho a saber cuenta.",
        state: PublicationState = PublicationState.PUBLISHED,
        hold: HoldReason | None = None,
        due_at: datetime | None = None,
        url: str = "",
    ) -> Publication:
        author, n = self.person(), next(_next)
        at = due_at or now() - timedelta(hours=2)
        value = as_json(Content(parts=(text,), accounts=(account.ref,)))
        post = Post(title=f"Publicación {n}", author_id=author.id, state=PostState.SCHEDULED, due_at=at)
        self.session.add(post)
        self.session.flush()
        version = PostVersion(
            post_id=post.id, n=1, content=value, content_hash=hash_of(value), author_id=author.id
        )
        self.session.add(version)
        self.session.flush()
        post.version_id = post.approved_version_id = version.id
        out = state is PublicationState.PUBLISHED
        frozen = freeze(Payload((PayloadPart(text, "es"),)))
        row = Publication(
            post_id=post.id, account_id=account.id, version_id=version.id, state=state, hold_reason=hold,
            due_at=at, due_local=at.strftime("%Y-%m-%dT%H:%M:%S"), due_zone="UTC", next_at=at,
            late_after=at + timedelta(minutes=30), payload=frozen, payload_sha256=digest(frozen),
            content_hash=version.content_hash, published_at=at if out else None,
        )  # fmt: skip
        key = f"llave{n}"
        part = PublicationPart(
            account_id=account.id, n=1, client_key=key, published_at=at if out else None,
            state=PartState.PUBLISHED if out else PartState.WAITING,
            remote_id=key if out else None, remote_url=(url or f"/ensayo/{key}") if out else "",
        )  # fmt: skip
        row.parts = [part]
        self.session.add(row)
        self.session.flush()
        return row

    def entry(self, owner: Owner, title: str = "Una nota") -> Entry:
        n = next(_next)
        entry = Entry(
            owner_id=owner.id, identity=f"nota{n}", title=title, link=f"https://sitio.example/nota/{n}",
            link_key=f"nota{n}", published_at=now() - timedelta(minutes=n),
        )  # fmt: skip
        self.session.add(entry)
        self.session.flush()
        return entry

    def feed(self, owner: Owner) -> Feed:
        feed = Feed(owner_id=owner.id, url=f"https://sitio.example/canal/{next(_next)}")
        self.session.add(feed)
        self.session.flush()
        return feed

    def replication(
        self,
        row: Publication,
        body: Body,
        stage: ReplicationStage = ReplicationStage.SEEN,
        kind: ReplicationKind = ReplicationKind.COPY,
        lag: timedelta = timedelta(hours=1),
    ) -> Replication:
        found = Replication(
            post_id=row.post_id, body_id=body.id, evidence_key=f"prueba{next(_next)}", kind=kind, stage=stage,
            score=90, why_code="replication_copy", why_params={"percent": 90},
            occurred_at=(row.published_at or now()) + lag,
        )  # fmt: skip
        self.session.add(found)
        self.session.flush()
        return found
