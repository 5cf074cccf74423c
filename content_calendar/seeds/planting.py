"""What every installation starts with. Planting twice changes nothing.

A row is planted only where its natural key is absent, whatever a person has made of it since: an account
that was retired, a theme that was archived, a body that was renamed all stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.db import Base
from content_calendar.models.commitments import Horizon, Indicator, IndicatorValue
from content_calendar.models.dialogue import Series
from content_calendar.models.directory import (
    Account,
    Body,
    Commission,
    Confidence,
    Coordination,
    Owner,
    OwnerKind,
    Region,
    Site,
    Standing,
)
from content_calendar.models.events import EventKind, Goal, Measure
from content_calendar.models.plan import Campaign, LineOfAction, Observance, Theme
from content_calendar.models.programme import Action, Edition, Participation
from content_calendar.seeds.sheets import Row, ended_by, first_day, last_day, read, slug_of
from content_calendar.wall_time import ZONE_OF_STATE

_YES = "yes"


@dataclass(frozen=True)
class Planted:
    """How many rows were planted, by table; nothing the second time."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many rows were planted in all."""
        return sum(self.counts.values())


def plant(session: Session, today: date) -> Planted:
    """Plant what is missing and return how much that was.

    ``today`` decides which bodies are already dissolved: their accounts are extinct, not to be certified.
    """
    counts: dict[str, int] = {}

    def add(model: type[Base], rows: Iterable[Base]) -> None:
        fresh = list(rows)
        session.add_all(fresh)
        session.flush()
        counts[model.__tablename__] = len(fresh)

    add(Region, _regions(session))
    regions = _ids(session, Region.slug, Region.id)
    add(Owner, _owners(session, regions))
    owners = _ids(session, Owner.slug, Owner.id)
    add(Site, _sites(session, owners))
    add(Account, _accounts(session, owners, today))
    add(LineOfAction, _lines(session))
    add(Theme, _themes(session, owners))
    add(Campaign, _campaigns(session, owners))
    add(Series, _series(session))
    add(Edition, _editions(session))
    editions = _ids(session, Edition.slug, Edition.id)
    add(Action, _actions(session, editions))
    add(Participation, _participations(session, editions, owners))
    add(Observance, _observances(session))
    add(Goal, _goals(session))
    indicators = _indicators(session)
    add(Indicator, indicators)
    add(IndicatorValue, _base_values(indicators))
    planted = Planted(counts)
    if planted.total:
        audit.record(session, "", "seeds_planted", "installation", "", counts=counts)
    return planted


def _ids(
    session: Session, slug: InstrumentedAttribute[str], row_id: InstrumentedAttribute[int]
) -> dict[str, int]:
    return dict(session.execute(select(slug, row_id)).all())


def _missing(
    session: Session,
    sheet: Iterable[Row],
    key: Callable[[Row], tuple[object, ...]],
    *columns: InstrumentedAttribute[Any],
) -> list[Row]:
    """Return the rows of a sheet whose key no stored row has."""
    stored = {tuple(row) for row in session.execute(select(*columns))}
    return [row for row in sheet if key(row) not in stored]


def _regions(session: Session) -> list[Region]:
    rows = _missing(session, read("regions"), lambda row: (row["slug"],), Region.slug)
    return [Region(**row) for row in rows]


def _owners(session: Session, regions: Mapping[str, int]) -> list[Owner]:
    sheet = [*read("bodies"), *read("instances")]
    rows = _missing(session, sheet, lambda row: (row["slug"],), Owner.slug)
    return [_body(row, regions) if "state_iso" in row else _instance(row, regions) for row in rows]


def _body(row: Row, regions: Mapping[str, int]) -> Body:
    return Body(
        slug=row["slug"],
        short_name=row["short_name"],
        name=row["name"],
        zone=ZONE_OF_STATE[row["state_iso"]],
        region_id=regions.get(row["region"]),
        valid_to=ended_by(row["dissolved_on"]),
        note=row["note"],
        state_iso=row["state_iso"],
        state_name=row["state_name"],
        name_confidence=Confidence(row["name_confidence"]),
        region_confidence=Confidence(row["region_confidence"]),
        region_source=row["region_source"],
        source=row["source"],
        confidence=Confidence(row["confidence"]),
        dissolved_on=row["dissolved_on"],
        successor=row["successor"],
        successor_source=row["successor_source"],
    )


def _instance(row: Row, regions: Mapping[str, int]) -> Owner:
    model = Commission if OwnerKind(row["kind"]) is OwnerKind.COMMISSION else Coordination
    return model(
        slug=row["slug"],
        short_name=row["short_name"],
        name=row["name"],
        zone=row["zone"],
        region_id=regions.get(row["region"]),
        note=row["note"],
    )


def _sites(session: Session, owners: Mapping[str, int]) -> list[Site]:
    rows = _missing(
        session, read("sites"), lambda row: (owners[row["owner"]], row["url"]), Site.owner_id, Site.url
    )
    return [
        Site(
            owner_id=owners[row["owner"]],
            url=row["url"],
            source=row["source"],
            confidence=Confidence(row["confidence"]),
            note=row["note"],
        )
        for row in rows
    ]


def _accounts(session: Session, owners: Mapping[str, int], today: date) -> list[Account]:
    rows = _missing(
        session,
        read("accounts"),
        lambda row: (row["network"], row["handle"].casefold()),
        Account.network,
        Account.handle_folded,
    )
    ends = {row["slug"]: ended_by(row["dissolved_on"]) for row in read("bodies")}
    return [_account(row, owners[row["owner"]], ends.get(row["owner"]), today) for row in rows]


def _account(row: Row, owner_id: int, ended: date | None, today: date) -> Account:
    extinct = ended is not None and ended <= today
    standing = Standing.EXTINCT if extinct else Standing(row["standing"] or Standing.TO_CERTIFY)
    return Account(
        owner_id=owner_id,
        network=row["network"],
        handle=row["handle"],
        handle_folded=row["handle"].casefold(),
        url=row["url"],
        standing=standing,
        confidence=Confidence(row["confidence"]),
        source=row["source"],
        note=row["note"],
        valid_to=ended if extinct else None,
        connected_at=now() if row["connected"] == _YES else None,
    )


def _lines(session: Session) -> list[LineOfAction]:
    rows = _missing(
        session,
        read("lines"),
        lambda row: (row["programme"], int(row["position"])),
        LineOfAction.programme,
        LineOfAction.position,
    )
    return [
        LineOfAction(
            programme=row["programme"],
            position=int(row["position"]),
            code=row["code"],
            title=row["title"],
            term=row["term"],
            transversal=row["transversal"] == _YES,
            source=row["source"],
            confidence=Confidence(row["confidence"]),
            note=row["note"],
        )
        for row in rows
    ]


def _themes(session: Session, owners: Mapping[str, int]) -> list[Theme]:
    rows = _missing(session, read("themes"), lambda row: (row["key"],), Theme.seed_key)
    if not rows:
        return []
    lines = {f"{line.programme}/{line.position}": line for line in session.scalars(select(LineOfAction))}
    titles = {row["slug"]: row["title"] for row in read("documents")}
    return [
        Theme(
            seed_key=row["key"],
            title=row["title"],
            colour=row["colour"],
            commission_id=owners[row["commission"]],
            area=row["area"],
            kind=row["kind"],
            timing=row["timing"],
            starts_on=first_day(row["starts"]),
            ends_on=last_day(row["ends"]),
            recurrence=row["recurrence"],
            section=row["section"],
            source=titles[row["document"]],
            confidence=Confidence(row["confidence"]),
            note=row["note"],
            lines=[lines[key] for key in row["lines"].split("; ") if key],
        )
        for row in rows
    ]


def _campaigns(session: Session, owners: Mapping[str, int]) -> list[Campaign]:
    rows = _missing(session, read("campaigns"), lambda row: (row["slug"],), Campaign.slug)
    return [
        Campaign(
            slug=row["slug"],
            name=row["name"],
            description=row["description"],
            tags=row["tags"].split(),
            mentions_id=owners.get(row["mentions"]),
            source=row["source"],
            note=row["note"],
        )
        for row in rows
    ]


def _series(session: Session) -> list[Series]:
    rows = _missing(session, read("series"), lambda row: (row["tag"].casefold(),), Series.tag_folded)
    return [Series(name=row["name"], tag=row["tag"], tag_folded=row["tag"].casefold()) for row in rows]


def _editions(session: Session) -> list[Edition]:
    rows = _missing(session, read("editions"), lambda row: (row["slug"],), Edition.slug)
    return [
        Edition(
            slug=row["slug"],
            name=row["name"],
            starts_on=first_day(row["starts"]),
            ends_on=last_day(row["ends"]),
            source=row["source"],
            note=row["note"],
        )
        for row in rows
    ]


def _actions(session: Session, editions: Mapping[str, int]) -> list[Action]:
    rows = _missing(
        session,
        read("actions"),
        lambda row: (editions[row["edition"]], int(row["position"])),
        Action.edition_id,
        Action.position,
    )
    return [
        Action(
            edition_id=editions[row["edition"]],
            position=int(row["position"]),
            stage=int(row["stage"]),
            stage_title=row["stage_title"],
            title=row["title"],
            timing=row["timing"],
            starts_on=first_day(row["starts"]),
            due_on=last_day(row["due"]),
            responsible=row["responsible"],
        )
        for row in rows
    ]


def _participations(
    session: Session, editions: Mapping[str, int], owners: Mapping[str, int]
) -> list[Participation]:
    rows = _missing(
        session,
        read("participations"),
        lambda row: (editions[row["edition"]], owners[row["body"]]),
        Participation.edition_id,
        Participation.body_id,
    )
    return [
        Participation(
            edition_id=editions[row["edition"]],
            body_id=owners[row["body"]],
            takes_part=row["takes_part"] == _YES,
            source=row["source"],
            confidence=Confidence(row["confidence"]),
        )
        for row in rows
    ]


def _observances(session: Session) -> list[Observance]:
    sheet = [{**row, "slug": slug_of(row["name_es"])} for row in read("observances")]
    rows = _missing(session, sheet, lambda row: (row["slug"],), Observance.slug)
    return [
        Observance(
            slug=row["slug"],
            name=row["name_es"],
            rule=row["rule"],
            rule_text=row["rule_text"],
            kind=row["kind"],
            source=row["source"],
            confidence=Confidence(row["confidence"]),
            note=row["note"],
        )
        for row in rows
    ]


def _goals(session: Session) -> list[Goal]:
    rows = _missing(session, read("goals"), lambda row: (row["key"],), Goal.seed_key)
    return [
        Goal(
            seed_key=row["key"],
            title=row["title"],
            kind=EventKind(row["kind"]),
            measure=Measure(row["measure"]),
            target=int(row["target"]) if row["target"] else None,
            source=row["source"],
            note=row["note"],
        )
        for row in rows
    ]


def _indicators(session: Session) -> list[Indicator]:
    sheet = read("indicators")
    rows = _missing(session, sheet, lambda row: (row["key"],), Indicator.seed_key)
    places = {row["key"]: place for place, row in enumerate(sheet, start=1)}
    return [
        Indicator(
            seed_key=row["key"],
            name=row["name"],
            horizon=Horizon(row["horizon"]),
            position=places[row["key"]],
            source=row["source"],
            note=row["note"],
        )
        for row in rows
    ]


def _base_values(planted: Iterable[Indicator]) -> list[IndicatorValue]:
    """Return the base year of each indicator that was planted just now: one that is there has its own already."""
    rows = {row["key"]: row for row in read("indicators")}
    return [
        IndicatorValue(
            indicator_id=one.id,
            year=int(row["year"]),
            value=row["value"],
            rank=int(row["rank"]) if row["rank"] else None,
            ranked=int(row["ranked"]) if row["ranked"] else None,
            base=True,
            source=row["source"],
        )
        for one in planted
        if (row := rows[one.seed_key or ""])
    ]
