"""Rows that the database gives as lines of CSV are those that Python's own writer makes of their cells."""

import csv
import io
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Integer, String, literal, null, select

from content_calendar import clock
from content_calendar.bulk import streamed
from content_calendar.db import Database
from webapp.open_data import written
from webapp.open_data.declaring import Ask
from webapp.open_data.sets import SETS
from webapp.open_data.streaming import CsvWriter, csv_head, csv_stream, parts

ASK = Ask(ZoneInfo("America/Mexico_City"), clock.now(), frozenset({"rehearsal"}), frozenset({"rehearsal"}))
LINED = sorted(slug for slug, one in SETS.items() if one.lined)


def test_a_line_is_what_the_writer_makes_of_its_cells(database: Database) -> None:
    texts = ["liso", 'con "comillas"', "a, b", "uno\ndos", "uno\rdos", " con orilla ", "=1+1", "ñ 🗳", None]
    wanted, made = io.StringIO(newline=""), ""
    with database.reading() as session:
        for said in texts:
            cells = [(literal(said, String) if said else null(), True), (literal(7, Integer), False)]
            made += "".join(
                f"{row[0]}\r\n"
                for part in streamed(session.connection(), select(written.csv_line(cells)), 10)
                for row in part
            )
            csv.writer(wanted).writerow([said, 7])
    assert made == wanted.getvalue()


@pytest.mark.parametrize("slug", LINED)
@pytest.mark.usefixtures("world")
def test_a_set_given_by_lines_is_the_set_given_by_cells(database: Database, slug: str) -> None:
    one = SETS[slug]
    with database.reading() as session:
        connection, writer = session.connection(), CsvWriter(one)
        by_cells = csv_head(one) + b"".join(writer.written(part) for part in parts(connection, one, ASK))
        by_lines = b"".join(csv_stream(connection, one, ASK))
    assert by_lines == by_cells
    assert by_lines.count(b"\r\n") > 1


def test_what_people_typed_is_never_given_by_lines() -> None:
    assert not [one.slug for one in SETS.values() if one.lined and one.typed]
    assert "mediciones" in LINED
