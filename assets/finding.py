"""Find materials by words and facets, each with its last version."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from assets.clearance import ConsentBy, People
from assets.labels import folded
from assets.models import Asset, AssetKind, AssetVersion, Consent

_MOST_WORDS = 8


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
    archived: bool = False
    cleared_at: tuple[datetime, date] | None = None
    limit: int = 48
    offset: int = 0


@dataclass(frozen=True)
class Page:
    """A part of what was found, newest first, and how many there are in all."""

    shown: list[Shown]
    total: int


def find(session: Session, search: Search | None = None) -> Page:
    """Return what matches, each with its last version; two queries, however much is found."""
    search = search or Search()
    where = _conditions(search)
    total = session.scalar(select(func.count()).select_from(Asset).where(*where)) or 0
    rows = session.execute(
        _with_last_version()
        .where(*where)
        .order_by(Asset.created_at.desc(), Asset.id.desc())
        .limit(search.limit)
        .offset(search.offset)
    )
    return Page([Shown(asset, version) for asset, version in rows], total)


def _with_last_version() -> Select[Asset, AssetVersion]:
    later = aliased(AssetVersion)
    return (
        select(Asset, AssetVersion)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(~exists().where(later.asset_id == AssetVersion.asset_id, later.n > AssetVersion.n))
    )


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
            or_(Asset.people == People.NONE, ~_lapsed(day)),
            or_(
                Asset.people != People.MINORS,
                exists().where(
                    Consent.asset_id == Asset.id, Consent.by == ConsentBy.GUARDIANS, *_holds(Consent, day)
                ),
            ),
        ]
    for column, wanted in (
        (Asset.kind, search.kind),
        (Asset.theme_id, search.theme_id),
        (Asset.campaign_id, search.campaign_id),
        (Asset.body_id, search.body_id),
    ):
        if wanted is not None:
            where.append(column == wanted)
    if search.kinds:
        where.append(Asset.kind.in_(search.kinds))
    words = folded(search.text).split()[:_MOST_WORDS]
    return where + [Asset.search.contains(word, autoescape=True) for word in words]


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
