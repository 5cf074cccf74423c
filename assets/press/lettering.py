"""Words set in the house's typeface, whose characters are all that can be set."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONTS = Path(__file__).with_name("fonts")
_ABSENT = "\U0010ffff"
Colour = tuple[int, int, int]


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return Atkinson Hyperlegible of that size, in pixels."""
    path = _FONTS / ("atkinson-bold.ttf" if bold else "atkinson-regular.ttf")
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


def missing(text: str) -> str:
    """Return the characters that the typeface does not have, each once: emoji, above all."""
    letters = font(24)
    absent = bytes(letters.getmask(_ABSENT))
    return "".join(
        dict.fromkeys(one for one in text if not one.isspace() and bytes(letters.getmask(one)) == absent)
    )


def lettered(text: str, height: int, colour: Colour) -> Image.Image:
    """Return one line of bold text on nothing, cut to its ink, about ``height`` pixels high."""
    letters = font(height, bold=True)
    left, top, right, bottom = letters.getbbox(text)
    image = Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))), (*colour, 0))
    ImageDraw.Draw(image).text((-left, -top), text, font=letters, fill=(*colour, 255))
    return image


def lines_within(text: str, letters: ImageFont.FreeTypeFont, width: int) -> list[str] | None:
    """Return the text in lines of at most ``width`` pixels; None when one word is wider than that."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if letters.getlength(longer) <= width:
                line = longer
                continue
            if letters.getlength(word) > width:
                return None
            lines.append(line)
            line = word
        lines.append(line)
    return [line for line in lines if line]


def fitted(
    text: str, size: tuple[int, int], sizes: range, *, bold: bool, leading: float = 1.28
) -> tuple[ImageFont.FreeTypeFont, list[str], int] | None:
    """Return the largest letters in which a text fits, its lines, and from line to line; None when none does."""
    for pixels in sizes:
        letters = font(pixels, bold=bold)
        lines, step = lines_within(text, letters, size[0]), round(pixels * leading)
        if lines is not None and len(lines) * step <= size[1]:
            return letters, lines, step
    return None
