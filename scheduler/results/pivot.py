"""Readings, one row a figure, to results, one row a publication and age; whatever is read or imported passes here."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import delete, exists, select, tuple_
from sqlalchemy.orm import Session

from content_calendar.inserting import insert_absent
from scheduler.models import Reading
from scheduler.results.models import Result

# Public on every network that gives figures, and so the only sum that can be compared among them.
ENGAGEMENTS: Final = ("likes", "reposts", "quotes", "replies")
VIEWS: Final = "views"
CLICKS: Final = "link_clicks"
_AT_ONCE = 400

Key = tuple[int, str]


def pivot(session: Session, keys: Collection[Key]) -> None:
    """Make the results of these publications and ages anew from their readings."""
    listed = sorted(keys)
    for start in range(0, len(listed), _AT_ONCE):
        _pivot(session, listed[start : start + _AT_ONCE])


def pivot_missing(session: Session) -> int:
    """Make results for readings that have none, as an older version left them; return for how many.

    At most a few hundred at once: the next call goes on.
    """
    without = ~exists().where(
        Result.publication_id == Reading.publication_id, Result.window == Reading.window
    )
    keys = session.execute(
        select(Reading.publication_id, Reading.window).where(without).distinct().limit(_AT_ONCE)
    ).all()
    pivot(session, [(row[0], row[1]) for row in keys])
    return len(keys)


def _pivot(session: Session, keys: list[Key]) -> None:
    if not keys:
        return
    rows = session.execute(
        select(Reading.publication_id, Reading.window, Reading.metric, Reading.value, Reading.taken_at).where(
            tuple_(Reading.publication_id, Reading.window).in_(keys)
        )
    )
    figures: dict[Key, dict[str, int]] = {}
    taken: dict[Key, Any] = {}
    for publication_id, window, metric, value, taken_at in rows:
        key = (publication_id, window)
        figures.setdefault(key, {})[metric] = value
        taken[key] = max(taken.get(key, taken_at), taken_at)
    session.execute(delete(Result).where(tuple_(Result.publication_id, Result.window).in_(keys)))
    insert_absent(
        session,
        Result,
        [
            {"publication_id": key[0], "window": key[1], "taken_at": taken[key], **of_figures(told)}
            for key, told in figures.items()
        ],
    )


def of_figures(told: Mapping[str, int]) -> dict[str, int | None]:
    """Return the columns that a publication's figures fill: a sum of what is there, nothing where nothing is."""
    public = [told[name] for name in ENGAGEMENTS if name in told]
    return {
        "views": told.get(VIEWS),
        "engagements": sum(public) if public else None,
        "clicks": told.get(CLICKS),
    }
