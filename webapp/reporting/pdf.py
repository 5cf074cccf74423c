"""A report as PDF: tagged for screen readers (PDF/UA-1), with bookmarks, its language, and a text for each picture.

Typst sets it, from a template that never changes; what people typed reaches it as data. No network, no fonts but ours.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

import assets
from webapp.reporting.document import NUMERIC, Chart, Document, Figures, Kind, Listing, Paragraph, Table
from webapp.reporting.drawing import drawn
from webapp.reporting.legible import legible
from webapp.reporting.wording import Wording

_TEMPLATE = Path(__file__).with_name("report.typ")
_FONTS = Path(assets.__file__).with_name("press") / "fonts"
_LONGEST: Final = 400
_FRAME: Final = _TEMPLATE.with_name("drawing.typ")
# It prints well, and stays small.
_DOTS: Final = 150.0


def pdf(document: Document, digest: str, say: Wording) -> bytes:
    """Return the report as PDF; ``digest`` is the hash of what it is made from. The same in, the same out."""
    import typst  # noqa: PLC0415 -- eighty megabytes, which only who makes a report loads

    told = orjson.dumps(_data(document, digest, say)).decode()
    made = typst.compile(
        _TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        font_paths=[_FONTS],
        sys_inputs={"data": told},
        pdf_standards="ua-1",
        timestamp=datetime.fromisoformat(document.cut_off),
    )
    return bytes(made)


def picture(svg: str) -> bytes:
    """Return a drawing of ours as PNG, with the same letters as in the PDF."""
    import typst  # noqa: PLC0415 -- as above

    made = typst.compile(
        _FRAME,
        format="png",
        ppi=_DOTS,
        ignore_system_fonts=True,
        font_paths=[_FONTS],
        sys_inputs={"svg": svg},
    )
    return bytes(made)


def _data(document: Document, digest: str, say: Wording) -> dict[str, Any]:
    words = {name: legible(said) for name, said in document.words.items()}
    spanish = document.locale == "es"
    return {
        "title": legible(document.title),
        "subtitle": legible(document.subtitle),
        "short": _short(legible(document.title), 60),
        "author": legible(document.author),
        "about": [legible(line) for line in document.about],
        "lang": document.locale,
        "region": "mx" if spanish else None,
        "cut_off": words["cut_off"],
        "words": words,
        "hash": digest,
        "colophon": [words["made"], words["dropped"], words["cut_off"]],
        "parts": [
            {
                "title": legible(part.title),
                "level": part.level,
                "blocks": [_block(block, document, say) for block in part.blocks],
            }
            for part in document.sections
        ],
    }


def _block(block: object, document: Document, say: Wording) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"sort": block.sort, "text": legible(block.text)}
    if isinstance(block, Listing):
        return {"sort": block.sort, "items": [legible(item) for item in block.items]}
    if isinstance(block, Figures):
        return {
            "sort": block.sort,
            "title": legible(block.title),
            "items": [
                {"label": legible(one.label), "value": say.shown(one.value, one.kind), "note": legible(one.note)}
                for one in block.items
            ],
        }  # fmt: skip
    if isinstance(block, Chart):
        return {
            "sort": block.sort,
            "title": legible(block.title),
            "alt": legible(block.alt),
            "svg": drawn(block, say).svg,
            "map": block.is_map,
        }
    if isinstance(block, Table):
        return _table(block, document, say)
    raise TypeError(type(block).__name__)


def _table(table: Table, document: Document, say: Wording) -> dict[str, Any]:
    rows = table.rows[: table.printed] if table.printed else table.rows
    note = " ".join(one for one in (table.note, more(table, document, say)) if one)
    return {
        "sort": table.sort,
        "title": legible(table.title),
        "note": legible(note),
        "columns": [
            {
                "title": legible(column.title), "width": column.width, "right": column.kind in NUMERIC,
                "url": column.kind is Kind.LINK, "nodata": column.kind is not Kind.TEXT,
            }
            for column in table.columns
        ],
        "rows": [
            [
                _short(legible(say.shown(value, column.kind)), _LONGEST)
                for value, column in zip(row, table.columns, strict=True)
            ]
            for row in rows
        ],
    }  # fmt: skip


def more(table: Table, document: Document, say: Wording) -> str:
    """Return what is said of a table that is not all on paper; empty when it is."""
    if not table.printed or len(table.rows) <= table.printed:
        return ""
    shown, every = say.number(table.printed), say.number(len(table.rows))
    return document.words["shown"] % {"shown": shown, "all": every}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
