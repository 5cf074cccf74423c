"""Cards: a text in one of three templates, in the house's colours and letters, 1080 by 1350."""

from io import BytesIO

from PIL import Image, ImageDraw

from assets.press.lettering import Colour, fitted, missing

_WIDTH, _HEIGHT = 1080, 1350
_MARGIN = 96
_INNER = _WIDTH - 2 * _MARGIN
# The house's colours (webapp/static/css/theme.css): ground, text, accent. Each text at least 4.5:1 on its ground.
PALETTES: dict[str, tuple[Colour, Colour, Colour]] = {
    "violet": ((91, 42, 134), (255, 255, 255), (127, 224, 216)),
    "teal": ((11, 94, 90), (255, 255, 255), (201, 170, 234)),
    "paper": ((251, 250, 248), (28, 26, 34), (91, 42, 134)),
}
_BODY = range(84, 35, -4)
_SMALL = range(44, 29, -2)
_HUGE = range(300, 95, -12)


class CardRefusedError(Exception):
    """The card cannot be drawn; ``code`` and ``params`` become those of a domain error."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class _Page:
    """A card while it is drawn, from the top down."""

    def __init__(self, palette: str) -> None:
        self.ground, self.ink, self.accent = PALETTES[palette]
        self.image = Image.new("RGB", (_WIDTH, _HEIGHT), self.ground)
        self.pen = ImageDraw.Draw(self.image)

    def text(
        self, said: str, place: tuple[int, int], sizes: range, colour: Colour, *, bold: bool = False
    ) -> int:
        """Write a text from ``place[0]`` down to at most ``place[1]``; return where it ends."""
        top, bottom = place
        found = fitted(said, (_INNER, bottom - top), sizes, bold=bold)
        if found is None:
            raise CardRefusedError("card_text_too_long")
        letters, lines, step = found
        for line in lines:
            self.pen.text((_MARGIN, top), line, font=letters, fill=colour)
            top += step
        return top

    def identity(self, signature: str) -> None:
        """Draw the house's sign at the foot, waves around a point, and whose card it is."""
        x, y = _MARGIN + 10, _HEIGHT - 104
        for radius, colour in ((30, self.ink), (52, self.accent)):
            self.pen.arc((x - radius, y - radius, x + radius, y + radius), 270, 360, fill=colour, width=8)
        self.pen.ellipse((x - 10, y - 10, x + 10, y + 10), fill=self.ink)
        found = fitted(signature, (_INNER - 100, 72), range(34, 19, -2), bold=False)
        if found is not None:
            letters, lines, step = found
            for n, line in enumerate(lines):
                self.pen.text(
                    (_MARGIN + 100, y + 14 - (len(lines) - n) * step), line, font=letters, fill=self.ink
                )


def _quote(page: _Page, texts: dict[str, str]) -> None:
    page.pen.rectangle((_MARGIN, 168, _MARGIN + 120, 184), fill=page.accent)
    end = page.text(f"«{texts['main'].strip('«»“” ')}»", (232, 1000), _BODY, page.ink, bold=True)
    if texts["second"]:
        page.text(f"— {texts['second']}", (end + 44, 1180), _SMALL, page.accent)


def _date(page: _Page, texts: dict[str, str]) -> None:
    end = page.text(texts["main"], (180, 640), range(200, 79, -8), page.accent, bold=True)
    page.pen.rectangle((_MARGIN, end + 30, _MARGIN + 200, end + 42), fill=page.ink)
    if texts["second"]:
        page.text(texts["second"], (end + 90, 1180), _BODY, page.ink)


def _figure(page: _Page, texts: dict[str, str]) -> None:
    end = page.text(texts["main"], (170, 620), _HUGE, page.accent, bold=True)
    end = page.text(texts["second"], (end + 40, 1060), _BODY, page.ink) if texts["second"] else end
    if texts["third"]:
        page.text(texts["third"], (end + 40, 1190), _SMALL, page.ink)


_TEMPLATES = {"quote": _quote, "date": _date, "figure": _figure}


def drawn(template: str, palette: str, texts: dict[str, str]) -> tuple[bytes, tuple[int, int]]:
    """Return the card as a PNG, and its size; raise CardRefusedError for what cannot be set or does not fit."""
    absent = missing(" ".join(texts.values()))
    if absent:
        raise CardRefusedError("card_characters", characters=absent[:20])
    page = _Page(palette)
    _TEMPLATES[template](page, texts)
    page.identity(texts["signature"])
    written = BytesIO()
    page.image.save(written, "PNG")
    return written.getvalue(), page.image.size
