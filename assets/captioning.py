"""The captions of a video: added, replaced, listed. Without any the video is not cleared."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.captions import normalised
from assets.library import get
from assets.models import AssetKind, Captions
from content_calendar.audit import record
from content_calendar.errors import InvalidError
from content_calendar.models.people import Person


class CaptionsNotOfVideoError(InvalidError):
    """Only a video has captions. ``ref`` says which material is none."""

    code = "captions_not_of_video"


def caption(session: Session, ref: str, data: bytes, language: str, by: Person) -> Captions:
    """Keep a video's captions in one language, instead of those that were there.

    Raises AssetMissingError, CaptionsNotOfVideoError and what ``captions.normalised`` raises.
    """
    vtt, cues = normalised(data)  # before the session is used: nobody waits for a database meanwhile
    asset = get(session, ref)
    if asset.kind is not AssetKind.VIDEO:
        raise CaptionsNotOfVideoError("captions", ref=ref)
    found = _of(session, asset.id, language)
    if found is None:
        found = Captions(asset_id=asset.id, language=language, added_by_id=by.id)
        session.add(found)
    found.vtt, found.cues, found.added_by_id = vtt, cues, by.id
    session.flush()
    record(session, by.ref, "asset.captioned", "asset", ref, language=language, cues=cues)
    return found


def listed(session: Session, asset_id: int) -> list[Captions]:
    """Return a video's captions, by language."""
    return list(
        session.scalars(select(Captions).where(Captions.asset_id == asset_id).order_by(Captions.language))
    )


def of_language(session: Session, ref: str, language: str) -> Captions | None:
    """Return a video's captions in one language, None when there are none; raise AssetMissingError."""
    return _of(session, get(session, ref).id, language)


def _of(session: Session, asset_id: int, language: str) -> Captions | None:
    return session.scalars(
        select(Captions).where(Captions.asset_id == asset_id, Captions.language == language)
    ).one_or_none()
