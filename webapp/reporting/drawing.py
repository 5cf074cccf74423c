"""Charts of a report as SVG: bars, and the states as a map of tiles. The same drawing goes into every form."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from webapp.reporting.document import Chart, Point
from webapp.reporting.legible import legible
from webapp.reporting.wording import Wording

WIDTH = 640
_INK, _QUIET, _PALE = "#1d1a26", "#5b5668", "#e9e4f0"
_BAR = "#5b2a86"
# From few to many; the number stands in each tile too.
_SHADES = ("#efe6f7", "#d5bfe8", "#b08ad2", "#84529f", "#5b2a86")
_DARK = 3
_FONT = "Atkinson Hyperlegible"
_ROW, _LABEL, _BARS, _LETTERS = 26, 216, 330, 34
_TILE, _GAP, _HEAD = 58, 4, 6
_LEGEND = 30


@dataclass(frozen=True)
class Drawing:
    """An SVG with its size in points."""

    svg: str
    width: int
    height: int


def drawn(chart: Chart, say: Wording) -> Drawing:
    """Return the chart as SVG; whatever people typed in it is text."""
    return _map(chart, say) if chart.is_map else _bars(chart, say)


def _svg(parts: Sequence[str], width: int, height: int) -> Drawing:
    hatch = (
        '<defs><pattern id="h" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="6" height="6" fill="#ffffff"/><rect width="2" height="6" fill="#a49fb0"/></pattern></defs>'
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{_FONT}">'
    )
    return Drawing(f"{head}{hatch}{''.join(parts)}</svg>", width, height)


def _text(x: float, y: float, said: str, size: int = 13, fill: str = _INK, **more: str) -> str:
    rest = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}"{rest}>{escape(legible(said))}</text>'


def _short(label: str) -> str:
    return label if len(label) <= _LETTERS else f"{label[: _LETTERS - 1].rstrip()}…"


def _bars(chart: Chart, say: Wording) -> Drawing:
    most = max((point.value for point in chart.points if point.value), default=0)
    parts = []
    for n, point in enumerate(chart.points):
        y = _HEAD + n * _ROW
        parts.append(_text(_LABEL - 8, y + 15, _short(point.label), text_anchor="end"))
        parts.append(f'<rect x="{_LABEL}" y="{y + 2}" width="{_BARS}" height="16" fill="{_PALE}"/>')
        length = _BARS * point.value / most if point.value and most else 0
        if point.value is None:
            parts.append(f'<rect x="{_LABEL}" y="{y + 2}" width="{_BARS}" height="16" fill="url(#h)"/>')
        elif length:
            parts.append(f'<rect x="{_LABEL}" y="{y + 2}" width="{length:.2f}" height="16" fill="{_BAR}"/>')
        parts.append(_text(_LABEL + _BARS + 8, y + 15, say.shown(point.value, chart.kind)))
    return _svg(parts, WIDTH, 2 * _HEAD + len(chart.points) * _ROW)


def _map(chart: Chart, say: Wording) -> Drawing:
    places = [point.place for point in chart.points if point.place]
    rows, columns = (max(place[n] for place in places) for n in (0, 1))
    most = max((point.value for point in chart.points if point.value), default=0)
    left = (WIDTH - columns * (_TILE + _GAP)) / 2
    step = _TILE + _GAP
    parts = [
        _tile(point, left + (point.place[1] - 1) * step, (point.place[0] - 1) * step, most, chart, say)
        for point in chart.points
        if point.place
    ]
    bottom = rows * (_TILE + _GAP)
    parts += _legend(chart.legend, left, bottom + 10)
    return _svg(parts, WIDTH, bottom + _LEGEND + 6)


def _tile(point: Point, x: float, y: float, most: float, chart: Chart, say: Wording) -> str:
    shade = _shade(point.value, most)
    fill = "url(#h)" if shade is None else _SHADES[shade]
    ink = "#ffffff" if shade is not None and shade >= _DARK else _INK
    middle = x + _TILE / 2
    said = "" if point.value is None else say.shown(point.value, chart.kind)
    box = (
        f'<rect x="{x:g}" y="{y:g}" width="{_TILE}" height="{_TILE}" rx="5" fill="{fill}" stroke="#c9c4d4"/>'
    )
    plate = ""
    if shade is None:
        plate = f'<rect x="{middle - 20:g}" y="{y + 18:g}" width="40" height="22" rx="4" fill="#ffffff"/>'
    at = y + (34 if shade is None else 25)
    name = _text(middle, at, point.short, 14, ink, text_anchor="middle", font_weight="bold")
    return box + plate + name + (_text(middle, y + 45, said, 14, ink, text_anchor="middle") if said else "")


def _shade(value: float | None, most: float) -> int | None:
    if value is None:
        return None
    return min(int(len(_SHADES) * value / most), len(_SHADES) - 1) if most else 0


def _legend(words: Sequence[str], left: float, top: float) -> list[str]:
    if not words:
        return []
    less, more, none = words
    parts = [_text(left, top + 14, less, 12, _QUIET)]
    x = left + 54
    for shade in _SHADES:
        parts.append(f'<rect x="{x:g}" y="{top:g}" width="26" height="18" fill="{shade}" stroke="#c9c4d4"/>')
        x += 28
    parts.append(_text(x + 6, top + 14, more, 12, _QUIET))
    parts.append(f'<rect x="{x + 66:g}" y="{top:g}" width="26" height="18" fill="url(#h)" stroke="#c9c4d4"/>')
    parts.append(_text(x + 98, top + 14, none, 12, _QUIET))
    return parts
