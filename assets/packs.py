"""Packs: everything that one body needs to take up a post, a theme, a bimester or a material.

Only posts that were approved and materials that may be used that day where the body is; what stays out is
told with why. Plain values are gathered with a session; the bytes are read afterwards, without one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, String, bindparam, insert, select
from sqlalchemy.orm import Session

from assets import library
from assets.clearance import Clearance, Reason, Scope
from assets.models import Asset, AssetUse, AssetVersion, BodyView, PackOf, SeenThing, UseKind
from assets.pack_pictures import Rendered, Version, pictures_of, refs_with
from assets.renditions import Mark, Source
from assets.storage import Shelf, Storage
from assets.zipping import MOST_BYTES, MOST_ENTRIES, Entry, stem
from content_calendar.bimesters import bimester_span
from content_calendar.bulk import Among, Prepared
from content_calendar.clock import now
from content_calendar.content import Content, Medium, from_json
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.inserting import insert_absent
from content_calendar.models.allies import AllyWeek, AllyWeekPost
from content_calendar.models.directory import Body
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_campaign
from content_calendar.posts import PostNotFoundError
from content_calendar.visibility import APPROVED

MOST_POSTS = 300
_MOST_LOOSE = 500
_LONGEST_BIMESTER = len("2026-6")
# Room for the names, the texts and the instructions beside the pictures.
_ROOM = 50_000_000
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "video/mp4": ".mp4",
    "application/pdf": ".pdf", "audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/wav": ".wav",
    "text/plain": ".txt", "text/vtt": ".vtt",
}  # fmt: skip


# Written once: a pack is gathered before its first byte leaves, and to write a query costs more than to ask it.
_THEME = select(Theme.id, Theme.title).where(Theme.ref == bindparam("ref"))
_LOOSE = Prepared(
    select(Asset.ref)
    .where(Asset.theme_id == bindparam("theme_id"), Asset.archived_at.is_(None))
    .order_by(Asset.created_at.desc(), Asset.id.desc())
    .limit(_MOST_LOOSE)
)
_APPROVED = (
    select(Post.id, Post.ref, Post.title, PostVersion.content, Post.due_at, Post.due_zone)
    .join(PostVersion, PostVersion.id == Post.approved_version_id)
    .where(Post.state.in_(APPROVED))
    # One more tells that there are more; a post without a moment comes last.
    .order_by(Post.due_at.is_(None), Post.due_at, Post.id)
    .limit(MOST_POSTS + 1)
)
_TAGS = Prepared(
    select(post_campaign.c.post_id, Campaign.tags)
    .join(Campaign, Campaign.id == post_campaign.c.campaign_id)
    .where(Among(post_campaign.c.post_id))
    .order_by(Campaign.id)
)
_VERSIONS = Prepared(
    select(
        Asset.id, Asset.ref, Asset.kind, Asset.title, Asset.alt_text, Asset.author, Asset.licence, Asset.source,
        Asset.expires_on, AssetVersion.id, AssetVersion.n, AssetVersion.sha256, AssetVersion.original_sha256,
        AssetVersion.thumbnail_sha256, AssetVersion.media_type, AssetVersion.size,
    )
    .join(AssetVersion, AssetVersion.asset_id == Asset.id)
    .where(Among(Asset.ref, "refs", String()))
)  # fmt: skip


class PackMissingError(NotFoundError):
    """There is nothing of that kind and reference that a pack could be made of."""

    code = "pack_missing"


class PackEmptyError(ConflictError):
    """There is nothing that this body may use today."""

    code = "pack_empty"


class PackedFile(NamedTuple):
    """A file of a pack: its name inside, and where its bytes lie."""

    name: str
    format: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class PackedMaterial:
    """A material of a pack: what is said of it, and its files."""

    asset_id: int
    ref: str
    version: int
    title: str
    alt_text: str
    author: str
    licence: str
    source: str
    files: tuple[PackedFile, ...]
    expires_on: date | None = None
    thumbnail_sha256: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A material that is not in the pack, and every reason why."""

    ref: str
    title: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class PackedPost:
    """A post of a pack: its texts as they were approved, by network where they differ, and its materials."""

    id: int
    ref: str
    title: str
    folder: str
    content: Content
    tags: tuple[str, ...]
    due_at: datetime | None
    due_zone: str
    materials: tuple[PackedMaterial, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A pack for one body, or for the commission where ``body`` is None, as things stand at ``made_at``."""

    of: PackOf
    subject: str
    title: str
    body: Body | None
    made_at: datetime
    posts: tuple[PackedPost, ...] = ()
    loose: tuple[PackedMaterial, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    more_posts: bool = False
    # The pictures whose formats with that mark are still to be made: they come whole.
    mark: Mark = field(default_factory=Mark)
    unmade: tuple[Source, ...] = ()

    @property
    def materials(self) -> list[PackedMaterial]:
        """Return the materials of the posts, and those that are of no post."""
        return [*(one for post in self.posts for one in post.materials), *self.loose]

    @property
    def files(self) -> list[PackedFile]:
        """Return the files of the materials, in their order."""
        return [file for one in self.materials for file in one.files]

    @property
    def size(self) -> int:
        """Return how many bytes the materials are."""
        return sum(file.size for file in self.files)

    @property
    def stem(self) -> str:
        """Return what the file of the pack is called, without its ending."""
        parts = ["paquete", stem(self.title, self.subject), self.body.slug if self.body else ""]
        return "-".join(filter(None, parts))

    def entries(self, storage: Storage) -> list[Entry]:
        """Return the materials' files as entries of a ZIP."""
        return [
            Entry(file.name, file.size, partial(storage.open, Shelf.SERVED, file.sha256))
            for file in self.files
        ]


@dataclass
class _Gathering:
    """What is taken in while a pack is made."""

    body: Body | None
    storage: Storage
    shown: Mapping[tuple[str, int], Version]
    rendered: Mapping[int, Sequence[Rendered]]
    clearances: Mapping[str, Clearance]
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    bytes: int = 0
    count: int = 0

    def packed(self, ref: str, n: int, place: str, alt_text: str = "") -> PackedMaterial | None:
        """Return the material with its files, or None, noting why it stays out."""
        one = self.shown.get((ref, n))
        clearance = self.clearances[ref]
        if one is None or not clearance.ok:
            blocking = [reason for reason in clearance.reasons if reason.blocks]
            title = one.title if one else ref
            return self.out(ref, title, *(blocking or [Reason("asset_missing", blocks=True)]))
        files = _named(place, self.rendered.get(one.version_id, ()))
        # Looked at now, since a pack that has begun can only break off.
        if not files or any(self.storage.lacks(Shelf.SERVED, file.sha256) for file in files):
            return self.out(ref, one.title, Reason("file_missing", blocks=True))
        size = sum(file.size for file in files)
        if self.bytes + size > MOST_BYTES - _ROOM or self.count + len(files) > MOST_ENTRIES // 2:
            return self.out(ref, one.title, Reason("pack_full", blocks=True))
        self.bytes, self.count = self.bytes + size, self.count + len(files)
        return PackedMaterial(
            one.asset_id, ref, n, one.title, alt_text or one.alt_text, one.author, one.licence, one.source,
            files, one.expires_on, one.thumbnail_sha256,
        )  # fmt: skip

    def out(self, ref: str, title: str, *reasons: Reason) -> PackedMaterial | None:
        """Note that a material stays out, and return that there is none."""
        self.left_out.setdefault(ref, LeftOut(ref, title, reasons))
        return None


def gather(
    session: Session,
    storage: Storage,
    of: PackOf,
    subject: str,
    body: Body | None,
    zone: tzinfo,
    only: str = "",
) -> Pack:
    """Return the pack of a post, theme, bimester, material or week of the allies; "2026-6" is a bimester's.

    ``zone`` is the body's: it tells which day it is there. ``only`` is the SHA-256 of one file: then no material
    is gathered but those that it is of. Raises PackMissingError, PostNotFoundError for a
    post that nobody approved, and what ``bimester_span`` raises. The number of queries does not grow.
    """
    title, posts, loose = _subject(session, of, subject, zone)
    told = posts[:MOST_POSTS]
    picks = {(one.asset_ref, one.asset_version) for post in told for one in post.content.media}
    if only:
        having = refs_with(session, {ref for ref, _ in picks} | set(loose), only)
        picks = {pick for pick in picks if pick[0] in having}
        loose = [ref for ref in loose if ref in having]
    taken = {ref for ref, _ in picks}
    shown = _versions(session, taken | set(loose))
    last = {ref: n for ref, n in sorted(shown) if ref in loose and ref not in taken}
    at = now()
    clearances, paper = library.clearances_of(
        session, taken | set(loose), at, zone, [Scope.NETWORKS, Scope.PRINT]
    )
    wanted = [shown[pick] for pick in picks | set(last.items()) if pick in shown and clearances[pick[0]].ok]
    pictures = pictures_of(session, wanted, body, {ref for ref, answer in paper.items() if answer.ok})
    gathering = _Gathering(body, storage, shown, pictures.files, clearances)
    packed = tuple(_packed_post(gathering, post, alone=of is PackOf.POST, zone=zone) for post in told)
    places = {ref: f"materiales/{stem(shown[ref, last[ref]].title)}-{ref}" for ref in loose if ref in last}
    found = [gathering.packed(ref, last[ref], place) for ref, place in places.items()]
    return Pack(
        of, subject, title, body, at, packed, tuple(one for one in found if one),
        tuple(gathering.left_out.values()), more_posts=len(posts) > MOST_POSTS,
        mark=pictures.mark, unmade=tuple(pictures.unmade),
    )  # fmt: skip


def record_pulls(session: Session, pack: Pack, person_id: int | None = None) -> None:
    """Note that the body got the texts of each post, and each material and for which post; in two statements."""
    body_id = pack.body.id if pack.body else None
    rows = [
        {"asset_id": one.asset_id, "version": one.version, "post_id": post_id, "format": file.format}
        for post_id, some in [*((post.id, post.materials) for post in pack.posts), (None, pack.loose)]
        for one in some
        for file in one.files
    ]
    same: dict[str, object] = {
        "kind": UseKind.DOWNLOADED,
        "body_id": body_id,
        "person_id": person_id,
        "at": now(),
    }
    if rows:
        session.execute(insert(AssetUse), [row | same for row in rows])
    if body_id is not None and pack.posts:
        seen = {"thing": SeenThing.PACK, "body_id": body_id, "seen_on": now().date()}
        insert_absent(session, BodyView, [seen | {"thing_id": post.id} for post in pack.posts])


def _subject(
    session: Session, of: PackOf, subject: str, zone: tzinfo
) -> tuple[str, list[PackedPost], list[str]]:
    """Return the title, the posts with their approved versions, and the materials that are of no post."""
    if of is PackOf.POST:
        posts = approved(session, Post.ref == subject)
        if not posts:
            raise PostNotFoundError(ref=subject)
        return posts[0].title or subject, posts, []
    if of is PackOf.THEME:
        theme = session.execute(_THEME, {"ref": subject}).one_or_none()
        if theme is None:
            raise PackMissingError(ref=subject)
        loose = [row[0] for row in _LOOSE(session.connection(), {"theme_id": theme.id})]
        return theme.title, approved(session, Post.theme_id == theme.id), loose
    if of is PackOf.WEEK:
        chosen = select(AllyWeekPost.post_id).join(AllyWeek).where(AllyWeek.ref == subject)
        return subject, approved(session, Post.id.in_(chosen.where(AllyWeekPost.left_out_at.is_(None)))), []
    if of is PackOf.BIMESTER:
        return subject, approved(session, *_within(subject, zone)), []
    asset = session.scalars(select(Asset).where(Asset.ref == subject)).one_or_none()
    if asset is None:
        raise PackMissingError(ref=subject)
    return asset.title, [], [asset.ref]


def _within(subject: str, zone: tzinfo) -> list[ColumnElement[bool]]:
    year, _, number = subject.partition("-")
    if not (
        subject.isascii() and year.isdecimal() and number.isdecimal() and len(subject) <= _LONGEST_BIMESTER
    ):
        raise PackMissingError(ref=subject)
    first, last = bimester_span(int(year), int(number))
    begin, end = datetime.combine(first, time(), zone), datetime.combine(last, time(), zone)
    return [Post.due_at >= begin, Post.due_at < end + timedelta(days=1)]


def approved(session: Session, *where: ColumnElement[bool]) -> list[PackedPost]:
    """Return the approved posts in the order of their moments, as approved and still without materials."""
    rows = session.execute(_APPROVED.where(*where)).all()
    tags: dict[int, list[str]] = {}
    for post_id, some in _TAGS(session.connection(), {"ids": [row.id for row in rows]}):
        tags.setdefault(post_id, []).extend(some)
    return [
        PackedPost(
            row.id, row.ref, row.title, "", from_json(row.content), tuple(dict.fromkeys(tags.get(row.id, ()))),
            row.due_at, row.due_zone,
        )
        for row in rows
    ]  # fmt: skip


def _versions(session: Session, refs: Collection[str]) -> dict[tuple[str, int], Version]:
    if not refs:
        return {}
    versions = [Version._make(row) for row in _VERSIONS(session.connection(), {"refs": list(refs)})]
    return {(one.ref, one.n): one for one in versions}


def _packed_post(gathering: _Gathering, post: PackedPost, *, alone: bool, zone: tzinfo) -> PackedPost:
    day = post.due_at.astimezone(zone).date().isoformat() if post.due_at else "sin-fecha"
    folder = "" if alone else f"{day}-{stem(post.title, 'publicacion')}-{post.ref}/"
    materials = [
        gathering.packed(
            one.asset_ref, one.asset_version, _place(folder, number, one, gathering), one.alt_text
        )
        for number, one in enumerate(post.content.media, start=1)
        if one.asset_ref in gathering.clearances
    ]
    return replace(post, folder=folder, materials=tuple(one for one in materials if one))


def _place(folder: str, number: int, medium: Medium, gathering: _Gathering) -> str:
    found = gathering.shown.get((medium.asset_ref, medium.asset_version))
    return f"{folder}imagenes/{number:02}-{stem(found.title if found else medium.asset_ref)}"


def _named(place: str, rendered: Sequence[Rendered]) -> tuple[PackedFile, ...]:
    """Return the files with their names: alone beside the others, or several in a folder of their own."""
    several = len(rendered) > 1
    return tuple(
        PackedFile(
            f"{place}/{_of_format(one.format)}{ending}" if several else f"{place}{ending}",
            one.format, one.sha256, one.size, one.media_type,
        )
        for one in rendered
        for ending in [_ENDINGS.get(one.media_type, ".bin")]
    )  # fmt: skip


@cache
def _of_format(slug: str) -> str:
    """Return what the file of a format is called; there are as many as formats."""
    return stem(slug, "completa")
