"""Written consents of the people whom a material shows: kept with their file, withdrawn, told.

Guardians' for minors (LGDNNA 76 to 80), the person's own for adults (LGPDPPSO: express and in writing). What
they mean for the use of a material stands in ``clearance.py``. Nothing here touches what is planned: each
publication is judged again at its moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from io import BytesIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assets import takedowns
from assets.clearance import ConsentBy, Facts, Scope, cleared
from assets.labels import clean, folded
from assets.library import AssetMissingError, Served
from assets.models import Asset, Consent
from assets.storage import Shelf, Storage
from assets.uses import FoundUse
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.posts import Post, PostMedia
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState

MOST_BYTES = 10 * 1024 * 1024
LONGEST_WHOM = 200
_PDF, _HEAD = "application/pdf", 1024
_ENDINGS = {_PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_WILL_GO_OUT = (PublicationState.SCHEDULED, PublicationState.CLAIMED, PublicationState.HELD)


class ConsentMissingError(NotFoundError):
    """There is no such consent of that material. ``ref`` says which."""

    code = "consent_not_found"


class ConsentFileKindError(InvalidError):
    """The file of a consent is a PDF or a picture."""

    code = "consent_file_kind"


class ConsentFileTooLargeError(InvalidError):
    """The file is larger than is kept. ``megabytes`` says how large it may be."""

    code = "consent_file_too_large"


class ConsentEndedAlreadyError(InvalidError):
    """A consent that ended before today would clear nothing. ``on`` is the day that was given."""

    code = "consent_ended_already"


class WhomTooLongError(InvalidError):
    """Who is shown is told in few words. ``limit`` is in characters."""

    code = "consent_whom_too_long"


class ScopeMissingError(InvalidError):
    """A consent lets the material be used for something."""

    code = "consent_scope_missing"


@dataclass(frozen=True)
class Kept:
    """A file that was looked at and kept; only ``take_in`` makes one."""

    sha256: str


@dataclass(frozen=True)
class Told:
    """What somebody says of a consent: by whom, of whom, its last day, and for what; None when it does not end."""

    by: ConsentBy
    whom: str = ""
    ends_on: date | None = None
    scopes: frozenset[Scope] = frozenset(Scope)


def checked(told: Told, today: date) -> Told:
    """Return what was said, cleaned.

    Raises WhomTooLongError, ConsentEndedAlreadyError and ScopeMissingError, each with its field.
    """
    whom = " ".join(clean(told.whom).split())
    if len(whom) > LONGEST_WHOM:
        raise WhomTooLongError(field="whom", limit=LONGEST_WHOM)
    if told.ends_on is not None and told.ends_on < today:
        raise ConsentEndedAlreadyError(field="ends_on", on=told.ends_on)
    if not told.scopes:
        raise ScopeMissingError(field="scopes")
    return Told(told.by, whom, told.ends_on, told.scopes)


def take_in(storage: Storage, data: bytes, field: str = "file") -> Kept:
    """Keep the file as it came, on a shelf of its own: it is a proof, and nobody is shown it in a page.

    Raises ConsentFileTooLargeError and ConsentFileKindError. Takes no session: a row is only made of a file
    that is kept already.
    """
    if len(data) > MOST_BYTES:
        raise ConsentFileTooLargeError(field=field, megabytes=MOST_BYTES // (1024 * 1024))
    if not _media_type(data[:_HEAD]):
        raise ConsentFileKindError(field=field)
    return Kept(storage.put(Shelf.CONSENTS, BytesIO(data)))


def add(session: Session, ref: str, told: Told, kept: Kept, by: Person) -> Consent:
    """Keep a consent of those whom the material shows; raises AssetMissingError.

    The same person, however their name is typed, is named as the first time: a new consent then stands in
    for one that ended.
    """
    asset = _asset(session, ref)
    known = session.scalars(select(Consent.whom).where(Consent.asset_id == asset.id).order_by(Consent.id))
    whom = next((one for one in known if folded(one) == folded(told.whom)), told.whom)
    consent = Consent(
        asset_id=asset.id, by=told.by, whom=whom, file_sha256=kept.sha256, ends_on=told.ends_on,
        for_networks=Scope.NETWORKS in told.scopes, for_print=Scope.PRINT in told.scopes,
        for_radio=Scope.RADIO in told.scopes, added_by_id=by.id,
    )  # fmt: skip
    session.add(consent)
    session.flush()
    # The trail is for ever, and a name is not: it says which consent, never whose.
    record(session, by.ref, "consent.added", "asset", ref, consent=consent.ref, by=told.by.value)
    return consent


def withdraw(
    session: Session, ref: str, consent_ref: str, by: Person, elsewhere: Sequence[FoundUse] = ()
) -> int:
    """Take a consent back, from this moment; return how many were asked to take the material down.

    ``elsewhere`` is what ``takedowns.ask`` cannot know. To do it twice changes nothing. Raises ConsentMissingError.
    """
    consent = _consent(session, ref, consent_ref)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = now()
        session.flush()
        record(session, by.ref, "consent.withdrawn", "asset", ref, consent=consent_ref)
    return takedowns.ask(session, consent, elsewhere)


def restore(session: Session, ref: str, consent_ref: str, by: Person) -> Consent:
    """Let a consent hold again that was taken back by mistake; who was asked something is asked no more.

    Raises ConsentMissingError.
    """
    consent = _consent(session, ref, consent_ref)
    if consent.withdrawn_at is not None:
        consent.withdrawn_at = None
        session.flush()
        takedowns.call_off(session, consent)
        record(session, by.ref, "consent.restored", "asset", ref, consent=consent_ref)
    return consent


def erase_whom(session: Session, ref: str, consent_ref: str, by: Person) -> int:
    """Erase who is shown from this consent and the same person's others of the material; return of how many.

    The consents, their dates and their documents stay (LGPDPPSO: the right to cancel what identifies, not the proof
    that the use was lawful). What stands in its place is the same for them all, so that a renewal still counts as
    that person's. Raises ConsentMissingError.
    """
    consent = _consent(session, ref, consent_ref)
    if consent.erased_at is not None:
        return 0
    erased = session.execute(
        update(Consent)
        .where(
            Consent.asset_id == consent.asset_id, Consent.whom == consent.whom, Consent.erased_at.is_(None)
        )
        .values(whom=consent.ref, erased_at=now())
        .execution_options(synchronize_session=False)
        .returning(Consent.id)
    )
    how_many = len(erased.all())
    session.refresh(consent)
    record(session, by.ref, "consent.erased", "asset", ref, consent=consent_ref)
    return how_many


def listed(session: Session, asset_id: int) -> Sequence[Consent]:
    """Return the consents of a material, the newest first."""
    return session.scalars(
        select(Consent)
        .where(Consent.asset_id == asset_id)
        .order_by(Consent.created_at.desc(), Consent.id.desc())
    ).all()


def scopes_of(session: Session, asset: Asset, at: datetime, zone: tzinfo) -> frozenset[Scope]:
    """Return what the material may be used for at that moment, as far as those whom it shows have a say."""
    known = tuple(one.facts for one in listed(session, asset.id))
    facts = Facts(asset.people, "", None, None, archived=False, consents=known)
    return frozenset(scope for scope in Scope if cleared(facts, at, zone, scope).ok)


def open_file(session: Session, storage: Storage, ref: str, consent_ref: str) -> Served:
    """Return the file of a consent, open for reading; raises ConsentMissingError and FileMissingError."""
    sha256 = _consent(session, ref, consent_ref, held=False).file_sha256
    stream = storage.open(Shelf.CONSENTS, sha256)
    media_type = _media_type(stream.read(_HEAD))
    stream.seek(0)
    return Served(stream, media_type, sha256, f"{consent_ref}{_ENDINGS.get(media_type, '')}")


def posts_to_go_out(session: Session, ref: str, most: int) -> tuple[Sequence[Post], int]:
    """Return the posts with that material that are still to go out, ``most`` of them, and how many there are."""
    waiting = (
        select(PostMedia.post_id)
        .join(Publication, Publication.post_id == PostMedia.post_id)
        .where(PostMedia.asset_ref == ref, Publication.state.in_(_WILL_GO_OUT))
    )
    total = session.scalar(select(func.count()).select_from(Post).where(Post.id.in_(waiting))) or 0
    found = session.scalars(
        select(Post).where(Post.id.in_(waiting)).order_by(Post.due_at, Post.id).limit(most)
    ).all()
    return found, total


def _asset(session: Session, ref: str) -> Asset:
    # Held, so that two who name the same person at once do not name them in two ways.
    asset = session.scalars(select(Asset).where(Asset.ref == ref).with_for_update()).one_or_none()
    if asset is None:
        raise AssetMissingError(ref=ref)
    return asset


def _consent(session: Session, ref: str, consent_ref: str, *, held: bool = True) -> Consent:
    query = (
        select(Consent)
        .join(Asset, Asset.id == Consent.asset_id)
        .where(Asset.ref == ref, Consent.ref == consent_ref)
    )
    consent = session.scalars(query.with_for_update(of=Consent) if held else query).one_or_none()
    if consent is None:
        raise ConsentMissingError(ref=consent_ref)
    return consent


def _media_type(head: bytes) -> str:
    """Return what the first bytes say a file is; empty for what is neither a PDF nor a picture."""
    if head.startswith(b"%PDF-"):
        return _PDF
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ""
