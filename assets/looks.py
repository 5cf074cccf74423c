"""Whether one picture shows another: made smaller, saved again, cut, inside a screenshot, or partly covered. Pure.

A picture is known by a small grey copy of it. From that come prints of 64 bits (which of two neighbours of 9 x 8 points
is brighter) of the whole and of overlapping squares of two sizes; of a picture that is asked about, also of many
windows of other sizes, and of what stands inside a frame (a screenshot's bars). Two prints that are near say where one
picture would lie on the other; laid so, the two are compared piece by piece, and only that comparison is believed:
cards of one template have near prints and other words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

EDGE = 192
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]
_ACROSS, _DOWN = 9, 8
# Of 255: less than this between two points may be the noise of saving.
_STEP = 1.5
_FEWEST = 8
_RADIUS = 12
_TRIED, _PAIRS_TRIED = 12, 200
# Squares, as shares of the shorter side, and from one to the next.
_ANCHORS = ((0.5, 0.25), (0.75, 0.25))
_SMALLEST, _GROWTH, _SLIDE = 0.5, 1.09, 0.07
_PIECE = 14.0
_CELL = 2.0
_LIKE = 0.55
_PLAIN = 6.0
_BARE = 2.5
_LEAST_FRAME = 0.25


@dataclass(frozen=True, eq=False)
class Look:
    """A small grey copy of a picture, at most ``EDGE`` wide and high."""

    grey: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, width: int, height: int, grey: bytes) -> "Look":
        """Return the look of these bytes, row by row. Raises ValueError when they are not ``width`` x ``height``."""
        return cls(np.frombuffer(grey, np.uint8).reshape(height, width))

    @property
    def size(self) -> tuple[int, int]:
        """Return its width and height."""
        return self.grey.shape[1], self.grey.shape[0]

    @cached_property
    def sums(self) -> Floats:
        """Return the sum of all points above and to the left of each corner."""
        summed = np.zeros((self.grey.shape[0] + 1, self.grey.shape[1] + 1))
        summed[1:, 1:] = self.grey.astype(np.float64).cumsum(0).cumsum(1)
        return summed


@dataclass(frozen=True)
class Boxes:
    """Parts of a picture, in points of its look: where each begins and how large it is."""

    left: Floats
    top: Floats
    width: Floats
    height: Floats

    @classmethod
    def joined(cls, many: Sequence["Boxes"]) -> "Boxes":
        """Return all of them as one."""
        return cls(
            *(
                np.concatenate([getattr(one, side) for one in many])
                for side in ("left", "top", "width", "height")
            )
        )


@dataclass(frozen=True)
class Prints:
    """Prints of parts of a picture; those that tell nothing are left out."""

    bits: Bits
    boxes: Boxes


@dataclass(frozen=True)
class Alike:
    """How much of a picture another shows: ``same`` is the share of its pieces that agree, of those that could be seen.

    ``seen`` is the part of the picture that the other shows at all; ``against`` how many pieces show something else
    where ours shows something.
    """

    same: float
    seen: float
    against: int = 0


def _interpolated(sums: Floats, down: Floats, across: Floats) -> Floats:
    """Return the sums at places between points; the arrays tell the places one by one."""
    y = np.clip(down, 0, sums.shape[0] - 1)
    x = np.clip(across, 0, sums.shape[1] - 1)
    y0, x0 = (
        np.minimum(y.astype(np.intp), sums.shape[0] - 2),
        np.minimum(x.astype(np.intp), sums.shape[1] - 2),
    )
    fy, fx = y - y0, x - x0
    upper = sums[y0, x0] * (1 - fx) + sums[y0, x0 + 1] * fx
    lower = sums[y0 + 1, x0] * (1 - fx) + sums[y0 + 1, x0 + 1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy)


def _means(sums: Floats, boxes: Boxes) -> Floats:
    """Return 8 x 9 means of each part."""
    down = boxes.top[:, None] + boxes.height[:, None] * (np.arange(_DOWN + 1) / _DOWN)
    across = boxes.left[:, None] + boxes.width[:, None] * (np.arange(_ACROSS + 1) / _ACROSS)
    at = _interpolated(
        sums,
        np.repeat(down[:, :, None], _ACROSS + 1, axis=2),
        np.repeat(across[:, None, :], _DOWN + 1, axis=1),
    )
    cells = at[:, 1:, 1:] - at[:, :-1, 1:] - at[:, 1:, :-1] + at[:, :-1, :-1]
    area = boxes.width * boxes.height / (_DOWN * _ACROSS)
    return np.asarray(cells / np.maximum(area, 1e-9)[:, None, None])


def _printed(look: Look, boxes: Boxes) -> Prints:
    means = _means(look.sums, boxes)
    brighter = (means[:, :, 1:] - means[:, :, :-1] > _STEP).reshape(len(means), -1)
    bits = np.packbits(brighter, axis=1).view(">u8").ravel().astype(np.uint64)
    darker = (means[:, :, :-1] - means[:, :, 1:] > _STEP).reshape(len(means), -1)
    tells = (brighter.sum(1) >= _FEWEST) & (darker.sum(1) >= _FEWEST)
    return Prints(
        bits[tells],
        Boxes(boxes.left[tells], boxes.top[tells], boxes.width[tells], boxes.height[tells]),
    )


def _whole(look: Look) -> Boxes:
    width, height = look.size
    return Boxes(np.zeros(1), np.zeros(1), np.array([float(width)]), np.array([float(height)]))


def _squares(look: Look, side: float, step: float) -> Boxes:
    width, height = look.size
    left = np.append(np.arange(0, width - side, step), width - side)
    top = np.append(np.arange(0, height - side, step), height - side)
    lefts, tops = (one.ravel() for one in np.meshgrid(left, top))
    full = np.full(len(lefts), side)
    return Boxes(lefts, tops, full, full)


def prints_of(look: Look) -> Prints:
    """Return what a picture of ours is found by: its whole, and squares all over it."""
    short = float(min(look.size))
    squares = [_squares(look, short * share, short * step) for share, step in _ANCHORS]
    return _printed(look, Boxes.joined([_whole(look), *squares]))


def asked_of(look: Look) -> Prints:
    """Return what is asked of a stranger's picture: its whole, windows of all sizes, and all again inside its frame."""
    boxes = [_whole(look)]
    for frame in (_whole(look), *_frames(look)):
        boxes.append(frame)
        boxes += _windows(frame)
    return _printed(look, Boxes.joined(boxes))


def _windows(frame: Boxes) -> Iterator[Boxes]:
    left, top, width, height = (float(side[0]) for side in (frame.left, frame.top, frame.width, frame.height))
    short = min(width, height)
    share = _SMALLEST
    while share <= 1.0:
        side = short * share
        step = side * _SLIDE
        lefts, tops = (
            one.ravel()
            for one in np.meshgrid(
                left + np.append(np.arange(0, width - side, step), width - side),
                top + np.append(np.arange(0, height - side, step), height - side),
            )
        )
        full = np.full(len(lefts), side)
        yield Boxes(lefts, tops, full, full)
        share *= _GROWTH


def _frames(look: Look) -> Iterator[Boxes]:
    """Yield what may be a picture within a picture: the largest parts between bare rows and bare columns."""
    width, height = look.size
    grey = look.grey.astype(np.float64)
    for top, bottom in _stretches(grey.std(axis=1)):
        within = grey[top:bottom]
        for left, right in _stretches(within.std(axis=0)):
            share = (right - left) * (bottom - top) / (width * height)
            if _LEAST_FRAME * 0.6 <= share < 0.98:  # noqa: PLR2004 -- nearly the whole is the whole
                yield Boxes(*(np.array([float(side)]) for side in (left, top, right - left, bottom - top)))


def _stretches(spread: Floats) -> list[tuple[int, int]]:
    """Return the longest stretches of rows or columns that are not bare, as where each begins and ends."""
    busy = np.concatenate(([False], spread > _BARE, [False]))
    edges = np.flatnonzero(busy[1:] != busy[:-1])
    found = [(int(begin), int(end)) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    long = [one for one in found if (one[1] - one[0]) >= _LEAST_FRAME * len(spread)]
    return sorted(long, key=lambda one: one[0] - one[1])[:2]


@dataclass(frozen=True)
class Laid:
    """How a picture of ours lies on another: the other's points for each of ours, and where ours begins there."""

    scale: float
    left: float
    top: float
    stretch: float = 1.0


def near_prints(ours: Bits, asked: Bits, radius: int = _RADIUS) -> npt.NDArray[np.intp]:
    """Return pairs (place among ours, place among asked, bits apart) within the radius, the nearest first."""
    found = []
    for start in range(0, len(asked), 256):
        apart = np.bitwise_count(ours[:, None] ^ asked[None, start : start + 256])
        mine, theirs = np.nonzero(apart <= radius)
        found.append(np.stack((mine, theirs + start, apart[mine, theirs]), axis=1))
    pairs = np.concatenate(found) if found else np.empty((0, 3), np.intp)
    return np.asarray(pairs[np.argsort(pairs[:, 2], kind="stable")], dtype=np.intp)


def laid_by(ours: Boxes, mine: int, theirs: Boxes, other: int) -> Laid:
    """Return how a picture lies on another when these two parts are the same."""
    scale = float(theirs.width[other] / ours.width[mine])
    stretch = float(theirs.height[other] / ours.height[mine]) / scale
    return Laid(
        scale,
        float(theirs.left[other] - ours.left[mine] * scale),
        float(theirs.top[other] - ours.top[mine] * scale * stretch),
        stretch,
    )


def _grid(sums: Floats, down: Floats, across: Floats) -> Floats:
    """Return the means of the cells between these lines."""

    def rows(of: Floats, at: Floats) -> Floats:
        at = np.clip(at, 0, len(of) - 1)
        low = np.minimum(at.astype(np.intp), len(of) - 2)
        part = (at - low)[:, None]
        return np.asarray(of[low] * (1 - part) + of[low + 1] * part)

    at = rows(rows(sums, down).T, across).T
    cells = at[1:, 1:] - at[:-1, 1:] - at[1:, :-1] + at[:-1, :-1]
    area = np.diff(down)[:, None] * np.diff(across)[None, :]
    return np.asarray(cells / np.maximum(area, 1e-9))


def compared(ours: Look, theirs: Look, laid: Laid) -> Alike:
    """Return how much of ours the other shows when it lies so, after moving it a little to where it fits best."""
    best = max(_moved(laid), key=lambda one: _fit(ours, theirs, one, coarse=3.0))
    best = max(_moved(best, 0.4), key=lambda one: _fit(ours, theirs, one, coarse=2.0))
    best = max(_moved(best, 0.15), key=lambda one: _fit(ours, theirs, one, coarse=1.0))
    return _pieces(ours, theirs, best)


def _moved(laid: Laid, by: float = 1.0) -> Iterator[Laid]:
    for scale in (1 - 0.02 * by, 1.0, 1 + 0.02 * by):
        for across in (-1.6 * by, 0.0, 1.6 * by):
            for down in (-1.6 * by, 0.0, 1.6 * by):
                yield Laid(
                    laid.scale * scale,
                    laid.left + across * laid.scale,
                    laid.top + down * laid.scale,
                    laid.stretch,
                )


def _overlap(ours: Look, theirs: Look, laid: Laid) -> tuple[float, float, float, float]:
    """Return the part of ours that lies on the other: left, top, right, bottom."""
    width, height = ours.size
    wide, high = theirs.size
    down = laid.scale * laid.stretch
    return (
        max(0.0, -laid.left / laid.scale),
        max(0.0, -laid.top / down),
        min(float(width), (wide - laid.left) / laid.scale),
        min(float(height), (high - laid.top) / down),
    )


def _both(ours: Look, theirs: Look, laid: Laid, cell: float) -> tuple[Floats, Floats, float] | None:
    left, top, right, bottom = _overlap(ours, theirs, laid)
    # A picture that was made smaller has lost what is finer than its own points.
    cell = max(cell, 1.2 / laid.scale)
    if right - left < 4 * cell or bottom - top < 4 * cell:
        return None
    across, down = np.arange(left, right, cell), np.arange(top, bottom, cell)
    mine = _grid(ours.sums, down, across)
    other = _grid(theirs.sums, down * laid.scale * laid.stretch + laid.top, across * laid.scale + laid.left)
    return mine, other, (right - left) * (bottom - top) / (ours.size[0] * ours.size[1])


def _fit(ours: Look, theirs: Look, laid: Laid, coarse: float) -> float:
    both = _both(ours, theirs, laid, _CELL * coarse)
    if both is None:
        return -1.0
    mine, other = (one - one.mean() for one in both[:2])
    weight = float(np.sqrt((mine * mine).sum() * (other * other).sum()))
    return float((mine * other).sum()) / weight if weight else -1.0


def _pieces(ours: Look, theirs: Look, laid: Laid) -> Alike:
    both = _both(ours, theirs, laid, _CELL)
    if both is None:
        return Alike(0.0, 0.0)
    mine, other, seen = both
    side = max(4, round(_PIECE / max(_CELL, 1.2 / laid.scale)))
    agreeing = known = 0.0
    against = 0
    for top in range(0, mine.shape[0] - side // 2, side):
        for left in range(0, mine.shape[1] - side // 2, side):
            one, two = (grid[top : top + side, left : left + side] for grid in (mine, other))
            one, two = one - one.mean(), two - two.mean()
            detail = float(np.sqrt((one * one).mean()))
            theirs_detail = float(np.sqrt((two * two).mean()))
            if max(detail, theirs_detail) < 2 * _STEP:
                continue
            # A piece with much to see counts more, but not for as much more as it is brighter.
            weight = min(max(detail, theirs_detail), 24.0)
            known += weight
            like = float((one * two).mean()) / max(detail * theirs_detail, 1e-9)
            agrees = like >= _LIKE and theirs_detail > 0.3 * detail
            agreeing += weight if agrees else 0.0
            against += not agrees and min(detail, theirs_detail) > _PLAIN
    return Alike(agreeing / known if known else 0.0, seen, against)


@dataclass(frozen=True)
class Way:
    """A way in which a picture of ours may lie on another, and how well it fits there at first sight, from -1 to 1."""

    laid: Laid
    fit: float


def ways(
    theirs: Look, asked: Prints, ours: Look, prints: Prints, pairs: npt.NDArray[np.intp]
) -> Sequence[Way]:
    """Return the ways in which ours may lie on theirs, by these pairs of near prints, the best first; a few at most."""
    kept: list[Laid] = []
    for mine, other, _ in pairs[:_PAIRS_TRIED].tolist():
        way = laid_by(prints.boxes, mine, asked.boxes, other)
        if not any(_are_one(way, one) for one in kept):
            kept.append(way)
        if len(kept) == _TRIED:
            break
    found = [Way(one, _fit(ours, theirs, one, coarse=3.0)) for one in kept]
    return sorted(found, key=lambda one: -one.fit)


def _are_one(way: Laid, other: Laid) -> bool:
    """Return whether two ways are so near that the comparison moves from one to the other by itself."""
    apart = 2.5 * other.scale
    return (
        abs(way.scale / other.scale - 1) < 0.05  # noqa: PLR2004 -- as far as a comparison moves
        and abs(way.left - other.left) < apart
        and abs(way.top - other.top) < apart
    )
