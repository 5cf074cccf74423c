"""The files of a pack's materials for one body: every format that is made with its logo, and the whole picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, bindparam, or_, select
from sqlalchemy.orm import Session

from assets import renditions
from assets.models import Asset, AssetFraming, AssetKind, AssetVersion, Rendition
from assets.renditions import PICTURES, Mark, Source
from content_calendar.bulk import Among, Prepared
from content_calendar.models.directory import Body

_FRAMED = frozenset({AssetKind.IMAGE, AssetKind.TEMPLATE})


class Version(NamedTuple):
    """One version of a material, as a pack needs it: read as plain values, since a pack has hundreds."""

    asset_id: int
    ref: str
    kind: AssetKind
    title: str
    alt_text: str
    author: str
    licence: str
    source: str
    expires_on: date | None
    version_id: int
    n: int
    sha256: str
    original_sha256: str
    thumbnail_sha256: str
    media_type: str
    size: int


class Rendered(NamedTuple):
    """One file of a material as a body gets it: its format (empty for the material as it is) and its bytes."""

    format: str
    sha256: str
    size: int
    media_type: str


# Written once: a pack is gathered before its first byte leaves, and to write a query costs more than to ask it.
_FRAMINGS = Prepared(
    select(AssetFraming.version_id, AssetFraming.cut, AssetFraming.across, AssetFraming.down).where(
        Among(AssetFraming.version_id)
    )
)
_MADE = Prepared(select(
    Rendition.source_sha256, Rendition.framing, Rendition.recipe,
    Rendition.format, Rendition.sha256, Rendition.size, Rendition.media_type,
).where(Among(Rendition.source_sha256, "sources", String()), Rendition.mark == bindparam("mark")))  # fmt: skip


@dataclass(frozen=True)
class Pictures:
    """The files of some versions by ``version_id``; ``unmade`` are those whose formats are still to be made."""

    files: Mapping[int, Sequence[Rendered]]
    mark: Mark
    unmade: Sequence[Source] = ()


def pictures_of(
    session: Session, versions: Collection[Version], body: Body | None, printable: Collection[str]
) -> Pictures:
    """Return the files of these versions for a body; without one, with no logo. Three queries at most.

    What is for paper is only of the materials that are ``printable``, by reference.
    """
    framed = [one for one in versions if one.kind in _FRAMED and one.media_type in PICTURES]
    whole = {one.version_id: [Rendered("", one.sha256, one.size, one.media_type)] for one in versions}
    if not framed:
        return Pictures(whole, Mark())
    mark = renditions.marks_of(session, [body.id])[body.id] if body else Mark()
    sources = _sources(session, framed)
    made = _made(session, [one.sha256 for one in framed], mark)
    formats = renditions.formats()
    anywhere = [slug for slug, wanted in formats.items() if not wanted.is_for_paper]
    unmade = []
    for one in framed:
        source = sources[one.version_id]
        rows = made.get((source.sha256, source.framing), {})
        if len(rows) < len(formats):
            unmade.append(source)
        slugs = formats if one.ref in printable else anywhere
        whole[one.version_id] += [rows[slug] for slug in slugs if slug in rows]
    return Pictures(whole, mark, unmade)


def _sources(session: Session, versions: Sequence[Version]) -> dict[int, Source]:
    rows = _FRAMINGS(session.connection(), {"ids": [one.version_id for one in versions]})
    framings = {version_id: how for version_id, *how in rows}
    return {
        one.version_id: Source(one.sha256, one.original_sha256, *framings.get(one.version_id, ()))
        for one in versions
    }


def _made(session: Session, sources: Sequence[str], mark: Mark) -> dict[tuple[str, str], dict[str, Rendered]]:
    """Return the formats that are made with that mark and by today's recipe, by picture and cut."""
    rows = _MADE(session.connection(), {"sources": sources, "mark": mark.key})
    recipes = {slug: one.recipe for slug, one in renditions.formats().items()}
    found: dict[tuple[str, str], dict[str, Rendered]] = {}
    for source, framing, recipe, *rest in rows:
        one = Rendered._make(rest)
        if recipes.get(one.format) == recipe:
            found.setdefault((source, framing), {})[one.format] = one
    return found


def refs_with(session: Session, refs: Collection[str], sha256: str) -> set[str]:
    """Return those of the materials that the file is of: whole, small, or in any format."""
    sources = select(Rendition.source_sha256).where(Rendition.sha256 == sha256)
    is_it = or_(
        AssetVersion.sha256 == sha256,
        AssetVersion.thumbnail_sha256 == sha256,
        AssetVersion.sha256.in_(sources),
    )
    query = select(Asset.ref).join(AssetVersion, AssetVersion.asset_id == Asset.id)
    return set(session.scalars(query.where(Asset.ref.in_(refs), is_it)))
