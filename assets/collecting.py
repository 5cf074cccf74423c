"""Collections: materials that belong together. Planted with those that the plans name; people make others."""

import csv
from collections.abc import Collection as Some
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from assets.labels import clean
from assets.models import Asset, Collection, CollectionItem
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person

_SEEDS = Path(__file__).with_name("data") / "collections.csv"
_LONGEST_NAME, _LONGEST_DESCRIPTION = 200, 1000


class CollectionMissingError(NotFoundError):
    """There is no such collection. ``ref`` says which."""

    code = "collection_missing"


class CollectionNameError(InvalidError):
    """A collection needs a name; ``limit`` characters hold it, and no other that is offered has it."""

    code = "collection_name"


@dataclass(frozen=True)
class Stand:
    """A collection and how many materials of it are offered."""

    collection: Collection
    materials: int


def plant(session: Session) -> int:
    """Add the collections that the plans name and that were never planted; return how many were added."""
    known = set(session.scalars(select(Collection.planted_as)))
    with _SEEDS.open(encoding="utf-8", newline="") as file:
        rows = [
            (place, row) for place, row in enumerate(csv.DictReader(file)) if row["planted_as"] not in known
        ]
    session.add_all(Collection(place=place, **row) for place, row in rows)
    session.flush()
    return len(rows)


def listed(session: Session, *, archived: bool = False) -> list[Stand]:
    """Return the collections, the planted ones as the plans have them and then by name, in one query."""
    held = (
        select(CollectionItem.collection_id, func.count().label("materials"))
        .join(Asset, Asset.id == CollectionItem.asset_id)
        .where(Asset.archived_at.is_(None))
        .group_by(CollectionItem.collection_id)
        .subquery()
    )
    rows = session.execute(
        select(Collection, func.coalesce(held.c.materials, 0))
        .outerjoin(held, held.c.collection_id == Collection.id)
        .where(Collection.archived_at.is_not(None) if archived else Collection.archived_at.is_(None))
        .order_by(Collection.planted_as.is_(None), Collection.place, Collection.name)
    )
    return [Stand(collection, materials) for collection, materials in rows]


def get(session: Session, ref: str) -> Collection:
    """Return a collection; raise CollectionMissingError."""
    found = session.scalars(select(Collection).where(Collection.ref == ref)).one_or_none()
    if found is None:
        raise CollectionMissingError(ref=ref)
    return found


def make(session: Session, name: str, description: str, by: Person) -> Collection:
    """Add a collection; raise CollectionNameError."""
    made = Collection(name=_named(session, name, None), description=clean(description)[:_LONGEST_DESCRIPTION])
    session.add(made)
    session.flush()
    record(session, by.ref, "collection.made", "collection", made.ref)
    return made


def rename(session: Session, ref: str, name: str, description: str, by: Person) -> Collection:
    """Call a collection something else; raise CollectionMissingError and CollectionNameError."""
    found = get(session, ref)
    found.name = _named(session, name, found)
    found.description = clean(description)[:_LONGEST_DESCRIPTION]
    session.flush()
    record(session, by.ref, "collection.renamed", "collection", ref)
    return found


def archive(session: Session, ref: str, by: Person) -> None:
    """Offer a collection no more; its materials stay. Raises CollectionMissingError."""
    found = get(session, ref)
    if found.archived_at is None:
        found.archived_at = now()
        session.flush()
        record(session, by.ref, "collection.archived", "collection", ref)


def bring_back(session: Session, ref: str, by: Person) -> None:
    """Offer a collection again; raise CollectionMissingError."""
    found = get(session, ref)
    if found.archived_at is not None:
        found.archived_at = None
        session.flush()
        record(session, by.ref, "collection.restored", "collection", ref)


def of_material(session: Session, asset_id: int) -> set[int]:
    """Return the ids of the collections that hold a material."""
    return set(
        session.scalars(select(CollectionItem.collection_id).where(CollectionItem.asset_id == asset_id))
    )


def place(session: Session, asset: Asset, refs: Some[str], by: Person) -> None:
    """Put a material in exactly these collections, of those that are offered; refs that lead nowhere do nothing."""
    offered = session.execute(
        select(Collection.id, Collection.ref).where(Collection.archived_at.is_(None))
    ).all()
    wanted = {row_id for row_id, ref in offered if ref in refs}
    held = of_material(session, asset.id) & {row_id for row_id, _ in offered}
    if wanted == held:
        return
    session.execute(
        delete(CollectionItem).where(
            CollectionItem.asset_id == asset.id, CollectionItem.collection_id.in_(held - wanted)
        )
    )
    session.add_all(
        CollectionItem(collection_id=row_id, asset_id=asset.id, added_by_id=by.id)
        for row_id in sorted(wanted - held)
    )
    session.flush()
    record(session, by.ref, "asset.collected", "asset", asset.ref, collections=len(wanted))


def _named(session: Session, name: str, besides: Collection | None) -> str:
    name = clean(name).replace("\n", " ")
    same = select(Collection.id).where(Collection.name == name, Collection.archived_at.is_(None))
    if besides is not None:
        same = same.where(Collection.id != besides.id)
    if not name or len(name) > _LONGEST_NAME or session.scalar(same) is not None:
        raise CollectionNameError("name", limit=_LONGEST_NAME)
    return name
