"""The rows of a bimester's sheet as people read and write them: for the workbook, the text file and the paper."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy.orm import Session

from content_calendar.importing import known_to
from content_calendar.permissions import Rights
from content_calendar.sheet_columns import AUDIENCES, HEADINGS, Column
from content_calendar.sheet_posts import Standing, standing
from content_calendar.sheet_values import PART_MARK, Known
from content_calendar.visibility import sees_unapproved, visible_states
from webapp.exchange.around import around

Cell = str | date | time
Cells = Mapping[Column, Cell]
WRITTEN = tuple(column for column in Column if column not in {Column.NETWORK, Column.BIMESTER})
"""The columns that we write; the others are read where somebody has them."""


@dataclass(frozen=True)
class Offered:
    """What a sheet's lists offer to choose from."""

    themes: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=lambda: [names[0] for names in AUDIENCES.values()])


@dataclass(frozen=True)
class Sheet:
    """A bimester as a sheet: its rows, each post's state, and what its lists offer."""

    year: int
    number: int
    places: list[Standing]
    posts: list[Standing]
    rows: list[Cells]
    offered: Offered
    names: "Names"


class Names:
    """How the sheet writes what the plan knows by a reference."""

    def __init__(self, known: Known) -> None:
        self.accounts = {one.ref: one.said for one in known.accounts}
        self._bodies = {one.slug: one.names[1] for one in known.bodies}
        self._campaigns = {one.slug: one.name for one in known.campaigns}
        self._zone = known.zone

    def cells(self, one: Standing) -> Cells:
        """Return the cells of a row; empty ones are left out."""
        values = one.values
        local = values.local
        noted = {Column(name): said for name, said in values.noted.items()}
        found: dict[Column, Cell | None] = {
            Column.THEME: values.theme,
            Column.DAY: local.date() if local else None,
            Column.UNTIL: values.until,
            Column.HOUR: local.time() if local and not values.until else None,
            Column.ACCOUNTS: "\n".join(self.accounts[ref] for ref in values.accounts if ref in self.accounts),
            Column.TITLE: values.title,
            Column.TEXT: f"\n{PART_MARK}\n".join(values.parts),
            Column.LINK: values.target,
            Column.ALT: noted.get(Column.ALT),
            Column.BODY: self._bodies.get(noted.get(Column.BODY, "")),
            Column.AUDIENCE: ", ".join(AUDIENCES[code][0] for code in noted.get(Column.AUDIENCE, "").split()),
            Column.CAMPAIGN: ", ".join(self._campaigns.get(slug, slug) for slug in values.campaigns),
            Column.NOTES: noted.get(Column.NOTES),
            Column.ZONE: values.zone if values.zone not in {"", self._zone} else None,
            Column.KEY: one.key,
        }
        return {column: said for column, said in found.items() if said or isinstance(said, time)}


def sheet_of(session: Session, year: int, number: int, rights: Rights) -> Sheet:
    """Return a bimester as the viewer may see it: about fifteen queries. Raises UnknownBimesterError."""
    known = known_to(session, year, number, around(session))
    names = Names(known)
    places, posts = standing(session, year, number, visible_states(rights))
    rows = [names.cells(one) for one in (*places, *posts)]
    if not sees_unapproved(rights):
        # What is noted among those who write is theirs.
        rows = [{column: said for column, said in row.items() if column is not Column.NOTES} for row in rows]
    return Sheet(year, number, places, posts, rows, _offered(known, places), names)


def _offered(known: Known, places: Iterable[Standing]) -> Offered:
    first = dict.fromkeys(one.values.theme for one in places)
    return Offered(
        themes=list(first | dict.fromkeys(one.title for one in known.themes if not one.archived)),
        accounts=[one.said for one in known.accounts if one.usable and not one.retired],
        bodies=sorted(one.names[1] for one in known.bodies if one.dissolved_on is None),
        campaigns=[one.name for one in known.campaigns],
    )


def heading(column: Column) -> str:
    """Return what we call a column."""
    return HEADINGS[column][0]
