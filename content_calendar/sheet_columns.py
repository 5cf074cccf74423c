"""The columns of the calendar's sheet, and the headings that people give them. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

_HEADING_ROWS = 20
_LEAST_HEADINGS = 2


class Column(StrEnum):
    """What a cell tells, in the order in which the template and the export write it."""

    THEME = "theme"
    DAY = "day"
    UNTIL = "until"
    HOUR = "hour"
    NETWORK = "network"
    ACCOUNTS = "accounts"
    TITLE = "title"
    TEXT = "text"
    LINK = "link"
    TAGS = "tags"
    ALT = "alt"
    BODY = "body"
    AUDIENCE = "audience"
    CAMPAIGN = "campaign"
    NOTES = "notes"
    ZONE = "zone"
    BIMESTER = "bimester"
    KEY = "key"


HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.THEME: ("Tema", "Eje", "Temática", "Eje temático", "Tema del bimestre"),
    Column.DAY: ("Fecha", "Día", "Fecha de publicación", "Fecha de salida", "Inicio", "Desde"),
    Column.UNTIL: ("Hasta", "Fin", "Fecha final", "Término"),
    Column.HOUR: ("Hora", "Horario", "Hora de publicación"),
    Column.NETWORK: ("Red", "Redes", "Red social", "Redes sociales", "Plataforma"),
    Column.ACCOUNTS: ("Cuentas", "Cuenta", "Cuenta oficial", "Cuentas oficiales", "Perfil"),
    Column.TITLE: ("Título", "Nombre", "Nombre de la publicación"),
    Column.TEXT: ("Texto", "Copy", "Mensaje", "Publicación", "Contenido", "Post", "Texto de la publicación"),
    Column.LINK: ("Enlace", "Liga", "Link", "URL", "Vínculo"),
    Column.TAGS: ("Etiquetas", "Hashtags", "Hashtag", "Etiqueta"),
    Column.ALT: ("Texto alternativo", "Descripción de la imagen", "Alt", "Texto alt"),
    Column.BODY: ("Organismo responsable", "Organismo", "Responsable", "Órgano garante", "Instituto"),
    Column.AUDIENCE: ("Público", "Públicos", "Audiencia", "Dirigido a", "Público objetivo"),
    Column.CAMPAIGN: ("Campaña", "Campañas"),
    Column.NOTES: ("Notas", "Nota", "Observaciones", "Comentarios"),
    Column.ZONE: ("Zona", "Zona horaria", "Hora de"),
    Column.BIMESTER: ("Bimestre",),
    Column.KEY: ("Clave", "Clave de la fila", "ID"),
}
"""The first is what we write; all are read, whatever their accents, capitals, signs and order."""

AUDIENCES: Mapping[str, tuple[str, ...]] = {
    "citizens": ("Ciudadanía", "Ciudadanos", "Público en general", "Población en general", "Sociedad"),
    "academia": ("Academia", "Estudiantes", "Universidades"),
    "civil_society": ("Sociedad civil", "Organizaciones de la sociedad civil", "OSC"),
    "business": ("Empresas", "Sector privado", "Iniciativa privada", "Empresariado"),
    "indigenous": ("Pueblos indígenas", "Comunidades indígenas", "Pueblos originarios"),
    "public_servants": ("Servicio público", "Personas servidoras públicas", "Servidores públicos"),
    "media": ("Medios de comunicación", "Medios", "Prensa", "Periodistas"),
}
"""Whom the commission's plan wants to reach; the first name is what we write."""


@dataclass(frozen=True)
class Layout:
    """Where the headings of a sheet stand: the row's index, the column of each cell, and headings nobody knows."""

    row: int
    columns: tuple[Column | None, ...]
    unread: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return a text as it is compared: without accents, capitals, signs or repeated spaces."""
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


_BY_HEADING = {plain(heading): column for column, some in HEADINGS.items() for heading in some}


def column_of(heading: str) -> Column | None:
    """Return what a heading means: it may have a remark in brackets behind it ("Hora (24 h)")."""
    said = plain(heading)
    return _BY_HEADING.get(said) or _BY_HEADING.get(plain(heading.partition("(")[0]))


def layout_of(rows: Sequence[Sequence[str]]) -> Layout | None:
    """Return where the headings stand, looked for in the first rows; None when there are none."""
    best: Layout | None = None
    for index, row in enumerate(rows[:_HEADING_ROWS]):
        found = [column_of(cell) for cell in row]
        known = [one for one in found if one is not None]
        if len(set(known)) < _LEAST_HEADINGS or (best and len(set(known)) <= _known(best)):
            continue
        seen: set[Column] = set()
        columns: list[Column | None] = []
        repeated = []
        for cell, one in zip(row, found, strict=True):
            if one in seen:
                repeated.append(cell.strip())
            columns.append(None if one in seen else one)
            if one is not None:
                seen.add(one)
        unread = tuple(
            cell.strip() for cell, one in zip(row, found, strict=True) if one is None and cell.strip()
        )
        best = Layout(index, tuple(columns), unread, tuple(repeated))
    return best


def _known(layout: Layout) -> int:
    return len({one for one in layout.columns if one is not None})


def rows_under(layout: Layout, rows: Iterable[Sequence[str]]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows below the headings that say something: each one's number in the sheet, and its cells."""
    found = []
    for number, row in enumerate(rows, start=1):
        if number <= layout.row + 1:
            continue
        cells = {
            column.value: text.strip()
            for column, text in zip(layout.columns, row, strict=False)
            if column is not None and text.strip()
        }
        # A key alone is a row of the template that nobody filled.
        if set(cells) - {Column.KEY.value}:
            found.append((number, cells))
    return found
