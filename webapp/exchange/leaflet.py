"""The bimester on paper: its themes and its posts as a table, letter size, with page numbers (PDF).

Drawn line by line: the library's own tables take ten times as long for a bimester of two thousand posts.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from flask_babel import get_locale, gettext, ngettext
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import assets
from content_calendar.sheet_posts import Standing
from content_calendar.sheet_values import PART_MARK
from content_calendar.states import PostState
from webapp.exchange.rows import Sheet
from webapp.words import N_

_FONTS = Path(assets.__file__).with_name("press") / "fonts"
_PLAIN, _BOLD = "Atkinson", "Atkinson-Bold"
_INK, _VIOLET, _PALE, _LINE = (
    HexColor("#1d1a26"),
    HexColor("#3b1a5a"),
    HexColor("#f1eaf7"),
    HexColor("#c9c4d4"),
)
_WHITE = HexColor("#ffffff")
# So much of a post is printed: a plan is read, not published, from paper.
_LONGEST, _MOST_LINES = 900, 30
_WIDTH, _HEIGHT = landscape(letter)
_MARGIN, _FOOT = 1.5 * cm, 1.7 * cm
_SIZE, _LEADING, _PAD = 9.0, 12.0, 4.0
_POSTS = (1.8 * cm, 4.8 * cm, 4.8 * cm, 10.9 * cm, 2.64 * cm)
_THEMES = (14.0 * cm, 10.94 * cm)
STATES = {
    PostState.DRAFT: N_("borrador"),
    PostState.IN_REVIEW: N_("en revisión"),
    PostState.APPROVED: N_("aprobada"),
    PostState.SCHEDULED: N_("programada"),
    PostState.DONE: N_("terminada"),
}


def leaflet(title: str, goal: str, sheet: Sheet, cut_off: str) -> bytes:
    """Return the bimester as a PDF; ``cut_off`` says as of when."""
    _load_fonts()
    count = ngettext("%(num)s publicación", "%(num)s publicaciones", len(sheet.posts))
    foot = f"{title} · {count} · {cut_off}"
    # The last page is known once all are drawn: they are drawn once to be counted, and once to stay.
    lines: _Lines = {}
    pages = _drawn(_Told(title, goal, sheet), foot, 0, lines)[1]
    return _drawn(_Told(title, goal, sheet), foot, pages, lines)[0]


@dataclass(frozen=True)
class _Told:
    """What stands on the paper."""

    title: str
    goal: str
    sheet: Sheet


# The lines of each text that was cut into a column's width.
_Lines = dict[tuple[str, float], list[str]]


def _drawn(told: _Told, foot: str, pages: int, lines: _Lines) -> tuple[bytes, int]:
    sheet = told.sheet
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(_WIDTH, _HEIGHT), lang="es-MX", invariant=1, pageCompression=1)
    canvas.setTitle(told.title)
    canvas.setAuthor("Resuena")
    paper = _Paper(canvas, foot, pages, lines)
    paper.heading(told.title)
    for line in _wrapped(told.goal, _WIDTH - 2 * _MARGIN, _PLAIN):
        paper.line(line)
    if sheet.places:
        paper.table(_THEMES, (gettext("Tema"), gettext("Días")))
        for one in sheet.places:
            if one.values.local and one.values.until:
                days = f"{_day(one.values.local.date())} \u2013 {_day(one.values.until)}"
                paper.row((one.values.theme, days))
        paper.space(14)
    _posts(paper, sheet)
    paper.end()
    canvas.save()
    return written.getvalue(), paper.number


def _posts(paper: "_Paper", sheet: Sheet) -> None:
    if not sheet.posts:
        paper.line(gettext("No hay publicaciones todavía."))
        return
    paper.table(
        _POSTS,
        (gettext("Hora"), gettext("Cuentas"), gettext("Tema"), gettext("Publicación"), gettext("Estado")),
    )
    states = {state: gettext(said) for state, said in STATES.items()}
    day: date | None = None
    for one in sheet.posts:
        local = one.values.local
        accounts = "\n".join(sheet.names.accounts.get(ref, "") for ref in one.values.accounts)
        state = states.get(one.state, "") if one.state else ""
        hour = f"{local:%H:%M}" if local else ""
        begins = local.date() if local and local.date() != day else None
        paper.row((hour, accounts, one.values.theme, _text(one), state), _day(begins) if begins else "")
        day = begins or day


@dataclass
class _Paper:
    """Pages that are filled from the top; a table's headings stand on each page where it goes on."""

    canvas: Canvas
    foot: str
    pages: int
    lines: _Lines
    number: int = 1
    y: float = _HEIGHT - _MARGIN
    widths: Sequence[float] = ()
    names: Sequence[str] = ()

    def heading(self, text: str) -> None:
        """Write the title."""
        self.y -= 20
        self._write(_MARGIN, self.y, _shown(text), _BOLD, 18, _INK)
        self.y -= 12

    def line(self, text: str) -> None:
        """Write a line that belongs to no table."""
        self._need(_LEADING)
        self.y -= _LEADING
        self._write(_MARGIN, self.y, text, _PLAIN, 10, _INK)

    def space(self, points: float) -> None:
        """Leave a space."""
        self.y -= points

    def table(self, widths: Sequence[float], names: Sequence[str]) -> None:
        """Begin a table."""
        self.widths, self.names = widths, names
        self.y -= 4
        self._need(5 * _LEADING)
        self._names()

    def row(self, cells: Sequence[str], day: str = "") -> None:
        """Write a row, below the name of its day where one begins; both stay on one page."""
        lines = [self._cut(cell, width - 2 * _PAD) for cell, width in zip(cells, self.widths, strict=True)]
        height = max(map(len, lines)) * _LEADING + 2 * _PAD
        if self._need(height + (_LEADING + 2 * _PAD if day else 0)):
            self._names()
        if day:
            self._band(day, _PALE, _VIOLET, 10)
        x = _MARGIN
        for some, width in zip(lines, self.widths, strict=True):
            y = self.y - _PAD
            for text in some:
                y -= _LEADING
                self._write(x + _PAD, y + 3, text, _PLAIN, _SIZE, _INK)
            x += width
        self.y -= height
        self.canvas.setStrokeColor(_LINE)
        self.canvas.setLineWidth(0.5)
        self.canvas.line(_MARGIN, self.y, _MARGIN + sum(self.widths), self.y)

    def _cut(self, text: str, width: float) -> list[str]:
        if (text, width) not in self.lines:
            self.lines[text, width] = _wrapped(text, width, _PLAIN)
        return self.lines[text, width]

    def end(self) -> None:
        """Close the last page."""
        self._number()

    def _need(self, height: float) -> bool:
        """Begin a page when so much does not fit on this one; return whether one was begun."""
        if self.y - height >= _FOOT:
            return False
        self._number()
        self.canvas.showPage()
        self.number += 1
        self.y = _HEIGHT - _MARGIN
        return True

    def _names(self) -> None:
        top = self.y
        self._band("", _VIOLET, _WHITE, _SIZE)
        x = _MARGIN
        for name, width in zip(self.names, self.widths, strict=True):
            self._write(x + _PAD, top - _PAD - _LEADING + 3, name, _BOLD, _SIZE, _WHITE)
            x += width

    def _band(self, text: str, ground: Color, ink: Color, size: float) -> None:
        height = _LEADING + 2 * _PAD
        self.canvas.setFillColor(ground)
        self.canvas.rect(_MARGIN, self.y - height, sum(self.widths), height, stroke=0, fill=1)
        self._write(_MARGIN + _PAD, self.y - _PAD - _LEADING + 3, text, _BOLD, size, ink)
        self.y -= height

    def _number(self) -> None:
        self._write(_MARGIN, 0.9 * cm, _shown(self.foot), _PLAIN, 8, _INK)
        said = gettext("Página %(n)s de %(all)s", n=self.number, all=self.pages)
        self.canvas.setFont(_PLAIN, 8)
        self.canvas.drawRightString(_WIDTH - _MARGIN, 0.9 * cm, said)

    def _write(self, x: float, y: float, text: str, font: str, size: float, ink: Color) -> None:
        if self.pages and text:
            self.canvas.setFont(font, size)
            self.canvas.setFillColor(ink)
            self.canvas.drawString(x, y, text)


def _load_fonts() -> None:
    if _PLAIN not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_PLAIN, str(_FONTS / "atkinson-regular.ttf")))
        pdfmetrics.registerFont(TTFont(_BOLD, str(_FONTS / "atkinson-bold.ttf")))


@cache
def _shapes(font: str) -> dict[str, float]:
    """Return the width of each sign that the typeface has, at the size of the tables, in points."""
    face = pdfmetrics.getFont(font).face
    usual = face.defaultWidth
    return {chr(code): face.charWidths.get(code, usual) * _SIZE / 1000 for code in face.charToGlyph}


def _shown(text: str) -> str:
    """Return a text without what the typeface has no shape for, such as emoji."""
    shapes = _shapes(_PLAIN)
    return "".join(sign for sign in text if sign in shapes)


def _wrapped(text: str, width: float, font: str) -> list[str]:
    """Return the lines of a text that fit ``width`` points; too many are cut."""
    shapes = _shapes(font)
    found: list[str] = []
    for said in text.splitlines():
        line, used = "", 0.0
        for word in _words(_shown(said.replace("\t", " ")), width, shapes):
            long = sum(shapes[sign] for sign in word)
            if line and used + shapes[" "] + long > width:
                found.append(line)
                line, used = "", 0.0
            line, used = (f"{line} {word}", used + shapes[" "] + long) if line else (word, long)
        found.append(line)
    return [*found[:_MOST_LINES], "…"] if len(found) > _MOST_LINES else found


def _words(text: str, width: float, shapes: dict[str, float]) -> list[str]:
    """Return the words, each cut where it alone is wider than the column, as links are."""
    found = []
    for word in text.split():
        piece, used = "", 0.0
        for sign in word:
            if used + shapes[sign] > width:
                found.append(piece)
                piece, used = "", 0.0
            piece, used = piece + sign, used + shapes[sign]
        found.append(piece)
    return found


def _day(day: date) -> str:
    if str(get_locale() or "es").startswith("es"):
        return format_date(day, "EEEE d 'de' MMMM", locale="es_MX")
    return format_date(day, "EEEE d MMMM", locale="en")


def _text(one: Standing) -> str:
    text = f"\n{PART_MARK}\n".join(one.values.parts) or one.values.target
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
