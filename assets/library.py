"""The tool-box's verbs: take in, add, replace, relabel, open, put away, clear.

Functions take a session and never commit. ``take_in`` takes none: opening a hostile picture may last
seconds, in which no transaction should be open, and a row can only be made of files that are kept already.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import datetime, tzinfo
from io import BytesIO
from typing import BinaryIO

from sqlalchemy import and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from assets import videos
from assets.clearance import MISSING, Clearance, Facts, Scope, cleared
from assets.finding import Shown
from assets.labels import Label, checked, clean, clean_filename, searchable
from assets.models import Asset, AssetKind, AssetUse, AssetVersion, Captions, Consent, UseKind
from assets.pictures import develop
from assets.storage import Keeps, Shelf, Storage
from content_calendar import webhooks
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.people import Person
from content_calendar.models.webhooks import EventKind

_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", videos.MEDIA_TYPE: ".mp4", "application/pdf": ".pdf",
    "text/plain": ".txt", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/wav": ".wav",
    "audio/ogg": ".ogg",
}  # fmt: skip
_PICTURED = frozenset({AssetKind.IMAGE, AssetKind.LOGO, AssetKind.TEMPLATE})
_FACTS = (
    select(
        Asset.ref, Asset.people, Asset.licence, Asset.embargo_until, Asset.expires_on, Asset.archived_at,
        and_(Asset.kind == AssetKind.VIDEO, ~exists().where(Captions.asset_id == Asset.id)), Consent,
    )
    .outerjoin(Consent, Consent.asset_id == Asset.id)
    .where(Asset.ref.in_(bindparam("refs", expanding=True)))
)  # fmt: skip


def kind_of(media_type: str) -> AssetKind:
    """Return what kind of material has this media type."""
    family = media_type.partition("/")[0]
    if media_type == "application/pdf":
        return AssetKind.PDF
    return {"video": AssetKind.VIDEO, "audio": AssetKind.AUDIO, "text": AssetKind.TEXT}.get(
        family, AssetKind.IMAGE
    )


def needs_alt_text(kind: AssetKind) -> bool:
    """Return whether those who do not see need a text for it; a document and a sound are described, if at all."""
    return kind in _PICTURED or kind is AssetKind.VIDEO


class AssetMissingError(NotFoundError):
    """There is no such material or no such version. ``ref`` and ``version`` say which."""

    code = "asset_missing"


class AssetArchivedError(ConflictError):
    """The material was put away; nothing more can be done to it. ``ref`` says which."""

    code = "asset_archived"


class AssetKindDiffersError(InvalidError):
    """A new version of a picture is a picture, and of a video a video. ``ref`` says of which."""

    code = "asset_kind_differs"


@dataclass(frozen=True)
class Taken:
    """An upload that was looked at, made safe and kept; only ``take_in`` and ``intake`` make one."""

    filename: str
    original_sha256: str
    sha256: str
    thumbnail_sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None = None

    @property
    def kind(self) -> AssetKind:
        """Return what kind of material it makes; a picture may be said to be a logo or a template."""
        return kind_of(self.media_type)


@dataclass(frozen=True)
class Added(Shown):
    """What an upload became; ``duplicate`` when the tool-box had exactly this picture and nothing was added."""

    duplicate: bool


@dataclass(frozen=True)
class Served:
    """A file open for reading; whoever gets it closes it. ``sha256`` is its name for caches."""

    stream: BinaryIO
    media_type: str
    sha256: str
    filename: str


def take_in(storage: Keeps, data: bytes, filename: str = "", field: str = "image") -> Taken:
    """Open an upload, make safe pictures of it, keep them and the original apart; return what was kept.

    Raises what ``pictures.develop`` raises; then nothing is kept. If the row is never written, the files
    stay without one until they are swept.
    """
    developed = develop(data, field)
    served = developed.served
    return Taken(
        filename=clean_filename(filename),
        original_sha256=storage.put(Shelf.ORIGINALS, BytesIO(data)),
        sha256=storage.put(Shelf.SERVED, BytesIO(served.data)),
        thumbnail_sha256=storage.put(Shelf.SERVED, BytesIO(developed.thumbnail.data)),
        media_type=served.media_type,
        size=len(served.data),
        width=served.width,
        height=served.height,
    )


def add_image(
    session: Session, taken: Taken, label: Label, by: Person, kind: AssetKind | None = None, text: str = ""
) -> Added:
    """Add a material with what is said of it; return the one that is there already when it is the same.

    ``kind`` makes a picture a logo or a template; ``text`` is what there is to copy of a text.
    Raises what ``labels.checked`` raises, and AssetKindDiffersError.
    """
    kind = kind or taken.kind
    if not _fits(kind, taken):
        raise AssetKindDiffersError(ref="")
    label = checked(label, taken.filename, needs_alt=needs_alt_text(kind))
    same = _same_picture(session, taken, by)
    if same is not None:
        return same
    asset = Asset(kind=kind, text=text, added_by_id=by.id, **vars(label))
    session.add(asset)
    asset.search = _search_words(asset, taken.filename)
    session.flush()
    version = _add_version(session, asset, 1, taken, by)
    record(session, by.ref, "asset.added", "asset", asset.ref, version=1, sha256=taken.sha256)
    webhooks.note(session, EventKind.MATERIAL_NEW, {asset.ref: asset.ref})
    return Added(asset, version, duplicate=False)


def replace(session: Session, ref: str, taken: Taken, change: str, by: Person, text: str = "") -> Added:
    """Add a new version of a material, ``change`` telling what is different; posts keep the version they chose.

    Raises AssetMissingError, AssetArchivedError, and AssetKindDiffersError for a video of a picture. The same
    as the last version is not added again.
    """
    asset = _locked(session, ref)
    if not _fits(asset.kind, taken):
        raise AssetKindDiffersError(ref=ref)
    last = _last_version(session, asset)
    if last.original_sha256 == taken.original_sha256 or last.sha256 == taken.sha256:
        return Added(asset, last, duplicate=True)
    version = _add_version(session, asset, last.n + 1, taken, by, clean(change))
    if asset.kind is AssetKind.TEXT:
        asset.text = text
    asset.search = _search_words(asset, taken.filename)
    record(session, by.ref, "asset.replaced", "asset", ref, version=version.n, sha256=taken.sha256)
    return Added(asset, version, duplicate=False)


def relabel(session: Session, ref: str, label: Label, by: Person) -> Asset:
    """Say something else of a material; raise AssetMissingError, AssetArchivedError and what ``checked`` raises."""
    asset = _locked(session, ref)
    filename = _last_version(session, asset).filename
    label = checked(label, filename, needs_alt=needs_alt_text(asset.kind))
    changed = sorted(name for name, value in vars(label).items() if getattr(asset, name) != value)
    for name in changed:
        setattr(asset, name, getattr(label, name))
    if changed:
        asset.search = _search_words(asset, filename)
        session.flush()
        record(session, by.ref, "asset.relabelled", "asset", ref, changed=changed)
    return asset


def archive(session: Session, ref: str, by: Person) -> Asset:
    """Put a material away: no longer offered nor cleared, still there for what was published with it."""
    asset = _locked(session, ref, even_archived=True)
    if asset.archived_at is None:
        asset.archived_at = now()
        session.flush()
        record(session, by.ref, "asset.archived", "asset", ref)
    return asset


def bring_back(session: Session, ref: str, by: Person) -> Asset:
    """Offer a material again that was put away; raise AssetMissingError."""
    asset = _locked(session, ref, even_archived=True)
    if asset.archived_at is not None:
        asset.archived_at = None
        session.flush()
        record(session, by.ref, "asset.restored", "asset", ref)
    return asset


def get(session: Session, ref: str) -> Asset:
    """Return a material with its versions loaded; raise AssetMissingError."""
    asset = session.scalars(
        select(Asset).where(Asset.ref == ref).options(selectinload(Asset.versions))
    ).one_or_none()
    if asset is None:
        raise AssetMissingError(ref=ref)
    return asset


def chosen(session: Session, picks: Collection[tuple[str, int]]) -> dict[tuple[str, int], Shown]:
    """Return the versions that somebody picked, by (ref, version), in one query; what is missing is left out."""
    if not picks:
        return {}
    rows = session.execute(
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(or_(*(and_(Asset.ref == ref, AssetVersion.n == n) for ref, n in set(picks))))
    )
    return {(asset.ref, version.n): Shown(asset, version) for asset, version in rows}


def open_served(session: Session, storage: Storage, ref: str, n: int, *, thumbnail: bool = False) -> Served:
    """Return what is served of one version, open for reading; never the original.

    Raises AssetMissingError, and FileMissingError when the storage lost the file.
    """
    version = session.scalars(
        select(AssetVersion).join(AssetVersion.asset).where(Asset.ref == ref, AssetVersion.n == n)
    ).one_or_none()
    if version is None:
        raise AssetMissingError(ref=ref, version=n)
    small = thumbnail and bool(version.thumbnail_sha256)
    sha256 = version.thumbnail_sha256 if small else version.sha256
    # A video's small picture is one of its frames.
    media_type = "image/jpeg" if small and version.media_type == videos.MEDIA_TYPE else version.media_type
    stem = version.filename.rpartition(".")[0] or version.filename or ref
    return Served(
        storage.open(Shelf.SERVED, sha256), media_type, sha256, stem + _ENDINGS.get(media_type, ".bin")
    )


@dataclass(frozen=True)
class Use:
    """Where a material was used; ids of the plan, as far as they apply."""

    kind: UseKind
    post_id: int | None = None
    publication_id: int | None = None
    body_id: int | None = None
    person_id: int | None = None
    format: str = ""


def record_use(session: Session, ref: str, n: int, use: Use) -> None:
    """Note that a version was used; raise AssetMissingError.

    A post that is saved again, or a publication that is recorded again, uses a version once; each
    download counts.
    """
    asset_id = session.scalar(
        select(Asset.id).join(Asset.versions).where(Asset.ref == ref, AssetVersion.n == n)
    )
    if asset_id is None:
        raise AssetMissingError(ref=ref, version=n)
    known = select(AssetUse.id).where(
        AssetUse.asset_id == asset_id,
        AssetUse.version == n,
        AssetUse.kind == use.kind,
        AssetUse.post_id == use.post_id,
        AssetUse.publication_id == use.publication_id,
        AssetUse.body_id == use.body_id,
    )
    if use.kind is UseKind.DOWNLOADED or session.scalar(known.limit(1)) is None:
        session.add(AssetUse(asset_id=asset_id, version=n, **vars(use)))
        session.flush()


def clearance_of(
    session: Session, refs: Collection[str], at: datetime, zone: tzinfo, scope: Scope | None = None
) -> Mapping[str, Clearance]:
    """Return for each material whether it may be used ``at`` that moment, in one query.

    ``zone`` is that of the body that publishes: it tells which day it is. ``scope`` is what for; None asks whether
    for anything at all. A material that is not there is not cleared.
    """
    return clearances_of(session, refs, at, zone, [scope])[0]


def clearances_of(
    session: Session, refs: Collection[str], at: datetime, zone: tzinfo, scopes: Sequence[Scope | None]
) -> Sequence[Mapping[str, Clearance]]:
    """Return what ``clearance_of`` does for each of several scopes, still in one query."""
    if not refs:
        return [{} for _ in scopes]
    rows = session.execute(_FACTS, {"refs": list(set(refs))})
    known: dict[str, Facts] = {}
    for ref, people, licence, embargo_until, expires_on, archived_at, mute, consent in rows:
        if ref not in known:
            known[ref] = Facts(
                people, licence, embargo_until, expires_on, archived_at is not None, uncaptioned=bool(mute)
            )
        if consent is not None:
            known[ref] = changed(known[ref], consents=(*known[ref].consents, consent.facts))
    return [
        {ref: cleared(known[ref], at, zone, scope) if ref in known else MISSING for ref in refs}
        for scope in scopes
    ]


def _locked(session: Session, ref: str, *, even_archived: bool = False) -> Asset:
    """Return the material, held until the transaction ends: two new versions must not take one number."""
    asset = session.scalars(select(Asset).where(Asset.ref == ref).with_for_update()).one_or_none()
    if asset is None:
        raise AssetMissingError(ref=ref)
    if asset.archived_at is not None and not even_archived:
        raise AssetArchivedError(ref=ref)
    return asset


def _last_version(session: Session, asset: Asset) -> AssetVersion:
    return session.scalars(
        select(AssetVersion).where(AssetVersion.asset_id == asset.id).order_by(AssetVersion.n.desc()).limit(1)
    ).one()


def _same_picture(session: Session, taken: Taken, by: Person) -> Added | None:
    # Somebody who clicks twice sends the same file twice at once: the second waits here for the first.
    session.execute(select(Person.id).where(Person.id == by.id).with_for_update(key_share=True))
    row = session.execute(
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(
            Asset.archived_at.is_(None),
            # The same file, the same picture with other metadata, or what was downloaded from here.
            or_(
                AssetVersion.original_sha256 == taken.original_sha256,
                AssetVersion.sha256.in_({taken.sha256, taken.original_sha256}),
            ),
        )
        .order_by(AssetVersion.n.desc(), Asset.id)
        .limit(1)
    ).first()
    return None if row is None else Added(row[0], row[1], duplicate=True)


def _add_version(
    session: Session, asset: Asset, n: int, taken: Taken, by: Person, change: str = ""
) -> AssetVersion:
    version = AssetVersion(asset_id=asset.id, n=n, change=change, added_by_id=by.id, **vars(taken))
    session.add(version)
    session.flush()
    return version


def _fits(kind: AssetKind, taken: Taken) -> bool:
    return kind is taken.kind or (kind in _PICTURED and taken.kind is AssetKind.IMAGE)


def _search_words(asset: Asset, filename: str) -> str:
    return searchable(
        [
            asset.title,
            asset.alt_text,
            asset.description,
            asset.author,
            asset.source,
            asset.licence,
            asset.text,
            filename,
        ]
    )
