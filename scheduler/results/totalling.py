"""A span in one line to compare another with, and what is known of its publications: read from short rows.

A summary of two months reads whole packs; what it is compared with, and half a year of hours, would be a dozen times
as much. Where a short row does not tell (a post that went out in two spans, figures read after the cut-off, something
changed that is not packed yet) the post is read whole, so that the figures are always those of the packs.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from content_calendar.bulk import Prepared
from scheduler.results import facts, tallying
from scheduler.results.facts import Numbers, Span
from scheduler.results.tally_models import PostOuting, PostTotal
from scheduler.results.tallying import AGES, OUTING_WIDE, SUMS, Ints, joined, micros, pieces

_TOTALS = Prepared(
    select(
        PostTotal.post_id, PostTotal.first_at, PostTotal.last_at, PostTotal.told_at, PostTotal.sums,
        PostTotal.bodies,
    )
    .where(PostTotal.last_at >= bindparam("begin"), PostTotal.first_at < bindparam("end"))
)  # fmt: skip
_OUTINGS = Prepared(
    select(PostOuting.post_id, PostOuting.measured)
    .where(PostOuting.last_at >= bindparam("begin"), PostOuting.first_at < bindparam("end"))
)  # fmt: skip
_SUMS_WIDE: Final = 1 + len(AGES) * len(SUMS)


class Totals(NamedTuple):
    """A whole span in one line; sums are None where nothing tells them."""

    posts: int
    publications: int
    measured: int
    engagements: int | None
    views: int | None
    echoes: int


def totals(
    session: Session,
    span: Span,
    window: str,
    *,
    bodies: Collection[int] | None = None,
    cut_off: datetime | None = None,
) -> Totals:
    """Return a span in one line, as ``facts.read`` would have it; six queries."""
    begin, end = micros(span[0]), micros(min(span[1], cut_off or span[1]))
    changed = tallying.marked(session, span)
    found = _TOTALS(session.connection(), {"begin": begin, "end": end})
    rows = [row for row in found if row[0] not in changed]
    told = micros(cut_off) if cut_off else None
    whole = [begin <= row[1] and row[2] < end and (told is None or row[3] <= told) for row in rows]
    rest = [row[0] for row, all_of_it in zip(rows, whole, strict=True) if not all_of_it]
    chosen = [row for row, all_of_it in zip(rows, whole, strict=True) if all_of_it]
    read = facts.bare(
        tallying.columns_of(session, rest, changed, window), span, window, bodies=bodies, cut_off=cut_off
    )
    sums = joined([row[4] for row in chosen]).reshape(-1, _SUMS_WIDE).sum(axis=0).tolist()
    of_age = 1 + AGES.index(window) * len(SUMS)
    measured, engagements, viewed, views = sums[of_age : of_age + len(SUMS)]
    return Totals(
        len(chosen) + len(np.unique(read.out.post)),
        sums[0] + len(read.out.post),
        measured + int((~np.isnan(read.out.engagements)).sum()),
        _added(engagements if measured else None, added(read.out.engagements)),
        _added(views if viewed else None, added(read.out.views)),
        _echoes(joined([row[5] for row in chosen]), bodies) + len(read.echoes.post),
    )


def _echoes(found: Ints, bodies: Collection[int] | None) -> int:
    """Return how many of these bodies there are, each as often as it took a post up."""
    if bodies is None:
        return len(found)
    return int(np.isin(found, np.fromiter(bodies, np.int64, len(bodies))).sum())


def _added(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def added(values: Numbers) -> int | None:
    """Return the sum of what is known; None where nothing is."""
    told = values[~np.isnan(values)]
    return int(told.sum()) if len(told) else None


class Outings(NamedTuple):
    """Publications whose engagements are known, a row each: those of one post together, its first one first.

    ``post`` counts the posts from 0, in no order; ``at`` is in microseconds since 1970, UTC.
    """

    post: Ints
    account: Ints
    at: Ints
    engagements: Ints


def outings(session: Session, span: Span) -> Outings:
    """Return what is known at the usual age of what went out in the span (its end is not in it); five queries."""
    begin, end = micros(span[0]), micros(span[1])
    changed = tallying.marked(session, span)
    found = _OUTINGS(session.connection(), {"begin": begin, "end": end})
    rows = [measured for post_id, measured in found if post_id not in changed]
    rows += [one.measured() for one in tallying.packed(session, changed)]
    table = joined(rows).reshape(-1, OUTING_WIDE)
    post = np.repeat(np.arange(len(rows)), pieces(rows, OUTING_WIDE))
    if not bool(np.all(inside := (table[:, 1] >= begin) & (table[:, 1] < end))):
        table, post = table[inside], post[inside]
    return Outings(post, table[:, 0], table[:, 1], table[:, 2])
