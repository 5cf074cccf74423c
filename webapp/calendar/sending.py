"""From an approved post to its publications: what goes out to each account, at which moment."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.library import chosen
from content_calendar import publications
from content_calendar.content import Content
from content_calendar.models.directory import Account
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadImage, PayloadPart
from content_calendar.posts import Due, content_of
from content_calendar.publications import Destination, PlannedMoment
from scheduler.networks import new_key
from webapp.session import settings


def schedule(session: Session, post: Post, due: Due, actor_ref: str) -> list[Publication]:
    """Make the publications of the version that was approved; raises what ``publications.schedule`` raises."""
    version = session.get_one(PostVersion, post.approved_version_id or 0)
    moment = PlannedMoment(due.at, due.local.strftime("%Y-%m-%dT%H:%M:%S"), due.zone)
    return publications.schedule(
        session,
        post,
        version,
        destinations(session, content_of(version)),
        moment,
        settings().lateness,
        actor_ref,
    )


def destinations(session: Session, content: Content) -> list[Destination]:
    """Return what goes out to each of the content's accounts; two queries."""
    accounts = session.scalars(
        select(Account).where(Account.ref.in_(content.accounts)).order_by(Account.id)
    ).all()
    types = {
        key: one.version.media_type
        for key, one in chosen(
            session, [(one.asset_ref, one.asset_version) for one in content.media]
        ).items()
    }
    return [_destination(account, content, types) for account in accounts]


def _destination(account: Account, content: Content, types: dict[tuple[str, int], str]) -> Destination:
    texts: Sequence[str] = content.parts_for(account.network)
    parts = tuple(
        PayloadPart(
            text,
            content.language,
            tuple(
                PayloadImage(
                    one.asset_ref,
                    one.asset_version,
                    one.sha256,
                    types.get((one.asset_ref, one.asset_version), "image/jpeg"),
                    one.alt_text,
                )
                for one in content.media_of(number)
            ),
        )
        for number, text in enumerate(texts, start=1)
    )
    return Destination(account.id, Payload(parts), [new_key(account.network) for _ in parts])
