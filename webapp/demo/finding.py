"""Who took the demonstration's posts up as networks and people tell it: reposts, quotes, and off line with a file."""

from datetime import datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assets import evidence as evidence_files
from assets.object_storage import chosen
from content_calendar import clock, directory
from content_calendar.db import Database
from content_calendar.models.directory import Account, Standing
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.settings import Settings
from content_calendar.states import PublicationState
from scheduler.echo_powers import EchoForm, RemoteEcho
from scheduler.replication import declaring
from scheduler.replication.declaring import Offline
from scheduler.replication.seek_models import OfflineForm
from scheduler.replication.taking_echoes import take
from webapp.demo.pictures import picture

# Who did what, in hours after the post went out; each number is one of the posts that are out, the first the oldest.
_ECHOES = (
    ("infocdmx", EchoForm.REPOST, 0, 1),
    ("itei", EchoForm.REPOST, 0, 5),
    ("itei", EchoForm.QUOTE, 1, 3),
    ("infoem", EchoForm.REPOST, 1, 26),
    ("infocol", EchoForm.QUOTE, 2, 9),
)
_SAID = "En {body} lo decimos igual: preguntar es tu derecho. Te contamos cómo en nuestro estado."
_OFFLINE = (
    (
        OfflineForm.RADIO,
        "Radio Nuevo León, programa «Tu derecho a saber»",
        1200,
        "Lo leyeron completo al aire.",
    ),
    (OfflineForm.MURAL, "Biblioteca Central, Monterrey", None, ""),
)


def plant_findings(database: Database, settings: Settings, out: list[Post], team: dict[str, Person]) -> None:
    """Plant reposts and quotes as the network of rehearsal would tell them, and two echoes off line."""
    taken = evidence_files.take_in(chosen(settings), BytesIO(picture(7)), "mural.png")
    with database.transaction() as session:
        for slug, form, number, hours in _ECHOES:
            row = _publication(session, out[number]) if number < len(out) else None
            if row is None:
                continue
            body = directory.find_body(session, slug)
            account = _account(session, body.id, row.account.network, slug)
            part = session.scalars(
                select(PublicationPart).where(PublicationPart.publication_id == row.id).limit(1)
            ).one()
            at = min((row.published_at or clock.now()) + timedelta(hours=hours), clock.now())
            quoted = form is EchoForm.QUOTE
            text = _SAID.format(body=body.short_name) if quoted else ""
            link = f"https://redes.example/{slug}/cita-{number}" if quoted else ""
            told = RemoteEcho(form, "", account.handle, link, text, at, (part.remote_id or "",))
            take(session, account.network, [told])
        body = directory.find_body(session, "infonl")
        file = evidence_files.keep(session, taken, team["beto"])
        today = clock.now().astimezone(ZoneInfo(settings.zone)).date()
        for number, (where, place, reach, note) in enumerate(_OFFLINE):
            declaring.declare_offline(
                session, team["beto"], Offline(where, place, today, reach, note),
                post_id=out[number].id, body_id=body.id,
                at=datetime.combine(today, time(12), ZoneInfo(settings.zone)),
                files=() if note else [file],
            )  # fmt: skip


def _publication(session: Session, post: Post) -> Publication | None:
    """Return what of the post went out by itself, with its account."""
    return session.scalars(
        select(Publication)
        .where(Publication.post_id == post.id, Publication.state == PublicationState.PUBLISHED)
        .options(joinedload(Publication.account))
        .order_by(Publication.id)
        .limit(1)
    ).first()


def _account(session: Session, owner_id: int, network: str, handle: str) -> Account:
    """Return the body's account of rehearsal, made if need be."""
    known = session.scalars(
        select(Account).where(Account.network == network, Account.handle_folded == handle)
    ).first()
    if known is None:
        known = Account(
            owner_id=owner_id, network=network, handle=handle, handle_folded=handle,
            standing=Standing.IN_FORCE, source="Demostración",
        )  # fmt: skip
        session.add(known)
        session.flush()
    return known
