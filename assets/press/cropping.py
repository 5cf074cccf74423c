"""Where to cut a picture: by a point that a person chose, or by where its edges and colours are.

An edge-energy crop and nothing more: it knows no faces and no words, so that it treats all alike; a person
moves the point when it is wrong.
"""

from dataclasses import dataclass
from itertools import accumulate

from PIL import Image, ImageFilter

Box = tuple[float, float, float, float]

_EDGE = 96
_NEAR = 6
_RIM = 32
_CLEARLY = 0.4
# So many of a drawing's pixels have one of its most frequent colours; a photograph's do not.
_FEW = 3
_MOSTLY = 0.55
_MIDDLE = 0.35
PER_MILLE = 1000


@dataclass(frozen=True)
class Framing:
    """How somebody wants a picture cut; the point in thousandths of width and height, or by itself."""

    mode: str = "auto"
    across: int | None = None
    down: int | None = None


class Interest:
    """How much there is to see in each column and row of a picture."""

    def __init__(self, image: Image.Image) -> None:
        small = image.convert("RGB")
        small.thumbnail((_EDGE, _EDGE), Image.Resampling.BOX, reducing_gap=2.0)
        self.flat = _is_flat(small)
        edges = small.convert("L").filter(ImageFilter.FIND_EDGES).tobytes()
        colours = small.convert("HSV").getchannel("S").tobytes()
        width, height = small.size
        columns, rows = [0.0] * width, [0.0] * height
        for y in range(1, height - 1):
            for x in range(1, width - 1):
                at = y * width + x
                seen = edges[at] + colours[at] / 4
                columns[x] += seen
                rows[y] += seen
        self._columns, self._rows = columns, rows

    def box(self, size: tuple[int, int], ratio: float, framing: Framing) -> Box:
        """Return the largest part of a picture of ``size`` that has this ratio of width to height."""
        width, height = size
        if width / height > ratio:
            across = height * ratio
            left = _start(width, across, framing.across, self._columns)
            return round(left), 0, round(left + across), height
        down = width / ratio
        top = _start(height, down, framing.down, self._rows)
        return 0, round(top), width, round(top + down)


def _start(length: int, part: float, chosen: int | None, seen: list[float]) -> float:
    """Return where a part of a side begins, in pixels."""
    slack = length - part
    if slack <= 0:
        return 0.0
    if chosen is not None:
        return min(max(chosen / PER_MILLE * length - part / 2, 0.0), slack)
    return _most_seen(seen, part / length) * length


def _most_seen(seen: list[float], share: float) -> float:
    """Return where a window of that share of the side shows the most, as a share; the middle when all is alike."""
    count = len(seen)
    window = min(max(1, round(share * count)), count)
    sums = [0.0, *accumulate(seen)]
    last = count - window
    if not last or not sums[-1]:
        return (1 - share) / 2

    def shown(start: int) -> float:
        away = abs(start - last / 2) / last
        return (sums[start + window] - sums[start]) / sums[-1] * (1 - _MIDDLE * away * away)

    return max(range(last + 1), key=shown) / last * (1 - share)


def _is_flat(small: Image.Image) -> bool:
    """Return whether it is a drawing or a poster: a few colours, exactly, cover most of it."""
    counts = sorted((count for count, _ in _alike(small)), reverse=True)
    return sum(counts[:_FEW]) > _MOSTLY * small.width * small.height


def _alike(image: Image.Image) -> list[tuple[int, tuple[int, int, int]]]:
    """Return how often each colour is there, those that a JPEG may have parted counted as one."""
    nearly = image.point([value // _NEAR * _NEAR for value in range(256)] * 3)
    return nearly.getcolors(image.width * image.height) or []  # type: ignore[return-value] # RGB: three numbers each


def edge_colour(image: Image.Image) -> tuple[int, int, int]:
    """Return the colour around a picture, to go on with where it ends: the most frequent one, or their mean."""
    small = image.convert("RGB").resize((_RIM, _RIM), Image.Resampling.BOX)
    rim = Image.new("RGB", (_RIM, 4))
    for row, turned in enumerate((small, small.rotate(90), small.rotate(180), small.rotate(270))):
        rim.paste(turned.crop((0, 0, _RIM, 1)), (0, row))
    count, most = max(_alike(rim))
    if count >= rim.width * rim.height * _CLEARLY:
        near = [
            one for one in _pixels(rim) if all(0 <= a - b < _NEAR for a, b in zip(one, most, strict=True))
        ]
    else:
        near = _pixels(rim)
    red, green, blue = (round(sum(one[band] for one in near) / len(near)) for band in range(3))
    return red, green, blue


def _pixels(image: Image.Image) -> list[tuple[int, ...]]:
    data = image.tobytes()
    return [tuple(data[at : at + 3]) for at in range(0, len(data), 3)]
