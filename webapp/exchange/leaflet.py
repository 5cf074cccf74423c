"""The bimester on paper: its themes and its posts as a table, letter size, with page numbers (PDF)."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from babel.dates import format_date
from flask_babel import get_locale, gettext, ngettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import landscape, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

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
# So much of a post is printed: a plan is read, not published, from paper.
_LONGEST = 900
_MARGIN = 1.5 * cm
_WIDTHS = (2.0 * cm, 4.6 * cm, 4.6 * cm, 10.9 * cm, 2.6 * cm)
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
    written = io.BytesIO()
    paper = SimpleDocTemplate(
        written, pagesize=landscape(letter), leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=1.6 * cm,
        bottomMargin=1.6 * cm, title=title, author="Resuena", lang="es-MX", invariant=1,
    )  # fmt: skip
    story: list[Any] = [Paragraph(_said(title), _style(18, bold=True)), Spacer(1, 4)]
    if goal:
        story += [Paragraph(_said(goal), _style(11)), Spacer(1, 8)]
    if sheet.places:
        story += [_themes(sheet.places), Spacer(1, 14)]
    story.append(
        _posts(sheet)
        if sheet.posts
        else Paragraph(_said(gettext("No hay publicaciones todavía.")), _style(11))
    )
    count = ngettext("%(num)s publicación", "%(num)s publicaciones", len(sheet.posts))
    paper.build(
        story, canvasmaker=lambda *args, **named: _Numbered(f"{title} · {count} · {cut_off}", *args, **named)
    )
    return written.getvalue()


class _Numbered(Canvas):  # type: ignore[misc] # the library ships no types
    """Pages that say how many they are, which is known once the last one is made."""

    def __init__(self, foot: str, *args: Any, **named: Any) -> None:  # noqa: ANN401 -- whatever the library gives
        super().__init__(*args, **named)
        self._foot = foot
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 -- the library's name
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for n, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.setFont(_PLAIN, 8)
            self.setFillColor(_INK)
            self.drawString(_MARGIN, 0.9 * cm, _shown(self._foot))
            said = gettext("Página %(n)s de %(all)s", n=n, all=len(self._pages))
            self.drawRightString(landscape(letter)[0] - _MARGIN, 0.9 * cm, said)
            super().showPage()
        super().save()


def _load_fonts() -> None:
    if _PLAIN not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_PLAIN, str(_FONTS / "atkinson-regular.ttf")))
        pdfmetrics.registerFont(TTFont(_BOLD, str(_FONTS / "atkinson-bold.ttf")))


def _style(size: float, *, bold: bool = False, colour: Any = _INK) -> ParagraphStyle:  # noqa: ANN401 -- the library ships no types
    name = f"{size}-{bold}-{colour}"
    return ParagraphStyle(
        name, fontName=_BOLD if bold else _PLAIN, fontSize=size, leading=size * 1.3, textColor=colour
    )


def _shown(text: str) -> str:
    """Return a text without what the typeface has no shape for, such as emoji."""
    shapes = pdfmetrics.getFont(_PLAIN).face.charToGlyph
    return "".join(sign for sign in text if sign == "\n" or ord(sign) in shapes)


def _said(text: str) -> str:
    return escape(_shown(text)).replace("\n", "<br/>")


def _day(day: date) -> str:
    if str(get_locale() or "es").startswith("es"):
        return format_date(day, "EEEE d 'de' MMMM", locale="es_MX")
    return format_date(day, "EEEE d MMMM", locale="en")


def _table(rows: list[list[Any]], widths: Sequence[float], spans: Sequence[int] = ()) -> LongTable:
    table = LongTable(rows, colWidths=widths, repeatRows=1, splitInRow=1)
    look: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), _VIOLET),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _LINE),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    for row in spans:
        look += [("SPAN", (0, row), (-1, row)), ("BACKGROUND", (0, row), (-1, row), _PALE)]
    table.setStyle(TableStyle(look))
    return table


def _head(*names: str) -> list[Any]:
    style = _style(9, bold=True, colour=HexColor("#ffffff"))
    return [Paragraph(_said(name), style) for name in names]


def _themes(places: Sequence[Standing]) -> LongTable:
    style = _style(9)
    rows = [_head(gettext("Tema"), gettext("Días"))]
    for one in places:
        if one.values.local and one.values.until:
            days = f"{_day(one.values.local.date())} \u2013 {_day(one.values.until)}"
            rows.append([Paragraph(_said(one.values.theme), style), Paragraph(_said(days), style)])
    return _table(rows, (14.0 * cm, 10.7 * cm))


def _posts(sheet: Sheet) -> LongTable:
    small, strong = _style(9), _style(10, bold=True, colour=_VIOLET)
    rows = [
        _head(gettext("Hora"), gettext("Cuentas"), gettext("Tema"), gettext("Publicación"), gettext("Estado"))
    ]
    spans = []
    day: date | None = None
    for one in sheet.posts:
        values = one.values
        if values.local and values.local.date() != day:
            day = values.local.date()
            spans.append(len(rows))
            rows.append([Paragraph(_said(_day(day)), strong), "", "", "", ""])
        accounts = "\n".join(sheet.names.accounts.get(ref, "") for ref in values.accounts)
        said = [
            _hour(values.local),
            accounts,
            values.theme,
            _text(one),
            gettext(STATES[one.state]) if one.state in STATES else "",
        ]
        rows.append([Paragraph(_said(text), small) for text in said])
    return _table(rows, _WIDTHS, spans)


def _hour(local: datetime | None) -> str:
    return f"{local:%H:%M}" if local else ""


def _text(one: Standing) -> str:
    text = f"\n{PART_MARK}\n".join(one.values.parts) or one.values.target
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"
