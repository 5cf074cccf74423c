"""Rows that tests of the worker need: a body, its feed, a published post."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from uuid import uuid4

from sqlalchemy.orm import Session

from content_calendar.content import Content, as_json
from content_calendar.models.directory import Account, Body, Confidence
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.states import PartState, PostState, PublicationState
from scheduler.models import Feed


def plant_body(session: Session, slug: str) -> Body:
    body = Body(
        slug=slug,
        short_name=slug.upper(),
        name=f"Instituto {slug}",
        zone="America/Mexico_City",
        state_iso=f"MX-{slug[-5:]}",
        state_name=slug,
        name_confidence=Confidence.HIGH,
        confidence=Confidence.HIGH,
    )
    session.add(body)
    session.flush()
    return body


def plant_feed(session: Session, body: Body, url: str) -> Feed:
    feed = Feed(owner_id=body.id, url=url)
    session.add(feed)
    session.flush()
    return feed


def plant_person(session: Session, name: str = "ana") -> Person:
    email = f"{name}-{uuid4().hex[:6]}@example.org"
    person = Person(email=email, email_folded=email, name=name)
    session.add(person)
    session.flush()
    return person


def plant_published(
    session: Session,
    owner: Body,
    text: str,
    published_at: datetime,
    *,
    tags: Sequence[str] = (),
    origin_url: str = "",
    state: PublicationState = PublicationState.PUBLISHED,
) -> Post:
    """Return a post that went out from an account of ``owner``, at ``https://red.example/<ref>``."""
    author = plant_person(session)
    post = Post(author_id=author.id, state=PostState.SCHEDULED, origin_url=origin_url)
    if tags:
        post.campaigns.append(Campaign(slug=uuid4().hex[:8], name="Campaña", tags=list(tags)))
    session.add(post)
    session.flush()
    version = PostVersion(
        post_id=post.id,
        n=1,
        content=as_json(Content(parts=(text,))),
        content_hash="0" * 64,
        author_id=author.id,
    )
    handle = uuid4().hex[:8]
    account = Account(owner_id=owner.id, network="rehearsal", handle=handle, handle_folded=handle)
    session.add_all([version, account])
    session.flush()
    payload = text.encode()
    publication = Publication(
        post_id=post.id,
        account_id=account.id,
        version_id=version.id,
        state=state,
        due_at=published_at,
        due_local="2026-11-20T10:00:00",
        due_zone="America/Mexico_City",
        next_at=published_at,
        late_after=published_at,
        payload=payload,
        payload_sha256=sha256(payload).hexdigest(),
        content_hash="0" * 64,
        published_at=published_at,
    )
    session.add(publication)
    session.flush()
    session.add(
        PublicationPart(
            publication_id=publication.id,
            account_id=account.id,
            state=PartState.PUBLISHED,
            client_key=uuid4().hex,
            remote_id=post.ref,
            remote_url=f"https://red.example/{post.ref}",
            published_at=published_at,
        )
    )
    session.flush()
    return post
