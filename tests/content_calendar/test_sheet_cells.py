"""Days, hours, tags and headings as people write them in Mexico."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.sheet_cells import CellError, Days, day_of, hour_of, link_of, tags_of
from content_calendar.sheet_columns import Column, column_of, layout_of, rows_under
from content_calendar.sheet_values import Values, digest_of, key_of, parts_of

DAYS = Days(date(2026, 3, 1), date(2026, 4, 30))


@pytest.mark.parametrize(
    "said",
    [
        "15/03/2026",
        "15/3/26",
        "15-03-2026",
        "15.3.2026",
        "15 03 2026",
        "2026-03-15",
        "2026/3/15",
        "15-mar-26",
        "15-mar-2026",
        "15 de marzo de 2026",
        "15 de marzo del 2026",
        "domingo 15 de marzo",
        "dom, 15 mar 2026",
        "15 mar.",
        "15/03",
        "46096",
        "15/MARZO/2026",
        " 15/03/2026 ",
        "2026-03-15T00:00",
        "15 March 2026",
    ],
)
def test_a_day_is_read_in_the_ways_of_mexico(said: str) -> None:
    assert day_of(said, DAYS) == (date(2026, 3, 15), "")


@pytest.mark.parametrize(
    ("said", "hour"), [("2026-03-15T09:30", "09:30"), ("15/03/2026 9:30", "9:30"), ("46096.5", "0.5")]
)
def test_a_day_may_carry_its_hour(said: str, hour: str) -> None:
    assert day_of(said, DAYS) == (date(2026, 3, 15), hour)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mañana", "sheet_day_unreadable"),
        ("15/marzobre/2026", "sheet_day_unreadable"),
        ("0", "sheet_day_unreadable"),
        ("31/04/2026", "sheet_day_impossible"),
        ("2026-02-30", "sheet_day_impossible"),
        ("03/15/2026", "sheet_day_month_first"),
        ("15/05/2026", "sheet_day_outside"),
        ("15/03/206", "sheet_day_outside"),
        ("99999", "sheet_day_outside"),
    ],
)
def test_a_day_that_cannot_be_is_told(said: str, code: str) -> None:
    with pytest.raises(CellError) as told:
        day_of(said, DAYS)
    assert told.value.code == code


@pytest.mark.parametrize(
    ("said", "hour"),
    [
        ("9:00", time(9)),
        ("09:00 h", time(9)),
        ("9 am", time(9)),
        ("9 a. m.", time(9)),
        ("9:30 p.m.", time(21, 30)),
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("21h", time(21)),
        ("21 hrs.", time(21)),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("0.375", time(9)),
        ("0.5", time(12)),
        ("mediodía", time(12)),
        ("a las 9 am", time(9)),
        ("09:00:30", time(9, 0, 30)),
        ("18:00 horas", time(18)),
    ],
)
def test_an_hour_is_read_in_the_ways_of_mexico(said: str, hour: time) -> None:
    assert hour_of(said) == hour


@pytest.mark.parametrize("said", ["9", "temprano", "25:00", "9:75", "13 pm pm", "-1:00"])
def test_an_hour_that_cannot_be_is_told(said: str) -> None:
    with pytest.raises(CellError):
        hour_of(said)


@given(st.text(max_size=60))
def test_whatever_is_in_a_cell_is_read_or_told(said: str) -> None:
    for read in (lambda text: day_of(text, DAYS), hour_of, link_of, tags_of):
        with suppress(CellError):
            assert read(said) is not None


@given(st.dates(DAYS.first, DAYS.last), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y"]))
def test_every_day_of_the_bimester_is_read_back(day: date, written: str) -> None:
    assert day_of(day.strftime(written), DAYS)[0] == day


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("FECHA", Column.DAY),
        ("  Publicación ", Column.TEXT),
        ("Hora (24 h)", Column.HOUR),
        ("redes_sociales", Column.NETWORK),
        ("Campana", Column.CAMPAIGN),
        ("Organismo Responsable:", Column.BODY),
        ("algo", None),
        ("", None),
    ],
)
def test_a_heading_is_known_whatever_its_accents_and_capitals(heading: str, column: Column | None) -> None:
    assert column_of(heading) is column


def test_headings_are_found_below_a_title_and_rows_keep_their_numbers() -> None:
    rows = [
        ["Plan de marzo y abril"],
        [],
        ["Otra", "TEXTO", "Tema"],
        ["x", "Hola", "Saber"],
        ["", "", ""],
        ["", "Adiós", ""],
    ]
    layout = layout_of(rows)
    assert layout is not None
    assert (layout.row, layout.unread) == (2, ("Otra",))
    assert rows_under(layout, rows) == [(4, {"text": "Hola", "theme": "Saber"}), (6, {"text": "Adiós"})]


def test_a_key_is_the_same_for_the_same_row_and_another_for_another() -> None:
    one = Values(theme="Saber", parts=("Hola",), accounts=("b", "a"))
    assert key_of(one) == key_of(
        Values(theme="SABER", theme_ref="x", parts=("Hola",), accounts=("a", "b"), zone="UTC")
    )
    assert key_of(one) != key_of(Values(theme="Saber", parts=("Adiós",), accounts=("a", "b")))
    assert digest_of(one) != digest_of(
        Values(theme="Saber", parts=("Hola",), accounts=("a", "b"), noted={"notes": "x"})
    )


def test_three_hyphens_divide_a_thread() -> None:
    assert parts_of("Uno\n---\n  \n---\nDos\nTres\n") == ("Uno", "Dos\nTres")
