"""Publications as people see them: scheduled, confirmed, moved, resent, withdrawn.

What a worker does with them stands in ``sending.py`` and ``doubts.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import budget, clock
from content_calendar.audit import record
from content_calendar.bulk import Among
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.posts import Post, PostVersion
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.moves import PreparedMove, StateChangedError, move, move_one
from content_calendar.payloads import Payload, digest, freeze
from content_calendar.sending import NOTHING, Proof, publish
from content_calendar.states import (
    AT_REST,
    HoldReason,
    PartEvent,
    PartState,
    PostEvent,
    PublicationEvent,
    PublicationState,
)

_DOUBTS = (HoldReason.UNCONFIRMED, HoldReason.DUPLICATE)


_ALL_REST: tuple[ColumnElement[bool], ...] = (
    exists().where(Publication.post_id == Post.id),
    ~exists().where(
        Publication.post_id == Post.id, and_(*(Publication.state != state for state in sorted(AT_REST)))
    ),
)
_SETTLE = PreparedMove(Post, PostEvent.FINISH, [Among(Post.id), *_ALL_REST])


class PastMomentError(InvalidError):
    """Nothing can be planned for a moment that has passed."""

    code: ClassVar[str] = "past_moment"


class NotALinkError(InvalidError):
    """A published post is told by its link, beginning with https:// or http://."""

    code: ClassVar[str] = "not_a_link"


class NotApprovedError(ConflictError):
    """Only the version that was approved can be scheduled."""

    code: ClassVar[str] = "not_approved"


class NoAccountError(InvalidError):
    """A post goes out to one account at least."""

    code: ClassVar[str] = "no_account"


class AlreadyPlannedError(ConflictError):
    """The post already goes out to that account at that moment."""

    code: ClassVar[str] = "already_planned"


class DoubtOpenError(ConflictError):
    """It may be out already: first a person says whether it is."""

    code: ClassVar[str] = "doubt_open"


class NoDoubtError(ConflictError):
    """There is no doubt about this publication, so there is nothing to say "it did not go out" to."""

    code: ClassVar[str] = "no_doubt"


@dataclass(frozen=True)
class PlannedMoment:
    """A moment in UTC, and as a person meant it: local time (ISO, no offset) and IANA zone."""

    at: datetime
    local: str
    zone: str


@dataclass(frozen=True)
class Destination:
    """An account, what goes out to it, and one client key for each part, chosen by its network."""

    account_id: int
    payload: Payload
    client_keys: Sequence[str]


def schedule(
    session: Session,
    post: Post,
    version: PostVersion,
    destinations: Sequence[Destination],
    moment: PlannedMoment,
    tolerance: timedelta,
    actor_ref: str,
) -> list[Publication]:
    """Make the publications of an approved post, their payloads frozen; returns them.

    Raises NotApprovedError for any version but the approved one, PastMomentError, NoAccountError,
    AlreadyPlannedError, StateChangedError when the post is not approved any more.
    """
    _require_ahead(moment)
    if not destinations:
        raise NoAccountError(field="accounts")
    if post.approved_version_id != version.id or version.post_id != post.id:
        raise NotApprovedError(post=post.ref)
    move_one(
        session,
        Post,
        PostEvent.SCHEDULE,
        post.id,
        [Post.approved_version_id == version.id],
        {"due_at": moment.at, "due_local": moment.local, "due_zone": moment.zone},
    )
    publications = [
        _new_publication(post, version, destination, moment, tolerance) for destination in destinations
    ]
    session.add_all(publications)
    _flush_planned(session, post)
    for publication in publications:
        record(
            session,
            actor_ref,
            "publication_scheduled",
            "publication",
            publication.ref,
            post=post.ref,
            due_at=moment.at.isoformat(),
            content_hash=publication.content_hash,
        )
    return publications


def _new_publication(
    post: Post,
    version: PostVersion,
    destination: Destination,
    moment: PlannedMoment,
    tolerance: timedelta,
) -> Publication:
    if len(destination.client_keys) != len(destination.payload.parts):
        raise ValueError("each part has one client key")
    payload = freeze(destination.payload)
    return Publication(
        post_id=post.id,
        account_id=destination.account_id,
        version_id=version.id,
        due_at=moment.at,
        due_local=moment.local,
        due_zone=moment.zone,
        next_at=moment.at,
        late_after=moment.at + tolerance,
        payload=payload,
        payload_sha256=digest(payload),
        content_hash=version.content_hash,
        parts=[
            PublicationPart(account_id=destination.account_id, n=n, client_key=key)
            for n, key in enumerate(destination.client_keys, start=1)
        ],
    )


def confirm_published(
    session: Session,
    publication: Publication,
    remote_id: str,
    url: str,
    actor_ref: str,
    *,
    whole: bool = False,
    generation: int | None = None,
) -> None:
    """Record that a person saw it out, or published it by hand: "Sí salió", with its link.

    Of a thread, that is the first part that was not out; ``whole`` when the link is that of all that was
    left, as after publishing by hand. ``remote_id`` is what the network reads in the link, else the link
    itself. ``generation`` is the ``lease_gen`` that the person decided on: the word about a doubt of before is
    not taken for another. Raises NotALinkError, StateChangedError, RemotePostTakenError when that link already proves
    another publication.
    """
    if not url.startswith(("https://", "http://")):
        raise NotALinkError(field="link")
    settled = Publication.state.in_(
        (PublicationState.HELD, PublicationState.UNKNOWN, PublicationState.SCHEDULED)
    )
    left = session.scalars(
        select(PublicationPart.n)
        .where(PublicationPart.publication_id == publication.id, PublicationPart.state != PartState.PUBLISHED)
        .order_by(PublicationPart.n)
    ).all()
    if not left:
        raise StateChangedError(machine="publication", event=PublicationEvent.PUBLISH.value)
    if whole and len(left) > 1:
        rest = [PublicationPart.publication_id == publication.id, PublicationPart.n > left[0]]
        move(session, PublicationPart, PartEvent.PUBLISH, rest, {"published_at": clock.now()})
    fence = [settled, *_still(generation)]
    publish(session, publication.id, left[0], Proof(remote_id or url, url), fence)
    _tell(session, publication, actor_ref, "publication_confirmed", url=url)
    settle_posts(session, [publication.post_id])


def replan(
    session: Session,
    publication: Publication,
    moment: PlannedMoment,
    tolerance: timedelta,
    actor_ref: str,
) -> None:
    """Give it another moment; the gates run again then.

    Raises PastMomentError, DoubtOpenError while it may be out already, AlreadyPlannedError,
    StateChangedError.
    """
    _require_ahead(moment)
    _refuse_in_doubt(session, publication, _in_doubt())
    was = publication.due_at
    try:
        with session.begin_nested():
            move_one(
                session,
                Publication,
                PublicationEvent.REPLAN,
                publication.id,
                [~_in_doubt()],
                _planned(moment, tolerance),
            )
    except IntegrityError as error:
        raise AlreadyPlannedError(publication=publication.ref) from error
    _tell(
        session,
        publication,
        actor_ref,
        "publication_moved",
        was=was.isoformat(),
        due_at=moment.at.isoformat(),
    )


def resend(
    session: Session,
    publication: Publication,
    tolerance: timedelta,
    actor_ref: str,
    *,
    generation: int | None = None,
) -> None:
    """Send it again now: a person looked and says "No salió".

    ``generation`` is the ``lease_gen`` that the person decided on. Raises NoDoubtError when it is not held by a
    doubt, StateChangedError.
    """
    if publication.hold_reason not in _DOUBTS:
        raise NoDoubtError(publication=publication.ref)
    at = clock.now()
    move_one(
        session,
        Publication,
        PublicationEvent.REPLAN,
        publication.id,
        [Publication.hold_reason.in_(_DOUBTS), *_still(generation)],
        {"next_at": at, "late_after": at + tolerance, **_afresh()},
    )
    _tell(session, publication, actor_ref, "publication_resent")


def cancel(session: Session, publication: Publication, actor_ref: str, reason: str = "") -> None:
    """Withdraw it.

    Raises DoubtOpenError while it is repeated unseen, StateChangedError when it is already on its way or at rest.
    """
    _refuse_in_doubt(session, publication, _repeats_unseen())
    certain, values = [~_repeats_unseen()], {"hold_reason": None}
    move_one(session, Publication, PublicationEvent.CANCEL, publication.id, certain, values)
    budget.give_back_unsent(session, [publication.id])
    _tell(session, publication, actor_ref, "publication_cancelled", reason=reason)
    settle_posts(session, [publication.post_id])


def withdraw_all(session: Session, post: Post, actor_ref: str) -> list[int]:
    """Withdraw every publication of a post that was not begun, as reopening it does; return their ids.

    What may be out already, whole or in part, is left to the person who decides on it.
    """
    waiting = [
        Publication.post_id == post.id,
        Publication.unknown_since.is_(None),
        ~_in_doubt(),
        ~partly_out(),
    ]
    ids = move(session, Publication, PublicationEvent.CANCEL, waiting, {"hold_reason": None})
    budget.give_back_unsent(session, ids)
    refs = session.execute(select(Publication.ref).where(Publication.id.in_(ids))).scalars()
    for ref in refs:
        record(session, actor_ref, "publication_cancelled", "publication", ref, post=post.ref)
    return ids


def settle_posts(session: Session, post_ids: Sequence[int] | None = None) -> list[int]:
    """Call done the posts whose publications all rest; of these posts, or of all. Returns their ids."""
    if post_ids is not None:
        return _SETTLE(session, {"ids": list(post_ids)})
    return move(session, Post, PostEvent.FINISH, _ALL_REST)


def _refuse_in_doubt(session: Session, publication: Publication, doubted: ColumnElement[bool]) -> None:
    if session.execute(select(Publication.id).where(Publication.id == publication.id, doubted)).first():
        raise DoubtOpenError(publication=publication.ref)


def _still(generation: int | None) -> list[ColumnElement[bool]]:
    return [] if generation is None else [Publication.lease_gen == generation]


def partly_out() -> ColumnElement[bool]:
    """Return the condition that some part of a publication is out, whatever became of the rest."""
    return exists().where(
        PublicationPart.publication_id == Publication.id, PublicationPart.state == PartState.PUBLISHED
    )


def _in_doubt() -> ColumnElement[bool]:
    held = and_(
        Publication.state == PublicationState.HELD,
        Publication.hold_reason.is_not(None),
        Publication.hold_reason.in_(_DOUBTS),
    )
    return or_(held, _repeats_unseen())


def _repeats_unseen() -> ColumnElement[bool]:
    # By a key that makes the repeat harmless: in seconds it is out, or in doubt again.
    return and_(Publication.state == PublicationState.SCHEDULED, Publication.unknown_since.is_not(None))


def _planned(moment: PlannedMoment, tolerance: timedelta) -> dict[str, object]:
    return {
        "due_at": moment.at,
        "due_local": moment.local,
        "due_zone": moment.zone,
        "next_at": moment.at,
        "late_after": moment.at + tolerance,
        **_afresh(),
    }


def _afresh() -> dict[str, object]:
    return {
        "hold_reason": None,
        "unknown_since": None,
        "next_check_at": None,
        "absent_reads": 0,
        "refused_as_equal": False,
        **NOTHING.values(),
    }


def _require_ahead(moment: PlannedMoment) -> None:
    if moment.at <= clock.now():
        raise PastMomentError(field="due_at", local=moment.local, zone=moment.zone)


def _flush_planned(session: Session, post: Post) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyPlannedError(post=post.ref) from error


def _tell(session: Session, publication: Publication, actor_ref: str, act: str, **details: object) -> None:
    move(session, PublicationPart, PartEvent.RESET, [PublicationPart.publication_id == publication.id])
    record(session, actor_ref, act, "publication", publication.ref, **details)
