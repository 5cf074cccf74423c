"""A report as DOCX that a person can go on editing: real headings, tables whose first row repeats, styles, language.

Each picture has its alternative text. The file is packed anew with fixed times, so that the same in is the same out.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, Final

import docx
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph as DocxParagraph

from webapp.reporting.document import (
    NUMERIC,
    Chart,
    Column,
    Document,
    Figures,
    Kind,
    Listing,
    Paragraph,
    Table,
)
from webapp.reporting.drawing import drawn
from webapp.reporting.pdf import more, picture
from webapp.reporting.wording import Wording

_VIOLET, _QUIET = RGBColor(0x3B, 0x1A, 0x5A), RGBColor(0x5B, 0x56, 0x68)
_PALE: Final = "F1EAF7"
_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)
_WIDE, _MAP_WIDE, _NARROW_FROM = Cm(17.5), Cm(14), 6
# A bold letter's width as a share of its size, in the widest of the usual fonts; what a cell keeps free at its sides.
_LETTER, _ASIDE = 0.74, Pt(9)
_FIGURES: Final = (Column("", width=1.5), Column("", Kind.NUMBER, 0.8), Column("", width=2.0))


def word(document: Document, digest: str, say: Wording) -> bytes:
    """Return the report as DOCX; ``digest`` is the hash of what it is made from. The same in, the same out."""
    paper = docx.Document()
    _set_up(paper, document, digest)
    paper.add_paragraph(document.author).style = "Subtitle"
    paper.add_paragraph(document.title, style="Title")
    paper.add_paragraph(document.subtitle).style = "Subtitle"
    for line in document.about:
        paper.add_paragraph(line)
    writing = _Writing(paper, document, say)
    for part in document.sections:
        paper.add_heading(part.title, part.level)
        for block in part.blocks:
            writing.write(block)
    words = document.words
    paper.add_heading(words["colophon"], 1)
    for said in (words["made"], words["cut_off"], f"{words['hash']}: {digest}"):
        paper.add_paragraph(said)
    written = io.BytesIO()
    paper.save(written)
    return _packed(written)


def _set_up(paper: DocxDocument, document: Document, digest: str) -> None:
    at = datetime.fromisoformat(document.cut_off).replace(tzinfo=None)
    about = paper.core_properties
    about.title, about.subject, about.author = document.title, document.subtitle, document.author[:255]
    about.created = about.modified = about.last_printed = at
    about.last_modified_by, about.revision, about.comments = document.author[:255], 1, f"SHA-256 {digest}"
    about.language, about.keywords, about.category = _language(document), "", ""
    page = paper.sections[0]
    page.page_width, page.page_height = Cm(21.59), Cm(27.94)
    page.left_margin = page.right_margin = Cm(2)
    page.top_margin = page.bottom_margin = Cm(2)
    styles: Any = paper.styles
    for run in styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), _language(document))
    # Narrow enough for a table of eight columns on an upright page.
    styles["Normal"].font.name, styles["Normal"].font.size = "Calibri", Pt(10.5)
    styles["Footer"].font.size = Pt(8)
    styles["Normal"].paragraph_format.space_after = Pt(6)
    for name, size in (
        ("Title", 24),
        ("Heading 1", 16),
        ("Heading 2", 13),
        ("Subtitle", 12),
        ("Caption", 10),
    ):
        style = styles[name]
        style.font.size, style.font.color.rgb, style.font.italic = Pt(size), _VIOLET, False
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Caption"].paragraph_format.space_before = Pt(8)
    foot = page.footer.paragraphs[0]
    foot.add_run(f"{document.title} · {document.subtitle} · {document.words['page']} ")
    _field(foot, "PAGE")
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(8), _QUIET


def _language(document: Document) -> str:
    return "es-MX" if document.locale == "es" else "en-US"


def _field(paragraph: DocxParagraph, code: str) -> None:
    """Put a field that the word processor fills in, such as the number of the page."""
    run = paragraph.add_run()
    for name, text in (("begin", ""), ("", code), ("end", "")):
        made = OxmlElement("w:fldChar" if name else "w:instrText")
        if name:
            made.set(qn("w:fldCharType"), name)
        made.text = text
        run._r.append(made)  # noqa: SLF001 -- the library has no fields; its own pages say to add them so


class _Writing:
    # The blocks of one document, one after the other.
    def __init__(self, paper: DocxDocument, document: Document, say: Wording) -> None:
        self._paper, self._document, self._say = paper, document, say

    def write(self, block: object) -> None:
        """Write one block."""
        paper, say = self._paper, self._say
        if isinstance(block, Paragraph):
            paper.add_paragraph(block.text)
        elif isinstance(block, Listing):
            for item in block.items:
                paper.add_paragraph(item, style="List Bullet")
        elif isinstance(block, Figures):
            words = self._document.words
            rows = [(one.label, say.shown(one.value, one.kind), one.note) for one in block.items]
            self._grid(block.title, _FIGURES, [words["figure"], words["value"], words["note"]], rows)
        elif isinstance(block, Chart):
            self._chart(block)
        elif isinstance(block, Table):
            self._table(block)

    def _chart(self, chart: Chart) -> None:
        self._caption(chart.title)
        drawing = drawn(chart, self._say)
        width = _MAP_WIDE if chart.is_map else _WIDE
        shape = self._paper.add_picture(io.BytesIO(picture(drawing.svg)), width=width)
        about = shape._inline.docPr  # noqa: SLF001 -- the library has no alternative text yet
        about.set("descr", chart.alt)
        about.set("title", chart.title)

    def _table(self, table: Table) -> None:
        rows = table.rows[: table.printed] if table.printed else table.rows
        if rows:
            shown = (
                [
                    self._say.shown(value, column.kind)
                    for value, column in zip(row, table.columns, strict=True)
                ]
                for row in rows
            )
            self._grid(table.title, table.columns, [column.title for column in table.columns], shown)
        else:
            self._caption(table.title)
            self._paper.add_paragraph(self._document.words["none"])
        note = " ".join(one for one in (table.note, more(table, self._document, self._say)) if one)
        if note:
            run = self._paper.add_paragraph().add_run(note)
            run.font.size, run.font.color.rgb = Pt(9), _QUIET

    def _caption(self, title: str) -> None:
        self._paper.add_paragraph(title, style="Caption")

    def _grid(
        self, title: str, columns: tuple[Column, ...], heads: list[str], rows: Iterable[Iterable[str]]
    ) -> None:
        self._caption(title)
        grid = self._paper.add_table(rows=2, cols=len(columns))
        grid.style, grid.autofit = "Table Grid", False
        _describe(grid, title)
        _air(grid)
        size = Pt(8 if len(columns) > _NARROW_FROM else 9.5)
        wide = widths([column.width for column in columns], heads, size)
        for n, column in enumerate(columns):
            for row in grid.rows:
                cell = row.cells[n]
                cell.width = wide[n]
                cell.paragraphs[0].paragraph_format.space_after = Pt(0)
                if column.kind in NUMERIC:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = grid.rows[0].cells[n].paragraphs[0].add_run(heads[n])
            run.bold, run.font.size = True, size
            grid.rows[1].cells[n].paragraphs[0].add_run("").font.size = size
            grid.columns[n].width = wide[n]
        _repeat(grid)
        self._fill(grid, rows)
        self._paper.add_paragraph().paragraph_format.space_after = Pt(2)

    @staticmethod
    def _fill(grid: DocxTable, rows: Iterable[Iterable[str]]) -> None:
        """Put a copy of the second row for each; the library's own way takes a hundred times as long."""
        pattern: Any = grid.rows[1]._tr  # noqa: SLF001 -- see above
        body = pattern.getparent()
        body.remove(pattern)
        for row in rows:
            made = deepcopy(pattern)
            for place, said in zip(made.iter(qn("w:r")), row, strict=True):
                text = OxmlElement("w:t")
                text.text = said
                text.set(qn("xml:space"), "preserve")
                place.append(text)
            body.append(made)


def widths(shares: Sequence[float], heads: Sequence[str], size: int) -> list[int]:
    """Return the columns' widths on the page: their shares of it, and never less than a heading's longest word takes.

    Where the words alone take more than the page, they are all made narrower alike.
    """
    least = [int(size * _LETTER * max(map(len, head.split()), default=0)) + _ASIDE for head in heads]
    held: set[int] = set()
    while True:
        free = [n for n in range(len(shares)) if n not in held]
        left, whole = _WIDE - sum(least[n] for n in held), sum(shares[n] for n in free)
        found = [least[n] if n in held else int(left * shares[n] / whole) for n in range(len(shares))]
        short = {n for n in free if found[n] < least[n]}
        if not short:
            return found
        held |= short
        if len(held) == len(shares):
            return [int(_WIDE * one / sum(least)) for one in least]


def _describe(grid: DocxTable, title: str) -> None:
    """Give a table its name for a screen reader."""
    about: Any = grid._tbl.tblPr  # noqa: SLF001 -- the library has no name for tables
    for name in ("w:tblCaption", "w:tblDescription"):
        made = OxmlElement(name)
        made.set(qn("w:val"), title)
        about.append(made)


def _air(grid: DocxTable) -> None:
    """Let the words of a table stand off its lines, above and below; in twentieths of a point."""
    about: Any = grid._tbl.tblPr  # noqa: SLF001 -- the library has no margins for cells
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 85), ("bottom", 40), ("right", 85)):
        made = OxmlElement(f"w:{side}")
        made.set(qn("w:w"), str(width))
        made.set(qn("w:type"), "dxa")
        margins.append(made)
    look = about.find(qn("w:tblLook"))
    about.insert(len(about) if look is None else about.index(look), margins)


def _repeat(grid: DocxTable) -> None:
    """Mark the first row as the heading that repeats on each page, and let no row break across two."""
    for n, row in enumerate(grid.rows):
        about: Any = row._tr.get_or_add_trPr()  # noqa: SLF001 -- the library has no repeating rows
        about.append(OxmlElement("w:cantSplit"))
        if n == 0:
            about.append(OxmlElement("w:tblHeader"))
            for cell in row.cells:
                shade = OxmlElement("w:shd")
                for name, value in (("val", "clear"), ("color", "auto"), ("fill", _PALE)):
                    shade.set(qn(f"w:{name}"), value)
                cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 -- nor shaded cells


def _packed(written: io.BytesIO) -> bytes:
    """Return the same file with fixed times: a ZIP otherwise holds the moment at which it was made."""
    packed = io.BytesIO()
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name in made.namelist():
            about = zipfile.ZipInfo(name, _ZIPPED)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            file.writestr(about, made.read(name))
    return packed.getvalue()
