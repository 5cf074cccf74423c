"""Formats: each picture in the sizes of the networks and of print, with a body's own logo in a reserved zone.

A rendition is named by what decides its pixels (the picture, the format, the mark, the cut, the recipe), made
when it is first asked for and kept. A format without a logo is kept too: the logo of the next body is put on it,
and the photograph is not opened again. The file is always written before the row.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.library import AssetMissingError
from assets.models import Asset, AssetFraming, AssetKind, AssetVersion, Cut, Rendition
from assets.pictures import begins_as_picture
from assets.printing import printed
from assets.storage import FileMissingError, Shelf, Storage
from content_calendar.audit import record
from content_calendar.bulk import Among, Prepared
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.inserting import insert_absent
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person

# Whoever changes the press so that the same order gives other pixels adds one.
RECIPE = 1
_FORMATS = Path(__file__).with_name("formats.json")
_PREVIEW_EDGE = 360
_PAPER_DPI = 150
_PER_MILLE = 1000
_FRAMED = frozenset({AssetKind.IMAGE, AssetKind.TEMPLATE})
_NAMES = Prepared(select(Owner.id, Owner.short_name).where(Among(Owner.id)))
_LOGOS = Prepared(
    select(Asset.body_id, AssetVersion.sha256)
    .join(AssetVersion, AssetVersion.asset_id == Asset.id)
    .where(Asset.kind == AssetKind.LOGO, Among(Asset.body_id), Asset.archived_at.is_(None))
    .order_by(Asset.id, AssetVersion.n)
)
PICTURES = frozenset({"image/jpeg", "image/png"})


class FormatMissingError(AssetMissingError):
    """There is no such format. ``format`` says which was asked for."""

    code = "format_missing"


class FocalPointError(InvalidError):
    """The point of interest is a number from 0 to 100 each way, both or neither."""

    code = "focal_point_invalid"


@dataclass(frozen=True)
class Format:
    """A size in which pictures are offered. ``zone`` is the logo's: left, top, width, height, in pixels.

    ``safe`` are the margins left, top, right and bottom that a network may cover or cut. ``place`` is where it
    is used, ``source`` where its size was read.
    """

    slug: str
    name: str
    name_en: str
    place: str
    width: int
    height: int
    safe: tuple[int, int, int, int]
    zone: tuple[int, int, int, int]
    max_bytes: int
    dpi: int
    source: str

    @property
    def is_for_paper(self) -> bool:
        """Return whether it is printed: then a consent has to cover print."""
        return self.dpi >= _PAPER_DPI

    @property
    def recipe(self) -> str:
        """Return what changes whenever the same picture would become other pixels."""
        return hashlib.sha256(orjson.dumps([RECIPE, *self.job().values()])).hexdigest()[:16]

    def job(self) -> dict[str, Any]:
        """Return what the press needs of it."""
        names = ("slug", "width", "height", "zone", "safe", "max_bytes", "dpi")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Mark:
    """What stands for a body in its zone: its logo, or else its short name set in type; neither: no mark."""

    key: str = ""
    logo_sha256: str = ""
    text: str = ""


@dataclass(frozen=True)
class Source:
    """A version of a picture and how it is to be cut: all that its formats depend on, as plain values."""

    sha256: str
    original_sha256: str
    cut: Cut = Cut.AUTO
    across: int | None = None
    down: int | None = None

    @property
    def framing(self) -> str:
        """Return the cut as one word, for keys."""
        return str(self.cut) if self.across is None else f"{self.cut} {self.across} {self.down}"


@dataclass(frozen=True)
class Made:
    """A rendition whose files are kept and whose row is not written yet."""

    row: Mapping[str, Any]


Kept = Mapping[tuple[str, str], Rendition]


@cache
def formats() -> Mapping[str, Format]:
    """Return all formats by their short name, in the order in which they are shown."""
    told = orjson.loads(_FORMATS.read_bytes())["formats"]
    return {
        one["slug"]: Format(**{**one, "safe": tuple(one["safe"]), "zone": tuple(one["zone"])}) for one in told
    }


def is_framed(asset: Asset, version: AssetVersion) -> bool:
    """Return whether formats are made of it: of pictures, and neither of logos nor of films."""
    return asset.kind in _FRAMED and version.media_type in PICTURES


def marks_of(session: Session, owner_ids: Collection[int]) -> dict[int, Mark]:
    """Return the mark of each body by its id: its logo's newest version, or its short name set in type."""
    if not owner_ids:
        return {}
    connection, whose = session.connection(), {"ids": list(owner_ids)}
    found = {owner_id: _in_type(name) for owner_id, name in _NAMES(connection, whose)}
    for owner_id, sha256 in _LOGOS(connection, whose):
        if owner_id is not None:
            found[owner_id] = Mark(sha256, logo_sha256=sha256)
    return found


def _in_type(name: str) -> Mark:
    return Mark(hashlib.sha256(f"in type: {name}".encode()).hexdigest(), text=name)


def source_of(session: Session, version: AssetVersion) -> Source:
    """Return a version of a picture with the cut that somebody chose for it, if anybody did."""
    framing = framing_of(session, version.id)
    if framing is None:
        return Source(version.sha256, version.original_sha256)
    return Source(version.sha256, version.original_sha256, framing.cut, framing.across, framing.down)


def framing_of(session: Session, version_id: int) -> AssetFraming | None:
    """Return how somebody wants that version cut; None when nobody said."""
    return session.scalars(select(AssetFraming).where(AssetFraming.version_id == version_id)).one_or_none()


def frame(session: Session, ref: str, n: int, how: tuple[Cut, int | None, int | None], by: Person) -> None:
    """Say how a version is cut: the way, and the point that stays in sight, in thousandths, both or neither.

    Raises AssetMissingError, and FocalPointError for a point that is not in the picture.
    """
    cut, across, down = how
    if (across is None) != (down is None) or not all(
        0 <= one <= _PER_MILLE for one in (across or 0, down or 0)
    ):
        raise FocalPointError("across")
    version_id = session.scalar(
        select(AssetVersion.id).join(AssetVersion.asset).where(Asset.ref == ref, AssetVersion.n == n)
    )
    if version_id is None:
        raise AssetMissingError(ref=ref, version=n)
    insert_absent(
        session, AssetFraming, [{"version_id": version_id, "cut": cut, "set_by_id": by.id, "set_at": now()}]
    )
    row = session.scalars(select(AssetFraming).where(AssetFraming.version_id == version_id)).one()
    row.cut, row.across, row.down, row.set_by_id, row.set_at = cut, across, down, by.id, now()
    record(session, by.ref, "asset.framed", "asset", ref, version=n, cut=str(cut))


def kept(session: Session, source: Source, marks: Iterable[Mark], wanted: Sequence[Format] = ()) -> Kept:
    """Return the renditions that are there already, by (mark's key, format), in one query."""
    recipes = {one.slug: one.recipe for one in wanted or formats().values()}
    rows = session.scalars(
        select(Rendition).where(
            Rendition.source_sha256 == source.sha256,
            Rendition.framing == source.framing,
            Rendition.mark.in_({one.key for one in marks}),
            Rendition.format.in_(recipes),
        )
    )
    return {(row.mark, row.format): row for row in rows if row.recipe == recipes[row.format]}


def make(
    storage: Storage,
    source: Source,
    marks: Sequence[Mark],
    bases: Kept | None = None,
    wanted: Sequence[Format] = (),
) -> list[Made]:
    """Make the formats with each mark and keep their files; rows are for ``keep``. Takes a second or more.

    ``bases`` are the same formats without a mark, if they are there: then the photograph is not opened. For any
    number of marks it is opened once. Raises what ``printing.printed`` raises, and FileMissingError.
    """
    wanted = wanted or tuple(formats().values())
    files: list[bytes] = []
    old = _kept_bases(storage, bases or {}, wanted, files)
    at = None
    if not old:
        files.append(_photograph(storage, source))
        at = len(files) - 1
    asked = []
    for mark in marks:
        if not mark.key:
            continue  # the format without a mark, which comes by itself
        file = None
        if mark.logo_sha256:
            files.append(_read(storage, mark.logo_sha256))
            file = len(files) - 1
        asked.append({"key": mark.key, "file": file, "text": mark.text})
    job = {
        "do": "set",
        "formats": [one.job() for one in wanted],
        "source": at,
        "bases": old,
        "framing": {"mode": str(source.cut), "across": source.across, "down": source.down},
        "keep_bases": not old,
        "preview": _PREVIEW_EDGE,
        "marks": asked,
    }
    recipes = {one.slug: one.recipe for one in wanted}
    return [_put(storage, source, recipes, told, parts) for told, parts in printed(job, files)]


def _put(
    storage: Storage,
    source: Source,
    recipes: Mapping[str, str],
    told: Mapping[str, Any],
    parts: tuple[bytes, ...],
) -> Made:
    whole, preview = parts
    return Made(
        {
            "source_sha256": source.sha256,
            "framing": source.framing,
            "recipe": recipes[told["format"]],
            "sha256": storage.put(Shelf.SERVED, BytesIO(whole)),
            "preview_sha256": storage.put(Shelf.SERVED, BytesIO(preview)),
            "size": len(whole),
            **{
                name: told[name]
                for name in ("format", "mark", "media_type", "width", "height", "contrast", "plate")
            },
        }
    )


def keep(session: Session, made: Sequence[Made]) -> None:
    """Write the rows of renditions whose files are kept; one that is there already stays as it is."""
    insert_absent(session, Rendition, [{**one.row, "created_at": now()} for one in made])


def _kept_bases(
    storage: Storage, bases: Kept, wanted: Sequence[Format], files: list[bytes]
) -> dict[str, int] | None:
    """Add the formats without a mark to ``files`` and return where each is; None unless all are there."""
    rows = [bases.get(("", one.slug)) for one in wanted]
    try:
        read = [_read(storage, row.sha256) for row in rows if row is not None]
    except FileMissingError:
        return None
    if len(read) != len(wanted):
        return None
    files.extend(read)
    return {one.slug: at for at, one in enumerate(wanted)}


def _photograph(storage: Storage, source: Source) -> bytes:
    """Return the original, which has the most pixels; what is served of it when the original is no picture."""
    try:
        data = _read(storage, source.original_sha256, Shelf.ORIGINALS)
    except FileMissingError:
        data = b""
    return data if begins_as_picture(data) else _read(storage, source.sha256)


def _read(storage: Storage, sha256: str, shelf: Shelf = Shelf.SERVED) -> bytes:
    with storage.open(shelf, sha256) as file:
        return file.read()
