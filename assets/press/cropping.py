"""Where to cut a picture: by a point that a person chose, or by where its edges and colours are.

An edge-energy crop and nothing more: it knows no faces and no words, so that it treats all alike; a person
moves the point when it is wrong.
"""

from dataclasses import dataclass
from itertools import accumulate

from PIL import Image, ImageFilter

Box = tuple[float, float, float, float]

_EDGE = 96
_COLOURS = 24
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
    """Return whether it is a drawing or a poster: few colours cover most of it."""
    palette = small.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE)
    counts = sorted((count for count, _ in palette.getcolors() or []), reverse=True)
    return sum(counts[:_FEW]) > _MOSTLY * small.width * small.height


def edge_colour(image: Image.Image) -> tuple[int, int, int]:
    """Return the colour around a picture, to go on with where it ends."""
    small = image.convert("RGB").resize((16, 16), Image.Resampling.BOX)
    border = [small.getpixel((x, y)) for x in range(16) for y in range(16) if {x, y} & {0, 15}]
    parts = sorted(border, key=sum)  # type: ignore[arg-type] # RGB: three numbers each
    middle = parts[len(parts) // 2]
    return middle[0], middle[1], middle[2]  # type: ignore[index] # same
