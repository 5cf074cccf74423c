"""Find materials by words, parts of words and facets, each with its last version.

On SQLite an index of every three letters answers (``asset_search``, migration 0004), newest first, as it
lies; on PostgreSQL pg_trgm's, of itself, for the same LIKE that also works without it. Words of one or two
letters are in no such index: they are looked for in what the other words left, or in the newest materials.
"""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, column, exists, func, or_, select, table
from sqlalchemy.orm import Session, aliased

from assets.clearance import ConsentBy, People
from assets.labels import clean, folded
from assets.models import Asset, AssetKind, AssetVersion, Captions, CollectionItem, Consent

_MOST_WORDS = 8
# Shorter parts are in no index.
_SHORTEST_INDEXED = 3
# Counting further would cost more than it tells: whoever finds so many looks for something else.
MOST_COUNTED = 1000
# Where words that are in no index are looked for: in so many materials, the newest.
_MOST_READ = 20_000
_INDEX = table("asset_search", column("rowid"), column("asset_search"))


@dataclass(frozen=True)
class Shown:
    """A material and one of its versions, as lists and the composer need them."""

    asset: Asset
    version: AssetVersion


@dataclass(frozen=True)
class Search:
    """What to look for; what is None or empty does not matter.

    ``text`` is words or parts of words, all of which must be found. ``cleared_at``, a moment and the day
    that it is there, leaves out what ``clearance.cleared`` would not let be used.
    """

    text: str = ""
    kind: AssetKind | None = None
    kinds: tuple[AssetKind, ...] = ()
    theme_id: int | None = None
    campaign_id: int | None = None
    body_id: int | None = None
    collection_id: int | None = None
    language: str | None = None
    licence: str | None = None
    people: People | None = None
    archived: bool = False
    cleared_at: tuple[datetime, date] | None = None
    limit: int = 48
    offset: int = 0


@dataclass(frozen=True)
class Page:
    """A part of what was found, newest first, and how many there are in all, counted up to MOST_COUNTED."""

    shown: list[Shown]
    total: int

    @property
    def uncounted(self) -> bool:
        """Return whether there may be more than ``total``."""
        return self.total >= MOST_COUNTED


@dataclass(frozen=True)
class Facets:
    """How many of what was found are of each theme, kind and so on; of the newest MOST_COUNTED."""

    theme_id: dict[int, int]
    body_id: dict[int, int]
    collection_id: dict[int, int]
    kind: dict[AssetKind, int]
    people: dict[People, int]
    language: dict[str, int]
    licence: dict[str, int]


def find(session: Session, search: Search | None = None) -> Page:
    """Return what matches, each with its last version; two queries, however much is found."""
    search = search or Search()
    counted = _newest(session, search, MOST_COUNTED)
    total = session.scalar(select(func.count()).select_from(counted)) or 0
    ids = _newest(session, search, search.limit, search.offset)
    later = aliased(AssetVersion)
    rows = session.execute(
        select(Asset, AssetVersion)
        .join(ids, ids.c.id == Asset.id)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(~exists().where(later.asset_id == AssetVersion.asset_id, later.n > AssetVersion.n))
        .order_by(Asset.id.desc())
    )
    return Page([Shown(asset, version) for asset, version in rows], total)


def facets(session: Session, search: Search | None = None) -> Facets:
    """Return what ``find`` would find, counted by every facet; two queries, however many facets there are."""
    found = _newest(session, search or Search(), MOST_COUNTED)
    counted: dict[str, Counter[object]] = {one.name: Counter() for one in fields(Facets)}
    named = ("theme_id", "body_id", "kind", "people", "language", "licence")
    columns = [getattr(Asset, name) for name in named]
    together = select(*columns, func.count()).join(found, found.c.id == Asset.id).group_by(*columns)
    for *values, many in session.execute(together):
        for name, value in zip(named, values, strict=True):
            if value is not None:
                counted[name][value] += many
    of_collections = (
        select(CollectionItem.collection_id, func.count())
        .join(found, found.c.id == CollectionItem.asset_id)
        .group_by(CollectionItem.collection_id)
    )
    for collection_id, many in session.execute(of_collections):
        counted["collection_id"][collection_id] = many
    return Facets(**{name: dict(counter.most_common()) for name, counter in counted.items()})  # type: ignore[arg-type] # each counter holds its column's values


def _newest(session: Session, search: Search, limit: int, offset: int = 0) -> Subquery:
    """Return the ids of what matches, the newest ``limit`` of them after ``offset``."""
    words = folded(clean(search.text)).split()[:_MOST_WORDS]
    chosen = select(Asset.id).where(*_conditions(search))
    newest: SQLColumnExpression[int] = Asset.id
    if session.get_bind().dialect.name == "sqlite":
        indexed = [word for word in words if len(word) >= _SHORTEST_INDEXED]
        words = [word for word in words if len(word) < _SHORTEST_INDEXED]
        if indexed:
            newest = _INDEX.c.rowid
            asked = " AND ".join('"' + word.replace('"', '""') + '"' for word in indexed)
            chosen = chosen.join(_INDEX, newest == Asset.id).where(_INDEX.c.asset_search.op("MATCH")(asked))
        elif words:
            last = select(func.max(Asset.id)).scalar_subquery()
            chosen = chosen.where(Asset.id > last - _MOST_READ)
    chosen = chosen.where(*(Asset.search.contains(word, autoescape=True) for word in words))
    return chosen.order_by(newest.desc()).limit(limit).offset(offset).subquery()


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if not search.archived:
        where.append(Asset.archived_at.is_(None))
    if search.cleared_at is not None:
        at, day = search.cleared_at
        where += [
            Asset.archived_at.is_(None),
            or_(Asset.embargo_until.is_(None), Asset.embargo_until <= at),
            or_(Asset.expires_on.is_(None), Asset.expires_on >= day),
            or_(Asset.kind != AssetKind.VIDEO, exists().where(Captions.asset_id == Asset.id)),
            or_(Asset.people == People.NONE, ~_lapsed(day)),
            or_(
                Asset.people != People.MINORS,
                exists().where(
                    Consent.asset_id == Asset.id, Consent.by == ConsentBy.GUARDIANS, *_holds(Consent, day)
                ),
            ),
        ]
    for asked, wanted in (
        (Asset.kind, search.kind),
        (Asset.theme_id, search.theme_id),
        (Asset.campaign_id, search.campaign_id),
        (Asset.body_id, search.body_id),
        (Asset.language, search.language),
        (Asset.licence, search.licence),
        (Asset.people, search.people),
    ):
        if wanted is not None:
            where.append(asked == wanted)
    if search.kinds:
        where.append(Asset.kind.in_(search.kinds))
    if search.collection_id is not None:
        where.append(
            exists().where(
                CollectionItem.asset_id == Asset.id, CollectionItem.collection_id == search.collection_id
            )
        )
    return where


def _holds(consent: type[Consent], day: date) -> tuple[ColumnElement[bool], ...]:
    return consent.withdrawn_at.is_(None), or_(consent.ends_on.is_(None), consent.ends_on >= day)


def _lapsed(day: date) -> ColumnElement[bool]:
    """Return whether somebody's consent no longer holds, and they gave no other one that does."""
    other = aliased(Consent)
    renewed = exists().where(
        other.asset_id == Consent.asset_id,
        other.by == Consent.by,
        other.whom == Consent.whom,
        *_holds(other, day),
    )
    return exists().where(Consent.asset_id == Asset.id, ~renewed)
