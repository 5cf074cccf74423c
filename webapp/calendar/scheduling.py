"""From an approved post to its publications: what goes out to each account, at which moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.library import chosen
from content_calendar import likeness_gate, publications
from content_calendar.content import Content, PostKind
from content_calendar.models.directory import Account
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication
from content_calendar.payloads import Payload, PayloadImage, PayloadPart, PayloadVideo
from content_calendar.posts import Due, content_of
from content_calendar.publications import Destination, PlannedMoment
from scheduler.networks import networks, new_key


def schedule(
    session: Session, post: Post, due: Due, tolerance: timedelta, actor_ref: str
) -> list[Publication]:
    """Make the publications of the version that was approved; raises what ``publications.schedule`` raises."""
    version = session.get_one(PostVersion, post.approved_version_id or 0)
    moment = PlannedMoment(due.at, due.local.strftime("%Y-%m-%dT%H:%M:%S"), due.zone)
    sent_to = destinations(session, content_of(version))
    made = publications.schedule(session, post, version, sent_to, moment, tolerance, actor_ref)
    likeness_gate.remember(session, made, _minding_equal_texts(session, made))
    return made


def _minding_equal_texts(session: Session, made: Sequence[Publication]) -> dict[int, str]:
    """Return the network of each of these publications' accounts that minds equal texts of several accounts."""
    minding = [slug for slug, one in networks().items() if one.identical_window]
    rows = session.execute(
        select(Account.id, Account.network).where(
            Account.id.in_([one.account_id for one in made]), Account.network.in_(minding)
        )
    )
    return dict(rows.all())


def schedule_now(session: Session, post: Post, person: Person, tolerance: timedelta) -> list[Publication]:
    """Schedule an approved post at the moment it has; raises what ``schedule`` raises, and ValueError without one."""
    due = due_of(post)
    if due is None:
        raise ValueError("a post without a moment cannot be scheduled")
    return schedule(session, post, due, tolerance, person.ref)


def due_of(post: Post) -> Due | None:
    """Return the post's moment, None when it has none."""
    if post.due_at is None:
        return None
    return Due(post.due_at, datetime.fromisoformat(post.due_local), post.due_zone)


def destinations(session: Session, content: Content) -> list[Destination]:
    """Return what goes out to each of the content's accounts; two queries."""
    accounts = session.scalars(
        select(Account).where(Account.ref.in_(content.accounts)).order_by(Account.id)
    ).all()
    types = {
        key: one.version.media_type
        for key, one in chosen(session, [(one.asset_ref, one.asset_version) for one in content.media]).items()
    }
    return [_destination(account, content, types) for account in accounts]


def _destination(account: Account, content: Content, types: dict[tuple[str, int], str]) -> Destination:
    parts = tuple(
        _part(text, content, number, types)
        for number, text in enumerate(content.parts_for(account.network), start=1)
    )
    payload = Payload(parts, PostKind(content.kind), content.target)
    return Destination(account.id, payload, [new_key(account.network) for _ in parts])


def _part(text: str, content: Content, number: int, types: dict[tuple[str, int], str]) -> PayloadPart:
    media = content.media_of(number)
    images = tuple(
        PayloadImage(
            one.asset_ref,
            one.asset_version,
            one.sha256,
            types.get((one.asset_ref, one.asset_version), "image/jpeg"),
            one.alt_text,
        )
        for one in media
        if not one.is_video
    )
    videos = [
        PayloadVideo(one.asset_ref, one.asset_version, one.sha256, one.media_type, one.alt_text)
        for one in media
        if one.is_video
    ]
    # The checks let one video through and no more.
    return PayloadPart(text, content.language, images, videos[0] if videos else None)
