"""Networks' own sheets of figures: columns known by name, counts read or refused, ages told or left out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.importing import ImportOverError
from content_calendar.models.exchange import ImportStage
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.sheet_cells import CellError
from content_calendar.states import PublicationState
from scheduler.models import Reading
from scheduler.results import figure_imports
from scheduler.results.figure_columns import count_of, read
from scheduler.results.figure_judging import Act, window_at
from scheduler.results.figure_models import FigureImport, FigureKind
from scheduler.results.models import Followers, Result
from tests.scheduler.scene import account, person, planned

TODAY = now().date()


@pytest.mark.parametrize(
    ("said", "count"),
    [("12", 12), ("1,234", 1234), ("1.234.567", 1234567), ("1 234", 1234), ("1,234.00", 1234), ("12.0", 12),
     ("0", 0), ("", None), ("—", None), ("N/A", None)],
)  # fmt: skip
def test_a_count_is_read_however_its_thousands_are_written(said: str, count: int | None) -> None:
    assert count_of(said) == count


@pytest.mark.parametrize("said", ["1.2K", "1,2 mil", "12.5%", "-3", "1,23", "hola", "#REF!"])
def test_what_nobody_counted_is_refused_and_not_made_up(said: str) -> None:
    with pytest.raises(CellError):
        count_of(said)


def test_columns_are_known_by_name_in_both_languages_below_a_title() -> None:
    rows = [
        ["Informe de octubre"],
        [],
        ["Post link", "Impresiones (total)", "LIKES", "Otra", "me gusta"],
        ["a", "1"],
    ]
    found = read(rows, FigureKind.READINGS)
    assert found is not None
    assert found.columns == ("link", "views", "likes", "", "")
    assert [number for number, _ in found.rows] == [4]


@pytest.mark.parametrize(
    ("days", "window"),
    [(0.5, None), (2, None), (3, "72h"), (5, None), (7, "7d"), (14, None), (25, "28d"), (300, "28d")],
)  # fmt: skip
def test_a_figure_stands_for_an_age_only_near_it(days: float, window: str | None) -> None:
    assert window_at(timedelta(days=days)) == window


def out(session: Session, n: int, *, days: int) -> int:
    row = planned(session, account(session, "rehearsal"), datetime(2030, 1, 1, n, tzinfo=UTC))
    session.execute(
        update(Publication)
        .where(Publication.id == row.id)
        .values(state=PublicationState.PUBLISHED, published_at=now() - timedelta(days=days))
    )
    session.execute(
        update(PublicationPart)
        .where(PublicationPart.publication_id == row.id)
        .values(remote_id=f"r{n}", remote_url=f"https://red.example/p/{n}")
    )
    return row.id


def begun(session: Session, rows: list[list[str]], *, as_of: date = TODAY, window: str = "") -> FigureImport:
    return figure_imports.begin(
        session, person(session), FigureKind.READINGS, "red.csv", rows, as_of=as_of, window=window
    )


def test_an_import_fills_what_is_missing_tells_what_is_not_and_is_taken_back_whole(
    database: Database,
) -> None:
    with database.transaction() as session:
        person(session)
        old, young = out(session, 1, days=40), out(session, 2, days=1)
        session.add(
            Reading(publication_id=old, window="28d", metric="likes", value=9, taken_at=now(), source="red")
        )
        one = begun(
            session,
            [
                ["Enlace", "Vistas", "Me gusta", "Respuestas"],
                ["http://www.red.example/p/1/", "1,000", "7", ""],
                ["https://red.example/p/2", "5", "5", "5"],
                ["https://red.example/p/99", "5", "5", "5"],
                ["https://red.example/p/1", "1.2K", "1", "1"],
            ],
        )
        found = figure_imports.judged(session, one, UTC)
        assert [row.act for row in found.rows] == [Act.NEW, Act.YOUNG, Act.UNMATCHED, Act.BAD]
        # Told with its line and its column.
        assert [(row.n, list(row.faults)) for row in found.rows if row.faults] == [(5, [1])]
        figure_imports.take_in(session, one, person(session), UTC)
    with database.transaction() as session:
        told = session.execute(
            select(Reading.publication_id, Reading.window, Reading.metric, Reading.value).order_by(
                Reading.metric
            )
        ).all()
        # What the network said stays; what the sheet left empty has no row, and is no zero.
        assert [tuple(row) for row in told] == [(old, "28d", "likes", 9), (old, "28d", "views", 1000)]
        result = session.scalars(select(Result)).one()
        assert (result.views, result.engagements) == (1000, 9)
        one = figure_imports.hold(session, one.ref)
        with pytest.raises(ImportOverError):
            figure_imports.take_in(session, one, person(session), UTC)
        figure_imports.take_back(session, one, person(session))
    with database.reading() as session:
        assert session.scalars(select(Reading.metric)).all() == ["likes"]
        assert session.scalars(select(Result.views)).one() is None
        assert session.scalars(select(FigureImport.stage)).one() is ImportStage.UNDONE
        assert young


def test_a_person_says_what_an_unknown_column_is_and_a_remote_id_is_enough(database: Database) -> None:
    with database.transaction() as session:
        person(session)
        out(session, 1, days=8)
        one = begun(session, [["Clave rara", "Corazones"], ["r1", "12"]], window="7d")
        assert figure_imports.lacking(one)
        with pytest.raises(figure_imports.FigureColumnTwiceError):
            figure_imports.choose(session, one, ["likes", "likes"])
        figure_imports.choose(session, one, ["remote_id", "likes"])
        found = figure_imports.take_in(session, one, person(session), UTC)
        assert list(found.readings.values()) == [{"likes": 12}]
        assert session.scalars(select(Reading.source)).one() == f"import:{one.ref}"


def test_a_thread_counts_only_with_all_its_parts(database: Database) -> None:
    with database.transaction() as session:
        person(session)
        publication_id = out(session, 1, days=8)
        first = session.scalars(select(PublicationPart)).one()
        session.add(
            PublicationPart(
                publication_id=publication_id, account_id=first.account_id, n=2, client_key="k2",
                remote_id="r1b", remote_url="https://red.example/p/1b",
            )
        )  # fmt: skip
        session.flush()
        half = begun(session, [["ID", "Likes"], ["r1", "3"]])
        assert [row.act for row in figure_imports.judged(session, half, UTC).rows] == [Act.PARTIAL]
        whole = begun(session, [["ID", "Likes"], ["r1", "3"], ["r1b", "4"]])
        assert list(figure_imports.judged(session, whole, UTC).readings.values()) == [{"likes": 7}]


def test_followers_are_brought_by_account_and_day(database: Database) -> None:
    with database.transaction() as session:
        someone = person(session)
        to = account(session, "rehearsal")
        rows = [["Cuenta", "Fecha", "Seguidores"], [f"@{to.handle}", "01/03/2026", "1,200"],
                [f"@{to.handle}", "32/03/2026", "5"], ["@otra", "01/03/2026", "7"]]  # fmt: skip
        one = figure_imports.begin(session, someone, FigureKind.FOLLOWERS, "s.csv", rows, as_of=None)
        found = figure_imports.take_in(session, one, someone, UTC)
        assert [row.act for row in found.rows] == [Act.NEW, Act.BAD, Act.UNMATCHED]
        assert session.execute(select(Followers.on, Followers.value)).all() == [(date(2026, 3, 1), 1200)]
        figure_imports.take_back(session, one, someone)
        assert session.scalar(select(func.count()).select_from(Followers)) == 0


def test_a_sheet_too_long_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figure_imports, "MOST_ROWS", 2)
    with database.transaction() as session:
        person(session)
        with pytest.raises(figure_imports.FigureSheetTooLongError):
            begun(session, [["ID", "Likes"], ["a", "1"], ["b", "2"], ["c", "3"]])
        with pytest.raises(figure_imports.FigureSheetEmptyError):
            begun(session, [["solo"], ["uno"]])
