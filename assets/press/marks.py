"""A body's logo in its reserved zone: fitted, with air around it, and on a plate where it would not be seen.

Contrast is that of WCAG 2.2 (relative luminance), between the half of the logo's ink that is seen least and what
lies behind it: 3:1 at least, as for graphical objects (1.4.11).
"""

import statistics
from dataclasses import dataclass
from io import BytesIO
from typing import cast

from PIL import Image, ImageChops, ImageDraw

from assets import darkroom
from assets.press.lettering import lettered

LEAST_CONTRAST = 3.0
# JPEG moves colours a little after they were measured.
_MARGIN = 1.12
_INK = (28, 26, 34)
_PAPER = (255, 255, 255)
_AIR = 0.14
_LOOK = 40
_OPAQUE = 128
_ALIKE = 14
_UNLIKE = 48
_LARGEST = 800
_LINEAR = [
    channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 -- sRGB's own curve
    for channel in (value / 255 for value in range(256))
]
_RED, _GREEN, _BLUE = ([share * light for light in _LINEAR] for share in (0.2126, 0.7152, 0.0722))
Pixel = tuple[int, ...]
Zone = tuple[int, int, int, int]


@dataclass(frozen=True)
class Mark:
    """What stands for a body: its logo, or its short name to be set in type (then it may take any colour)."""

    image: Image.Image
    # The lights of what is opaque in it, and not its own ground.
    ink: tuple[float, ...]
    any_colour: bool = False
    # An opaque logo brings its own ground along.
    ground: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Placed:
    """How a mark came to stand: ``contrast`` to 1, on a plate or not, and where, in pixels of the picture."""

    contrast: float
    plate: bool
    box: Zone


def luminance(pixel: Pixel) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    return _RED[pixel[0]] + _GREEN[pixel[1]] + _BLUE[pixel[2]]


def logo(data: bytes) -> Mark:
    """Return a logo to be placed: without the empty edges around it."""
    with darkroom.opened(BytesIO(data)) as opened:
        opened.load()
        profile = opened.info.get("icc_profile")
        image = darkroom.in_srgb(darkroom.flatten_depth(opened), profile).convert("RGBA")
    inked = image.getchannel("A").point(lambda value: 255 * (value > 8)).getbbox()  # noqa: PLR2004 -- a trace is none
    image = image.crop(inked or (0, 0, *image.size))
    if max(image.size) > _LARGEST:
        image.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS, reducing_gap=2.0)
    ground = _ground(image)
    if ground is not None:
        apart = ImageChops.difference(image.convert("RGB"), Image.new("RGB", image.size, ground)).convert("L")
        image = image.crop(apart.point(lambda value: 255 * (value > _ALIKE)).getbbox() or (0, 0, *image.size))
    return Mark(image, _ink(image, ground), ground=ground)


def name(text: str, height: int) -> Mark:
    """Return a short name set in type, ``height`` pixels high."""
    return Mark(lettered(text, height, _INK), (luminance(_INK),), any_colour=True)


def _ground(image: Image.Image) -> tuple[int, int, int] | None:
    """Return the one colour of the corners of a logo without transparency; None when it has no ground."""
    if cast("tuple[int, int]", image.getchannel("A").getextrema())[0] < 255:  # noqa: PLR2004 -- opaque
        return None
    across, down = image.width - 1, image.height - 1
    corners = [cast("Pixel", image.getpixel(at)) for at in ((0, 0), (across, 0), (0, down), (across, down))]
    first = corners[0]
    if any(abs(a - b) > _ALIKE for corner in corners for a, b in zip(corner[:3], first[:3], strict=True)):
        return None
    return first[0], first[1], first[2]


def put(image: Image.Image, mark: Mark, zone: Zone) -> Placed:
    """Draw the mark into the zone of the picture, at its outer end; nothing outside the zone is touched."""
    left, top, width, height = zone
    air = max(2, round(height * _AIR))
    fitted = _fitted(mark.image, width - 2 * air, height - 2 * air)
    # Towards the nearer side of the picture, so that the zone's other end is free.
    right = left + width / 2 > image.width / 2
    x = left + width - air - fitted.width if right else left + air
    y = top + height - air - fitted.height
    box = (x - air, y - air, x + fitted.width + air, y + fitted.height + air)
    colour, plate, contrast = _readable(mark, image.crop(box))
    if plate is not None:
        ImageDraw.Draw(image).rounded_rectangle((box[0], box[1], box[2] - 1, box[3] - 1), air, fill=plate)
    if colour is not None:
        image.paste(colour, (x, y), fitted.getchannel("A"))
    else:
        image.paste(fitted, (x, y), fitted)
    return Placed(contrast, plate is not None, (box[0], box[1], box[2] - box[0], box[3] - box[1]))


def _fitted(image: Image.Image, width: int, height: int) -> Image.Image:
    scale = min(width / image.width, height / image.height)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _readable(mark: Mark, behind: Image.Image) -> tuple[Pixel | None, Pixel | None, float]:
    """Return the colour to set it in (None: its own), the plate behind it (None: none), and the contrast."""
    if mark.ground is not None:
        ground = luminance(mark.ground)
        return None, mark.ground, _contrast(mark.ink, ground, ground)
    seen = behind.resize((_LOOK, _LOOK // 2), Image.Resampling.NEAREST).tobytes()
    # As ``luminance``, of each: a call for each point took a tenth of a set's time.
    points = zip(seen[0::3], seen[1::3], seen[2::3], strict=True)
    lights = sorted([_RED[red] + _GREEN[green] + _BLUE[blue] for red, green, blue in points])
    low, high = lights[len(lights) // 20], lights[-1 - len(lights) // 20]
    enough = LEAST_CONTRAST * _MARGIN
    colours: list[Pixel | None] = [_INK, _PAPER] if mark.any_colour else [None]
    inks = {colour: (luminance(colour),) if colour else mark.ink for colour in colours}
    for colour in colours:
        contrast = _contrast(inks[colour], low, high)
        if contrast >= enough:
            return colour, None, contrast
    best: tuple[Pixel | None, Pixel | None, float] = (None, None, 0.0)
    for colour in colours:
        for plate in (_PAPER, _INK):
            light = luminance(plate)
            contrast = _contrast(inks[colour], light, light)
            if contrast > best[2]:
                best = colour, plate, contrast
    return best


def _contrast(ink: tuple[float, ...], low: float, high: float) -> float:
    """Return the contrast of the ink with what lies behind it, from the darkest to the lightest of that."""
    nearest = [
        (light + 0.05) / (high + 0.05)
        if light > high
        else ((low + 0.05) / (light + 0.05) if light < low else 1.0)
        for light in ink
    ]
    return statistics.median(nearest)


def _ink(mark: Image.Image, ground: tuple[int, int, int] | None) -> tuple[float, ...]:
    """Return the lights of a mark's ink: what is opaque, and not its own ground."""
    small = mark.copy()
    small.thumbnail((_LOOK, _LOOK), Image.Resampling.BOX)
    data = small.tobytes()
    found = []
    for at in range(0, len(data), 4):
        red, green, blue, opacity = data[at : at + 4]
        far = (
            ground is None
            or max(abs(red - ground[0]), abs(green - ground[1]), abs(blue - ground[2])) > _UNLIKE
        )
        if opacity >= _OPAQUE and far:
            found.append(luminance((red, green, blue)))
    return tuple(found) or (luminance(ground or _INK),)
