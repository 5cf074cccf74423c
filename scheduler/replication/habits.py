"""What a body's year says of its habit of taking up: weeks in a row, and where it comes short. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from enum import StrEnum

from scheduler.replication.sums import Lags, Ledger, OutPost, Totals, monday

_WEEK = timedelta(days=7)
# Fewer posts than these say nothing about a habit.
_ENOUGH = 3
# So much slower than everybody's median is slow.
_SLOWER = 2
_MOST_TOLD = 4


class Weak(StrEnum):
    """Where a body comes short, each with a way to mend it."""

    NOBODY = "nobody"
    NO_FEED = "no_feed"
    NOTHING_SEEN = "nothing_seen"
    THEME = "theme"
    SLOW = "slow"
    ONLY_COPIES = "only_copies"


@dataclass(frozen=True)
class Spot:
    """A weak spot: of which theme, of how many posts, and how many of them were taken up."""

    weak: Weak
    theme_id: int | None = None
    posts: int = 0
    taken: int = 0


@dataclass(frozen=True)
class Streak:
    """Weeks in a row in which the body took something up, of those in which something went out."""

    weeks: int
    best: int


def streak(ledger: Ledger, body_id: int, today: date, zone: tzinfo) -> Streak:
    """Return the weeks in a row up to now, and the longest; a week that is not over yet breaks nothing."""
    took: dict[date, bool] = {}
    for post in ledger.posts:
        week = monday(post.first_at, zone)
        took[week] = took.get(week, False) or ledger.cell(post.id, body_id).taken is not None
    best = run = 0
    for week in sorted(took):
        if took[week]:
            run += 1
        elif week + _WEEK <= today:
            run = 0
        best = max(best, run)
    return Streak(run, best)


def to_take_up(ledger: Ledger, body_id: int) -> Sequence[OutPost]:
    """Return the posts that the body is not known to have taken up, the last to go out first."""
    return [post for post in reversed(ledger.posts) if ledger.cell(post.id, body_id).taken is None]


def weak_spots(
    mine: Totals, everybody: Lags | None, of_themes: Mapping[int, Totals], *, has_feed: bool, offered: bool
) -> Sequence[Spot]:
    """Return where the body comes short, what is easiest to mend first. What is not known is never held against it."""
    spots: list[Spot] = []
    if not offered:
        spots.append(Spot(Weak.NOBODY))
    if not has_feed:
        spots.append(Spot(Weak.NO_FEED))
    taken = sum(mine.kinds.values())
    if mine.posts >= _ENOUGH and not taken:
        spots.append(Spot(Weak.NOTHING_SEEN, posts=mine.posts))
        return spots
    spots += [
        Spot(Weak.THEME, theme_id, total.posts)
        for theme_id, total in sorted(of_themes.items(), key=lambda one: -one[1].posts)
        if total.posts >= _ENOUGH and not total.kinds
    ][:_MOST_TOLD]
    known = mine.lags and everybody and mine.lags.count >= _ENOUGH
    if known and mine.lags and everybody and mine.lags.middle > everybody.middle * _SLOWER:
        spots.append(Spot(Weak.SLOW))
    if taken >= _ENOUGH and _only_copies(mine.kinds.keys()):
        spots.append(Spot(Weak.ONLY_COPIES, taken=taken))
    return spots


def _only_copies(kinds: Collection[str]) -> bool:
    return set(kinds) <= {"copy"}
