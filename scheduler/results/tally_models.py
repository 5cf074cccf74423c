"""What each post came to, packed; and which posts' packs are out of date, told by the database itself.

Whoever writes a publication, a result or a replication, by whatever road, leaves a mark in the same transaction: a
trigger does. So nobody who writes needs to know of the packs, and none can be forgotten.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Index, LargeBinary, Table, event, inspect, text
from sqlalchemy.orm import Mapped, mapped_column

from content_calendar.db import Base, Id


class PostTally(Base):
    """One post's publications that are out, their figures at every age and who took it up: columns of whole numbers.

    A summary of two months reads a row a post, not a row a figure. Made anew from the rows at any time.
    """

    __tablename__ = "post_tally"
    # Both ends: of what ended after a span began, the index itself tells what began after the span was over.
    __table_args__ = (Index("ix_post_tally_span", "last_at", "first_at"),)
    post_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # Microseconds since 1970, UTC: the first and the last of its publications.
    first_at: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger)
    publications: Mapped[bytes] = mapped_column(LargeBinary)
    # The figures at each age, a column an age: a summary reads one.
    at_1h: Mapped[bytes] = mapped_column(LargeBinary)
    at_24h: Mapped[bytes] = mapped_column(LargeBinary)
    at_72h: Mapped[bytes] = mapped_column(LargeBinary)
    at_7d: Mapped[bytes] = mapped_column(LargeBinary)
    at_28d: Mapped[bytes] = mapped_column(LargeBinary)
    echoes: Mapped[bytes] = mapped_column(LargeBinary)


class PostTotal(Base):
    """One post in a short row: its sums at every age, and the bodies that took it up; made with its pack.

    An earlier span that is only compared with needs no more, and a dozen of these share a page of the database.
    """

    __tablename__ = "post_total"
    __table_args__ = (Index("ix_post_total_span", "last_at", "first_at"),)
    post_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # Microseconds since 1970, UTC.
    first_at: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger)
    # When the last of what it sums was read or seen.
    told_at: Mapped[int] = mapped_column(BigInteger)
    sums: Mapped[bytes] = mapped_column(LargeBinary)
    bodies: Mapped[bytes] = mapped_column(LargeBinary)


class PostOuting(Base):
    """One post's publications whose engagements at the usual age are known: account, moment, engagements.

    What is worth knowing of half a year of hours; made with its pack.
    """

    __tablename__ = "post_outing"
    __table_args__ = (Index("ix_post_outing_span", "last_at", "first_at"),)
    post_id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    # Microseconds since 1970, UTC.
    first_at: Mapped[int] = mapped_column(BigInteger)
    last_at: Mapped[int] = mapped_column(BigInteger)
    measured: Mapped[bytes] = mapped_column(LargeBinary)


class TallyStale(Base):
    """A mark: something of the post changed since it was packed."""

    __tablename__ = "tally_stale"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_id: Mapped[int] = mapped_column(BigInteger, index=True)


_OUT: Final = "{row}.state = 'published'"
_OF_RESULT: Final = "SELECT post_id FROM publication WHERE id = {row}.publication_id"
# Name, table, what happens to it, whose row tells the post, when (nothing: always), and where the post is found.
_WATCHED: Final = (
    ("publication_in", "publication", "INSERT", "new", _OUT, ""),
    ("publication_moved", "publication", "UPDATE OF state, published_at, late_after", "new", _OUT, ""),
    ("publication_gone", "publication", "DELETE", "old", _OUT, ""),
    ("result_in", "result", "INSERT", "new", "", _OF_RESULT),
    ("result_changed", "result", "UPDATE", "new", "", _OF_RESULT),
    ("result_gone", "result", "DELETE", "old", "", _OF_RESULT),
    ("echo_in", "replication", "INSERT", "new", "", ""),
    ("echo_changed", "replication", "UPDATE", "new", "", ""),
    ("echo_gone", "replication", "DELETE", "old", "", ""),
)
TRIGGERS: Final = tuple(f"tally_{name}" for name, *_ in _WATCHED)


_BEFORE: Final = (
    "INSERT INTO tally_stale (post_id) SELECT DISTINCT post_id FROM publication WHERE state = 'published'"
)
_PACKED_BEFORE: Final = "INSERT INTO tally_stale (post_id) SELECT post_id FROM post_tally"


def _statements(dialect: str) -> list[str]:
    found = []
    for name, table, act, row, when, of in _WATCHED:
        where = f"WHEN ({when.format(row=row)}) " if when else ""
        mark = f"INSERT INTO tally_stale (post_id) {of.format(row=row) or f'SELECT {row}.post_id'};"
        begin = f"CREATE TRIGGER tally_{name} AFTER {act} ON {table} "
        if dialect == "sqlite":
            found.append(f"{begin}{where}BEGIN {mark} END")
        else:
            function = f"FUNCTION tally_{name}()"
            found.append(
                f"CREATE {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {mark} RETURN NULL; END $$"
            )
            found.append(f"{begin}FOR EACH ROW {where}EXECUTE {function}")
    # What went out before there were marks.
    return [*found, _BEFORE]


# Migrations make the table without the model: the event is that of every table, told apart by name.
@event.listens_for(Table, "after_create")
def _watch(table: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
    if table.name == TallyStale.__tablename__:
        for statement in _statements(connection.dialect.name):
            connection.execute(text(statement))
    if table.name == PostOuting.__tablename__ and inspect(connection).has_table(PostTally.__tablename__):
        # What was packed before there were short rows is packed anew.
        connection.execute(text(_PACKED_BEFORE))


@event.listens_for(Table, "before_drop")
def _watch_no_more(table: Table, connection: Connection, **_: Any) -> None:  # noqa: ANN401 -- SQLAlchemy's own
    if table.name != TallyStale.__tablename__:
        return
    for name, on, *_rest in _WATCHED:
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER tally_{name}"))
        else:
            connection.execute(text(f"DROP TRIGGER tally_{name} ON {on}"))
            connection.execute(text(f"DROP FUNCTION tally_{name}()"))
