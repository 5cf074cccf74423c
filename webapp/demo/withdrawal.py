"""A consent that was taken back after the picture had gone out: what each body is asked, and one answer."""

from datetime import timedelta

from sqlalchemy import select

from assets import consents, library, takedowns
from assets.clearance import ConsentBy, Scope
from assets.consents import Told
from assets.library import Use
from assets.models import Asset, People, Takedown, TakedownAnswer, UseKind
from assets.object_storage import chosen
from content_calendar import clock
from content_calendar.db import Database
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostMedia
from content_calendar.settings import Settings
from scheduler.withdrawing import replicas_of
from webapp.demo.pictures import picture

_WHOM = "La moderadora, con micrófono"
_PULLED = (
    ("infonl", "cuadrado"),
    ("infonl", "retrato"),
    ("infocdmx", "cuadrado"),
    ("infocol", "historia"),
    ("itei", ""),
)
_DOCUMENT = 90


def withdraw_consent(database: Database, settings: Settings, title: str, team: dict[str, Person]) -> None:
    """Let somebody in the picture of the post with that title consent, bodies pull it, and her take it back."""
    kept = consents.take_in(chosen(settings), picture(_DOCUMENT))
    ana = team["ana"]
    with database.transaction() as session:
        ref = session.scalars(
            select(PostMedia.asset_ref).join(Post, Post.id == PostMedia.post_id).where(Post.title == title)
        ).first()
        if ref is None:
            return
        asset = session.scalars(select(Asset).where(Asset.ref == ref)).one()
        asset.people = People.ADULTS
        bodies = dict(session.execute(select(Body.slug, Body.id)).all())
        with clock.standing_at(clock.now() - timedelta(days=8)):
            told = Told(ConsentBy.PERSON, _WHOM, None, frozenset({Scope.NETWORKS, Scope.PRINT}))
            consent = consents.add(session, ref, told, kept, ana)
        with clock.standing_at(clock.now() - timedelta(days=4)):
            for slug, form in _PULLED:
                used = Use(UseKind.DOWNLOADED, body_id=bodies[slug], format=form)
                library.record_use(session, ref, 1, used)
        with clock.standing_at(clock.now() - timedelta(hours=20)):
            consents.withdraw(session, ref, consent.ref, ana, replicas_of(session, asset))
        first = session.scalars(
            select(Takedown).where(Takedown.owner_id == bodies["infocol"]).order_by(Takedown.id).limit(1)
        ).first()
        if first is not None:
            takedowns.answer(session, first.ref, TakedownAnswer.NOT_USED, "", ana)
