"""Claiming: which publications whose hour has come a worker takes, accounts in turn.

What is chosen is written down as claimed, or, where nothing comes before the sending, at once as being sent
(``batches.begin``): one transaction does both, and nobody sees what stands between.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import String, bindparam, exists, func, not_, or_, select
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.bulk import Among, Prepared
from content_calendar.gaps import LONGEST_REST, Row, keep_gaps
from content_calendar.models.directory import Account
from content_calendar.models.jobs import Installation
from content_calendar.models.publications import Publication
from content_calendar.moves import PreparedMove
from content_calendar.sending import IS_WAITING, Claimed
from content_calendar.states import PublicationEvent

# How many due rows are looked at for each one that is taken, to take turns between accounts.
_LOOK_AHEAD = 4
_P, _A = Publication, Account


def _choosing() -> Prepared:
    """Return the choice of what is claimed, accounts in turn; held at once where rows are locked."""
    waiting = (
        select(_P.id, _P.ref, _P.post_id, _P.lease_gen, _P.account_id, _P.next_at, _A.network)
        .join(_A, _A.id == _P.account_id)
        .where(IS_WAITING, _P.next_at <= bindparam("at"), _P.late_after >= bindparam("at"))
        .where(or_(_A.free_at.is_(None), _A.free_at <= bindparam("now"), _A.free_at > bindparam("too_far")))
        .where(~exists().where(Installation.catch_up_since.is_not(None)))
        .order_by(_P.next_at, _P.id)
        .limit(bindparam("looked_at"))
        .with_for_update(skip_locked=True, of=_P)
        .cte("waiting")
    )
    turn = func.row_number().over(
        partition_by=waiting.c.account_id, order_by=(waiting.c.next_at, waiting.c.id)
    )
    ranked = select(waiting, turn.label("turn")).subquery()
    return Prepared(
        select(
            ranked.c.id,
            ranked.c.ref,
            ranked.c.post_id,
            ranked.c.lease_gen + 1,
            ranked.c.account_id,
            ranked.c.network,
        )
        .where(or_(ranked.c.turn == 1, not_(Among(ranked.c.network, "spaced", String()))))
        .order_by(ranked.c.turn, ranked.c.next_at, ranked.c.id)
        .limit(bindparam("most"))
    )


_CHOOSE = _choosing()
# Apart from the choice: together, SQLite takes half as long again for both.
_CLAIM = PreparedMove(
    _P,
    PublicationEvent.CLAIM,
    [Among(_P.id)],
    {"lease_owner": bindparam("owner"), "lease_gen": _P.lease_gen + 1, "lease_until": bindparam("until")},
)


def look(
    session: Session,
    limit: int,
    lease: timedelta,
    gaps: Mapping[str, timedelta] = MappingProxyType({}),
    but: Collection[int] = frozenset(),
) -> list[Row]:
    """Return at most ``limit`` publications whose hour has come, accounts in turn; nothing in catch-up.

    ``gaps`` tells by network how far apart one account's are: of such an account there is one. What is past its
    tolerance is left alone: ``miss_late`` puts it before a person. In a transaction that writes they are its own.
    ``but`` are ids that are passed over.
    """
    now = clock.db_now(session)
    chosen = _CHOOSE(
        session.connection(),
        {
            "at": clock.now(),
            "now": now,
            "too_far": now + LONGEST_REST + lease,
            "looked_at": limit * _LOOK_AHEAD + len(but),
            "most": limit + len(but),
            "spaced": list(gaps),
        },
    )
    return [Row(*row) for row in chosen if row[0] not in but][:limit]


def choose(
    session: Session, worker: str, rows: Sequence[Row], gaps: Mapping[str, timedelta] = MappingProxyType({})
) -> list[Claimed]:
    """Choose of what ``look`` found what no gap keeps back, to be taken by this same transaction as is returned."""
    if not rows:
        return []
    at = clock.db_now(session)
    kept = keep_gaps(session, rows, gaps, at) if gaps else rows
    return [Claimed(row.id, row.ref, row.post_id, worker, row.lease_gen, at) for row in kept]


def take(session: Session, chosen: Sequence[Claimed], lease: timedelta) -> list[Claimed]:
    """Write down that what was chosen is claimed; return it."""
    if not chosen:
        return []
    given = {"ids": [one.id for one in chosen], "owner": chosen[0].worker}
    moved = set(_CLAIM(session, {**given, "until": chosen[0].claimed_at + lease}))
    return [one for one in chosen if one.id in moved]


def claim(
    session: Session,
    worker: str,
    limit: int,
    lease: timedelta,
    gaps: Mapping[str, timedelta] = MappingProxyType({}),
) -> list[Claimed]:
    """Take at most ``limit`` publications, found as ``look`` says."""
    return take(session, choose(session, worker, look(session, limit, lease, gaps), gaps), lease)
