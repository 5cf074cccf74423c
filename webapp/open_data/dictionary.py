"""The data dictionary of a set, in the words of the Data Resource and Table Schema standards, and always in Spanish.

Both stand at datapackage.org: programs that check tables by them need nothing of ours.
"""

from typing import Any

from webapp.open_data.declaring import VERSION, Column, DataSet, Kind

LICENCE = "CC-BY-4.0"
LICENCE_NAME = "Creative Commons Atribución 4.0 Internacional"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/deed.es"
_TYPES = {
    Kind.TEXT: ("string", ""),
    Kind.URL: ("string", "uri"),
    Kind.DAY: ("date", "default"),
    Kind.MOMENT: ("datetime", "default"),
    Kind.LOCAL: ("datetime", "default"),
    Kind.NUMBER: ("integer", ""),
    Kind.DECIMAL: ("number", ""),
    Kind.YES_NO: ("boolean", ""),
    Kind.WORD: ("string", ""),
}


def field(column: Column, *, alone: bool) -> dict[str, Any]:
    """Return what a column is; ``alone`` says that it tells the rows apart by itself."""
    kind, form = _TYPES[column.kind]
    limits: dict[str, Any] = {"required": not column.nullable}
    if alone:
        limits["unique"] = True
    if column.words:
        limits["enum"] = list(column.words)
    if column.pattern:
        limits["pattern"] = column.pattern
    said: dict[str, Any] = {
        "name": column.name,
        "type": kind,
        "description": column.about,
        "source": column.source,
    }
    if form:
        said["format"] = form
    if column.unit:
        said["unit"] = column.unit
    if column.empty:
        said["meaningOfEmpty"] = column.empty
    if column.words:
        said["meaningOfWords"] = dict(column.words)
    return {**said, "constraints": limits}


def resource(data_set: DataSet) -> dict[str, Any]:
    """Return the dictionary of a set."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
        "type": "table",
        "name": data_set.slug,
        "title": data_set.title,
        "description": data_set.about,
        "version": VERSION,
        "row": data_set.row,
        "path": f"../{data_set.slug}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n", "header": True,
            "byteOrderMark": True,
            "note": (
                "El archivo CSV empieza con la marca de UTF-8 (BOM), para que las hojas de cálculo muestren bien los "
                "acentos. En él, un texto escrito por personas que empieza con = + - o @ lleva antes un apóstrofo, "
                "para que ninguna hoja de cálculo lo tome por fórmula. En JSON y JSON por renglones viene tal cual."
            ),
        },
        "licenses": [{"name": LICENCE, "title": LICENCE_NAME, "path": LICENCE_URL}],
        "keywords": list(data_set.keywords),
        "schema": {
            "fields": [field(column, alone=data_set.key == (column.name,)) for column in data_set.columns],
            "primaryKey": list(data_set.key),
            "missingValues": [""],
        },
    }  # fmt: skip
