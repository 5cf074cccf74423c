"""The files of a pack's materials for one body: every format that is made with its logo, and the whole picture."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assets import renditions
from assets.models import Asset, AssetFraming, AssetKind, AssetVersion, Rendition
from assets.renditions import PICTURES, Mark, Source
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


@dataclass(frozen=True)
class Rendered:
    """One file of a material as a body gets it: its format (empty for the material as it is) and its bytes."""

    format: str
    sha256: str
    size: int
    media_type: str


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
    unmade = []
    for one in framed:
        source = sources[one.version_id]
        rows = made.get((source.sha256, source.framing), {})
        if len(rows) < len(renditions.formats()):
            unmade.append(source)
        whole[one.version_id] += [
            rows[slug]
            for slug, wanted in renditions.formats().items()
            if slug in rows and (one.ref in printable or not wanted.is_for_paper)
        ]
    return Pictures(whole, mark, unmade)


def _sources(session: Session, versions: Sequence[Version]) -> dict[int, Source]:
    framings = {
        row.version_id: row
        for row in session.scalars(
            select(AssetFraming).where(AssetFraming.version_id.in_([one.version_id for one in versions]))
        )
    }
    found = {}
    for one in versions:
        row = framings.get(one.version_id)
        cut = (row.cut, row.across, row.down) if row else ()
        found[one.version_id] = Source(one.sha256, one.original_sha256, *cut)
    return found


def _made(session: Session, sources: Sequence[str], mark: Mark) -> dict[tuple[str, str], dict[str, Rendered]]:
    """Return the formats that are made with that mark and by today's recipe, by picture and cut."""
    of = Rendition
    rows = session.execute(
        select(of.source_sha256, of.framing, of.format, of.recipe, of.sha256, of.size, of.media_type).where(
            of.source_sha256.in_(sources), of.mark == mark.key
        )
    )
    recipes = {slug: one.recipe for slug, one in renditions.formats().items()}
    found: dict[tuple[str, str], dict[str, Rendered]] = {}
    for source, framing, slug, recipe, sha256, size, media_type in rows:
        if recipes.get(slug) == recipe:
            found.setdefault((source, framing), {})[slug] = Rendered(slug, sha256, size, media_type)
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
