"""A list of allies from a sheet: each row read under its headings, each cell that cannot be taken told with why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from content_calendar.allies import (
    AllyFields,
    AllySectorUnknownError,
    AllyStateUnknownError,
    Place,
    checked,
)
from content_calendar.errors import InvalidError
from content_calendar.models.allies import AllyKind
from content_calendar.models.audiences import Audience
from content_calendar.sheet_columns import AUDIENCES, plain

MOST_ROWS = 2_000
_HEADING_ROWS = 10
_LEAST_HEADINGS = 2


class ListEmptyError(InvalidError):
    """Nothing stands below the headings."""

    code = "ally_list_empty"


class ListHeadingsError(InvalidError):
    """The list has no headings that we know; the name is needed, and one more."""

    code = "ally_list_headings"


class ListTooLongError(InvalidError):
    """More rows than are taken in at once. ``limit`` is how many."""

    code = "ally_list_too_long"


class KindUnknownError(InvalidError):
    """An ally is a person or an organisation. ``said`` is what the cell says."""

    code = "ally_kind_unknown"


class Column(StrEnum):
    """What a column of the list says."""

    NAME = "name"
    KIND = "kind"
    CONTACT = "contact_name"
    EMAIL = "email"
    STATE = "state_iso"
    SECTOR = "sector"
    LINKS = "links"
    NOTE = "note"


HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.NAME: ("Nombre", "Organización", "Persona u organización", "Aliado", "Facilitador", "Name"),
    Column.KIND: ("Tipo", "Persona o organización", "Clase", "Kind"),
    Column.CONTACT: ("Contacto", "Persona de contacto", "Responsable", "Contact"),
    Column.EMAIL: ("Correo", "Correo electrónico", "Email", "E-mail", "Mail"),
    Column.STATE: ("Estado", "Entidad", "Entidad federativa", "State"),
    Column.SECTOR: ("Sector", "Público", "Audiencia"),
    Column.LINKS: ("Redes", "Redes sociales", "Enlaces", "Ligas", "Links"),
    Column.NOTE: ("Nota", "Notas", "Observaciones", "Note"),
}
"""What a heading may be called; the first is what we write."""

_BY_HEADING = {plain(said): column for column, some in HEADINGS.items() for said in some}
_KINDS = {
    **dict.fromkeys(("persona", "individuo", "particular", "person", "p"), AllyKind.PERSON),
    **dict.fromkeys(
        ("organizacion", "institucion", "colectivo", "empresa", "osc", "organization", "organisation", "o"),
        AllyKind.ORGANISATION,
    ),
}
_SECTORS = {plain(said): Audience(value) for value, some in AUDIENCES.items() for said in some}
_SECTORS.update({plain(one.value): one for one in Audience})
_SECTORS[plain("Ciudadanía")] = Audience.CITIZENS
_BLANK: Mapping[Column, object] = {Column.NAME: "?", Column.LINKS: ()}
_EVERYWHERE = frozenset({"", "nacional", "todo el pais", "pais", "mexico pais"})
_ALSO = {
    "cdmx": "MX-CMX", "distrito federal": "MX-CMX", "edomex": "MX-MEX", "estado de mexico": "MX-MEX",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell: its row's number in the sheet, its column, and why as a code with its words."""

    row: int
    column: Column
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """A list that was read: the allies of its rows and every fault; nothing is taken in while there is one."""

    rows: Sequence[AllyFields]
    faults: Sequence[Fault]


def read(rows: Sequence[Sequence[str]], places: Mapping[str, Place]) -> Read:
    """Return what a list says. Raises ListHeadingsError, ListEmptyError and ListTooLongError."""
    at, columns = _headings(rows)
    states = {plain(one.name): one.state_iso for one in places.values()}
    states |= {said: iso for said, iso in _ALSO.items() if iso in places}
    found: list[AllyFields] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {
            column: said.strip()
            for column, said in zip(columns, row, strict=False)
            if column is not None and said.strip()
        }
        if not cells:
            continue
        if len(found) >= MOST_ROWS:
            raise ListTooLongError(field="file", limit=MOST_ROWS)
        fields, wrong = _row(number, cells, states, places.keys())
        found.append(fields)
        faults += wrong
    if not found:
        raise ListEmptyError(field="file")
    return Read(found, faults)


def _headings(rows: Sequence[Sequence[str]]) -> tuple[int, list[Column | None]]:
    for at, row in enumerate(rows[:_HEADING_ROWS]):
        columns: list[Column | None] = []
        for cell in row:
            one = _BY_HEADING.get(plain(cell))
            columns.append(None if one in columns else one)
        known = {one for one in columns if one is not None}
        if Column.NAME in known and len(known) >= _LEAST_HEADINGS:
            return at, columns
    raise ListHeadingsError(field="file")


def _row(
    number: int, cells: Mapping[Column, str], states: Mapping[str, str], known: Collection[str]
) -> tuple[AllyFields, list[Fault]]:
    faults: list[Fault] = []

    def tell(column: Column, error: InvalidError) -> None:
        faults.append(Fault(number, column, error.code, error.params))

    said = {column: cells.get(column, "") for column in Column}
    kind = _KINDS.get(plain(said[Column.KIND])) if said[Column.KIND] else AllyKind.ORGANISATION
    if kind is None:
        tell(Column.KIND, KindUnknownError(said=said[Column.KIND][:80]))
    where = plain(said[Column.STATE])
    if where not in _EVERYWHERE and where not in states:
        tell(Column.STATE, AllyStateUnknownError(said=said[Column.STATE][:80]))
    sector = _SECTORS.get(plain(said[Column.SECTOR])) if said[Column.SECTOR] else None
    if said[Column.SECTOR] and sector is None:
        tell(Column.SECTOR, AllySectorUnknownError(said=said[Column.SECTOR][:80]))
    fields = AllyFields(
        kind or AllyKind.ORGANISATION,
        said[Column.NAME],
        said[Column.CONTACT],
        said[Column.EMAIL],
        states.get(where, ""),
        sector,
        said[Column.LINKS].replace(",", " ").replace(";", " ").split(),
        said[Column.NOTE],
    )
    # The first that is wrong hides the ones behind it: it is blanked, and looked at again.
    for _ in Column:
        try:
            fields = checked(fields, known)
            break
        except InvalidError as error:
            wrong = Column(error.field) if error.field in set(Column) else Column.NAME
            tell(wrong, error)
            fields = replace(fields, **{wrong.value: _BLANK.get(wrong, "")})  # type: ignore[arg-type] # of its type
    return fields, faults
