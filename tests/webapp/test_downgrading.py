"""Each revision with the demonstration's data in it: up with every row, and down only where nothing is lost unsaid."""

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from content_calendar import backups, people
from content_calendar.db import Database
from content_calendar.settings import read
from webapp.database import differences, head, losses, migrate, revision_of
from webapp.demo import plant_demo
from webapp.downgrading import DowngradeLosesError
from webapp.starting import plant

Rows = dict[str, dict[str, list[str]]]
# Made anew, or told otherwise on purpose by the step that brings them in.
APART = frozenset({"alembic_version", "post_outing", "post_tally", "post_total", "tally_stale"})


@pytest.fixture
def demonstration(database: Database, tmp_path: Path) -> Database:
    (tmp_path / "data").mkdir()
    plant(database)
    plant_demo(database, read({"RESUENA_DATA": str(tmp_path / "data")}))
    return database


def rows(database: Database) -> Rows:
    """Every value of every column, sorted: batches copy tables in an order of their own."""
    found, told = inspect(database.engine), {}
    with database.engine.connect() as connection:
        for name in found.get_table_names():
            if name in APART or name.startswith("asset_search"):
                continue
            columns = [one["name"] for one in found.get_columns(name)]
            asked = ", ".join(f'"{one}"' for one in columns)
            values = connection.execute(text(f'SELECT {asked} FROM "{name}"')).all()  # noqa: S608 -- our own names
            told[name] = {one: sorted(str(row[n]) for row in values) for n, one in enumerate(columns)}
    return told


def common(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    shared = {name: set(before[name]) & set(after[name]) for name in set(before) & set(after)}
    return (
        {name: {one: before[name][one] for one in columns} for name, columns in shared.items()},
        {name: {one: after[name][one] for one in columns} for name, columns in shared.items()},
    )


@pytest.mark.drill
def test_every_revision_goes_up_with_the_demonstration_in_it_and_down_only_where_it_says_what_goes(
    demonstration: Database,
) -> None:
    database = demonstration
    everything = rows(database)
    lossless = []
    for number in range(int(head()) - 1, 0, -1):
        revision, before = f"{number:04d}", rows(database)
        if losses(database, revision):
            with pytest.raises(DowngradeLosesError):
                migrate(database, revision)
            assert rows(database) == before  # nothing was done
            migrate(database, revision, lose=True)
        else:
            migrate(database, revision)
            lossless.append(revision)
        assert revision_of(database) == revision
        old, new = common(before, rows(database))
        assert old == new, revision
    oldest = rows(database)
    migrate(database)
    assert differences(database) == []
    # All the way up with rows in it: what the oldest version knew is there as it was.
    old, new = common(oldest, rows(database))
    assert old == new
    assert sum(len(next(iter(columns.values()), [])) for columns in oldest.values()) > 500
    assert everything


def test_a_way_down_that_would_lose_something_is_refused_by_name_and_one_that_would_not_is_gone(
    database: Database,
) -> None:
    # Before there were keys to seal copies with: not to be lost unasked.
    previous = "0009"
    with database.transaction() as session:
        people.add(session, "ana@snt.mx", "Ana")
    before = rows(database)
    migrate(database, previous)
    assert revision_of(database) == previous
    migrate(database)
    assert rows(database) == before
    with database.transaction() as session:
        backups.adopt_key(session, "age1", "")
    with pytest.raises(DowngradeLosesError) as told:
        migrate(database, previous)
    assert "backup_key" in str(told.value.params["lost"])
    assert revision_of(database) == head()
    migrate(database, previous, lose=True)
    assert revision_of(database) == previous
