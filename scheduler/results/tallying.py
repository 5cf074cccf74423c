"""Posts' publications, figures and echoes packed into one row a post; and read, packed or not, as columns.

Who reads gets what is true now: of a post whose pack is out of date the rows themselves are read.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import bindparam, delete, exists, literal_column, select, text
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.bulk import Among, Prepared
from content_calendar.db import Database, Moment
from content_calendar.inserting import insert_absent
from content_calendar.models.publications import Publication
from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.results.models import Result
from scheduler.results.tally_models import PostOuting, PostTally, PostTotal, TallyStale

Ints = npt.NDArray[np.int64]
# The order in which a pack holds what it holds; what is added goes to the end, and 0008's table is made anew.
AGES: Final = ("1h", "24h", "72h", "7d", "28d")
# The age that figures are compared at, unless somebody asks for another.
USUAL_AGE: Final = "7d"
KINDS: Final = (
    ReplicationKind.LINK, ReplicationKind.REPOST, ReplicationKind.QUOTE, ReplicationKind.COPY,
    ReplicationKind.ADAPTED, ReplicationKind.NOTE, ReplicationKind.OFFLINE,
)  # fmt: skip
_STAGES: Final = (
    ReplicationStage.DOUBTFUL, ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED,
)  # fmt: skip
DOUBTFUL: Final = 0
# Of a publication: its id, its account, when it went out, whether at its hour. Of a figure: views, engagements,
# clicks, when it was read. Of an echo: body, kind, stage, when it happened (where that is known), when it was seen;
# in their order.
PUBLICATION_WIDE, FIGURE_WIDE, ECHO_WIDE = 4, 4, 5
# What is not known; every known figure is zero or more.
UNKNOWN: Final = -1
_VIEWS, _ENGAGEMENTS = 0, 1
# What a PostTotal holds of each age, after the number of publications; what a PostOuting holds of a publication.
SUMS: Final = ("measured", "engagements", "viewed", "views")
OUTING_WIDE: Final = 3
# Posts at a time: on SQLite nobody else writes meanwhile.
_MOST: Final = 50
_LONGEST_SECONDS, _GAP_SECONDS = 20.0, 0.002
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_IS_OUT = literal_column("publication.state") == literal_column("'published'")
_PUBLICATIONS = Prepared(
    select(
        Publication.post_id, Publication.id, Publication.account_id, Publication.published_at,
        Publication.late_after,
    )
    .where(_IS_OUT, Among(Publication.post_id))
    .order_by(Publication.published_at, Publication.id)
)  # fmt: skip
_RESULTS = Prepared(
    select(
        Result.publication_id, Result.window, Result.views, Result.engagements, Result.clicks, Result.taken_at
    )
    .join(Publication, Publication.id == Result.publication_id)
    .where(Among(Publication.post_id))
)
_ECHOES = Prepared(
    select(
        Replication.post_id, Replication.body_id, Replication.kind, Replication.stage,
        Replication.occurred_at, Replication.seen_at, Replication.dated,
    )
    .where(Among(Replication.post_id), Replication.stage != ReplicationStage.REJECTED)
    .order_by(Replication.occurred_at, Replication.id)
)  # fmt: skip
# All marks of the first few posts: a post has one from each thing that happened to it.
_FEW = select(TallyStale.post_id).distinct().order_by(TallyStale.post_id).limit(_MOST).subquery()
_MARKS = Prepared(
    select(TallyStale.id, TallyStale.post_id).where(TallyStale.post_id.in_(select(_FEW.c.post_id)))
)
# The marks made one a post before their publications are looked at: a post has a hundred until it is packed.
_POSTS_MARKED = select(TallyStale.post_id).distinct().subquery()
_MARKED = Prepared(
    select(_POSTS_MARKED.c.post_id).where(
        exists().where(
            Publication.post_id == _POSTS_MARKED.c.post_id,
            _IS_OUT,
            Publication.published_at >= bindparam("begin_at", type_=Moment),
            Publication.published_at < bindparam("end_at", type_=Moment),
        )
    )
)
_PACKED: Final = {
    age: select(
        PostTally.post_id, PostTally.first_at, PostTally.publications, getattr(PostTally, f"at_{age}"),
        PostTally.echoes,
    )
    for age in AGES
}  # fmt: skip
# In no order: to sort them would copy every pack once more.
_WITHIN: Final = {
    age: Prepared(pack.where(PostTally.last_at >= bindparam("begin"), PostTally.first_at < bindparam("end")))
    for age, pack in _PACKED.items()
}
_THESE: Final = {age: Prepared(pack.where(Among(PostTally.post_id))) for age, pack in _PACKED.items()}
# By their own ids: a mark that comes meanwhile stays.
_UNMARK = Prepared(delete(TallyStale).where(Among(TallyStale.id)))
_UNPACK = [Prepared(delete(one).where(Among(one.post_id))) for one in (PostTally, PostTotal, PostOuting)]


@dataclass(frozen=True, slots=True)
class Pack:
    """One post, packed."""

    post_id: int
    first_at: int
    last_at: int
    publications: bytes
    # By age.
    figures: Mapping[str, bytes]
    echoes: bytes

    def row(self) -> dict[str, object]:
        """Return it as a row of its table."""
        return {
            **self._of_post(), "publications": self.publications, "echoes": self.echoes,
            **{f"at_{age}": said for age, said in self.figures.items()},
        }  # fmt: skip

    def total(self) -> dict[str, object]:
        """Return its sums as a row of PostTotal: how many publications, then of each age what ``SUMS`` names."""
        publications, echoes = wide(self.publications, PUBLICATION_WIDE), wide(self.echoes, ECHO_WIDE)
        told_at, sums = int(publications[:, 2].max()), [len(publications)]
        for age in AGES:
            figures = wide(self.figures[age], FIGURE_WIDE)
            told_at = max(told_at, int(figures[:, 3].max()))
            for column in (_ENGAGEMENTS, _VIEWS):
                known = figures[figures[:, column] != UNKNOWN, column]
                sums += [len(known), int(known.sum())]
        if len(echoes):
            told_at = max(told_at, int(echoes[:, 4].max()))
        bodies = np.unique(echoes[echoes[:, 2] != DOUBTFUL, 0])
        return {
            **self._of_post(), "told_at": told_at, "sums": _bytes([tuple(sums)]), "bodies": bodies.tobytes(),
        }  # fmt: skip

    def outing(self) -> dict[str, object]:
        """Return as a row of PostOuting what is known of its publications at the usual age."""
        return {**self._of_post(), "measured": self.measured()}

    def measured(self) -> bytes:
        """Return account, moment and engagements of the publications where these are known at the usual age."""
        engagements = wide(self.figures[USUAL_AGE], FIGURE_WIDE)[:, _ENGAGEMENTS]
        rows = np.column_stack([wide(self.publications, PUBLICATION_WIDE)[:, 1:3], engagements])
        known: bytes = rows[engagements != UNKNOWN].tobytes()
        return known

    def _of_post(self) -> dict[str, object]:
        return {"post_id": self.post_id, "first_at": self.first_at, "last_at": self.last_at}


@dataclass(frozen=True, slots=True)
class Columns:
    """Posts as columns: one row a publication, one row an echo; figures are of one age."""

    # By post: its id, and when it first went out at all.
    posts: Ints
    first_at: Ints
    # By publication: the index of its post, and the columns of a pack.
    of_post: Ints
    publications: Ints
    figures: Ints
    echo_of_post: Ints
    echoes: Ints


def micros(at: datetime) -> int:
    """Return a moment as microseconds since 1970, UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return the moment of so many microseconds since 1970, UTC."""
    return _EPOCH + at * _MICROSECOND


def settle(session: Session) -> int:
    """Pack a few posts that are marked anew, and take their marks away; return how many posts that were.

    One at a time: whoever packs later must have read later.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE post_tally IN SHARE ROW EXCLUSIVE MODE"))
    connection = session.connection()
    marks = _MARKS(connection, {})
    if not marks:
        return 0
    ids = sorted({post_id for _, post_id in marks})
    for unpack in _UNPACK:
        unpack(connection, {"ids": ids})
    packs = packed(session, ids)
    insert_absent(session, PostTally, [one.row() for one in packs])
    insert_absent(session, PostTotal, [one.total() for one in packs])
    insert_absent(session, PostOuting, [one.outing() for one in packs])
    _UNMARK(connection, {"ids": [mark for mark, _ in marks]})
    return len(ids)


def tick(database: Database) -> int:
    """Pack what is marked, a few posts a transaction; return how many posts that were."""
    begun, done = clock.monotonic(), 0
    while clock.monotonic() - begun < _LONGEST_SECONDS:
        with database.transaction() as session:
            some = settle(session)
        done += some
        if some < _MOST:
            break
        clock.rest(_GAP_SECONDS)
    return done


def packed(session: Session, ids: Collection[int]) -> list[Pack]:
    """Return these posts packed as their rows stand now; what never went out has none. Three queries."""
    connection, given = session.connection(), {"ids": list(ids)}
    publications: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for post_id, one, account, at, late_after in _PUBLICATIONS(connection, given):
        publications[post_id].append((one, account, micros(at), int(at <= late_after)))
    results: dict[tuple[int, str], tuple[int, ...]] = {}
    for one, window, views, engagements, clicks, at in _RESULTS(connection, given):
        results[one, window] = (_known(views), _known(engagements), _known(clicks), micros(at))
    echoes: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
    for post_id, body_id, kind, stage, at, seen_at, dated in _ECHOES(connection, given):
        # Where nobody knows when it happened, the moment is when it was found: that is no lag.
        happened = micros(at) if dated else UNKNOWN
        echoes[post_id].append((body_id, KINDS.index(kind), _STAGES.index(stage), happened, micros(seen_at)))
    return [
        Pack(post_id, rows[0][2], rows[-1][2], _bytes(rows), _figures(rows, results), _bytes(echoes[post_id]))
        for post_id, rows in sorted(publications.items())
    ]


_NOTHING = (UNKNOWN,) * FIGURE_WIDE


def _figures(
    rows: Sequence[tuple[int, ...]], results: Mapping[tuple[int, str], tuple[int, ...]]
) -> dict[str, bytes]:
    return {age: _bytes([results.get((row[0], age), _NOTHING) for row in rows]) for age in AGES}


def _known(value: int | None) -> int:
    return UNKNOWN if value is None else value


def _bytes(rows: Sequence[tuple[int, ...]]) -> bytes:
    return np.array(rows, dtype="<i8").tobytes()


def marked(session: Session, span: tuple[datetime, datetime]) -> set[int]:
    """Return the posts of the span whose packs are out of date; to be asked before packs are read.

    What is packed anew between the two is then read twice, and not left out.
    """
    given = {"begin_at": span[0], "end_at": span[1]}
    return {row[0] for row in _MARKED(session.connection(), given)}


def columns(session: Session, span: tuple[datetime, datetime], age: str) -> Columns:
    """Return all posts of which something went out in the span (its end is not in it), whole; five queries."""
    changed = marked(session, span)
    found = _WITHIN[age](session.connection(), {"begin": micros(span[0]), "end": micros(span[1])})
    return _columns([row for row in found if row[0] not in changed], packed(session, changed), age)


def columns_of(session: Session, ids: Collection[int], changed: Collection[int], age: str) -> Columns:
    """Return these posts, whole: of ``ids`` the packs, of those that ``changed`` the rows themselves; four queries."""
    found = _THESE[age](session.connection(), {"ids": list(ids)})
    return _columns(found, packed(session, changed), age)


def _columns(rows: list[tuple[Any, ...]], changed: Sequence[Pack], age: str) -> Columns:
    rows += [(one.post_id, one.first_at, one.publications, one.figures[age], one.echoes) for one in changed]
    ids, firsts, publications, figures, heard = zip(*rows, strict=True) if rows else ((),) * 5
    index = np.arange(len(rows))
    return Columns(
        np.array(ids, dtype=np.int64),
        np.array(firsts, dtype=np.int64),
        np.repeat(index, pieces(publications, PUBLICATION_WIDE)),
        joined(publications).reshape(-1, PUBLICATION_WIDE),
        joined(figures).reshape(-1, FIGURE_WIDE),
        np.repeat(index, pieces(heard, ECHO_WIDE)),
        joined(heard).reshape(-1, ECHO_WIDE),
    )


def wide(packed_rows: bytes, columns_wide: int) -> Ints:
    """Return what was packed as rows of so many columns."""
    return np.frombuffer(packed_rows, dtype="<i8").reshape(-1, columns_wide)


def pieces(packed_rows: Sequence[bytes], columns_wide: int) -> Ints:
    """Return of each how many rows of so many columns it holds."""
    return np.array([len(one) for one in packed_rows], dtype=np.int64) // (8 * columns_wide)


def joined(packed_rows: Sequence[bytes]) -> Ints:
    """Return what all of them hold, one after the other, without its columns."""
    return np.frombuffer(b"".join(packed_rows), dtype="<i8")
