"""A photograph decoded once, and every format made of it: crop, make smaller, sRGB, on paper white."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from PIL import ExifTags, Image

from assets import darkroom
from assets.press.cropping import Box, Framing, Interest, edge_colour

# Of halves it is as near to LANCZOS of the whole as LANCZOS itself (38 to 42 dB), in two thirds of its time.
_SAMPLING = Image.Resampling.BICUBIC
_SIDEWAYS = frozenset({5, 6, 7, 8})


@dataclass(frozen=True)
class Format:
    """What is asked: pixels, the logo's zone (left, top, width, height), margins that are never covered."""

    slug: str
    width: int
    height: int
    zone: tuple[int, int, int, int]
    safe: tuple[int, int, int, int]
    max_bytes: int
    dpi: int


@dataclass(frozen=True)
class Base:
    """A format without a logo. ``scale`` is 1, or less where the photograph was too small; ``flat`` a drawing's."""

    image: Image.Image
    scale: float
    flat: bool


class Negative:
    """A picture decoded once; its halves are made when a format needs no more than them."""

    def __init__(self, data: bytes) -> None:
        with darkroom.opened(BytesIO(data)) as image:
            image.load()
            self._orientation = image.getexif().get(ExifTags.Base.Orientation) or 1
            self._profile = image.info.get("icc_profile")
            self._levels = {1: darkroom.flatten_depth(image)}
        whole = self._levels[1]
        upright = whole.size[::-1] if self._orientation in _SIDEWAYS else whole.size
        self.size: tuple[int, int] = (upright[0], upright[1])
        # Two threads may ask for it at once.
        self._reduced(4)

    @cached_property
    def interest(self) -> Interest:
        """Return where there is something to see in it."""
        return Interest(self._seen(self._reduced(4)))

    def whole(self, size: tuple[int, int]) -> Image.Image:
        """Return all of it within ``size``, never larger than it is."""
        scale = min(size[0] / self.size[0], size[1] / self.size[1], 1.0)
        fitted = (max(1, round(self.size[0] * scale)), max(1, round(self.size[1] * scale)))
        return self.part((0.0, 0.0, float(self.size[0]), float(self.size[1])), fitted)

    def part(self, box: Box, size: tuple[int, int]) -> Image.Image:
        """Return a part of it in ``size`` pixels, upright, in sRGB."""
        shrink = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])
        factor = 4 if shrink >= 4 else 2 if shrink >= 2 else 1  # noqa: PLR2004 -- halves of halves
        level = self._reduced(factor)
        turned = level if self._orientation == 1 else darkroom.upright(level, self._orientation)
        across, down = turned.width / self.size[0], turned.height / self.size[1]
        inside = (box[0] * across, box[1] * down, box[2] * across, box[3] * down)
        limits = (turned.width, turned.height) * 2
        inside = tuple(min(one, most) for one, most in zip(inside, limits, strict=True))  # type: ignore[assignment] # four
        return self._seen(turned.resize(size, _SAMPLING, box=inside), upright=True)

    def _reduced(self, factor: int) -> Image.Image:
        if factor not in self._levels:
            self._levels[factor] = self._reduced(factor // 2).reduce(2)
        return self._levels[factor]

    def _seen(self, image: Image.Image, *, upright: bool = False) -> Image.Image:
        """Return it as RGB: the colours that the profile meant, transparency on white."""
        if not upright:
            image = darkroom.upright(image, self._orientation)
        image = darkroom.in_srgb(image, self._profile)
        if image.mode == "RGBA":
            paper = Image.new("RGB", image.size, "white")
            paper.paste(image, mask=image.getchannel("A"))
            return paper
        return image


def base_of(negative: Negative, wanted: Format, framing: Framing) -> Base:
    """Return a format without a logo: a part of the picture, or all of it where words would be cut."""
    flat = negative.interest.flat
    if framing.mode == "whole" or (framing.mode == "auto" and framing.across is None and flat):
        return Base(_all_of(negative, wanted), 1.0, flat)
    box = negative.interest.box(negative.size, wanted.width / wanted.height, framing)
    scale = min(1.0, (box[2] - box[0]) / wanted.width)
    size = (max(1, round(wanted.width * scale)), max(1, round(wanted.height * scale)))
    return Base(negative.part(box, size), scale, flat)


def _all_of(negative: Negative, wanted: Format) -> Image.Image:
    """Return the whole picture within the safe margins and beside the logo's zone, on its own edge's colour."""
    left, top, right, _ = wanted.safe
    gap = wanted.zone[3] // 6
    height = wanted.zone[1] - gap - top
    width = wanted.width - left - right
    picture = negative.whole((width, height))
    canvas = Image.new("RGB", (wanted.width, wanted.height), edge_colour(picture))
    canvas.paste(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
    return canvas
