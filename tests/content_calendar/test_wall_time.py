import csv
import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar import wall_time
from content_calendar.errors import InvalidError
from content_calendar.wall_time import ZONE_OF_STATE, FarTimeError, MissingTimeError, UnknownZoneError

MEXICAN_ZONES = sorted(
    {*ZONE_OF_STATE.values(), "America/Ciudad_Juarez", "America/Ojinaga", "America/Matamoros"}
)


def wall(clock: str) -> datetime:
    return datetime.fromisoformat(clock)


def offset(zone: str, clock: str) -> float:
    moment = wall_time.resolve(wall(clock), zone)
    return (moment.local.replace(tzinfo=UTC) - moment.utc) / timedelta(hours=1)


def test_a_time_the_clocks_of_tijuana_jump_over_is_refused_with_the_next_one_that_exists() -> None:
    with pytest.raises(MissingTimeError) as refused:
        wall_time.resolve(wall("2026-03-08 02:30"), "America/Tijuana")
    assert refused.value.code == "time_does_not_exist"
    assert refused.value.field == "local"
    assert refused.value.params == {
        "local": "2026-03-08T02:30:00",
        "zone": "America/Tijuana",
        "next_valid": "2026-03-08T03:00:00",
    }


@pytest.mark.parametrize(
    ("clock", "exists"), [("01:59:59", True), ("02:00:00", False), ("02:59:59", False), ("03:00:00", True)]
)
def test_the_gap_of_tijuana_is_exactly_one_hour(clock: str, exists: bool) -> None:  # noqa: FBT001 -- a column of the table above
    local = datetime.fromisoformat(f"2026-03-08T{clock}")
    if exists:
        assert wall_time.resolve(local, "America/Tijuana").fold_note is False
    else:
        with pytest.raises(MissingTimeError, match=r"03:00:00"):
            wall_time.resolve(local, "America/Tijuana")


def test_a_time_the_clocks_of_tijuana_show_twice_is_the_first_and_says_so() -> None:
    moment = wall_time.resolve(wall("2026-11-01 01:30"), "America/Tijuana")
    assert moment.fold_note is True
    assert moment.utc == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


def test_the_second_of_two_equal_times_is_never_taken_by_a_stray_fold() -> None:
    moment = wall_time.resolve(wall("2026-11-01 01:30").replace(fold=1), "America/Tijuana")
    assert moment.utc == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert moment.local.fold == 0


@pytest.mark.parametrize(
    ("zone", "january", "july"),
    [
        ("America/Mexico_City", -6, -6),
        ("America/Monterrey", -6, -6),
        ("America/Merida", -6, -6),
        ("America/Bahia_Banderas", -6, -6),
        ("America/Chihuahua", -6, -6),
        ("America/Cancun", -5, -5),
        ("America/Hermosillo", -7, -7),
        ("America/Mazatlan", -7, -7),
        ("America/Ciudad_Juarez", -7, -6),
        ("America/Ojinaga", -6, -5),
        ("America/Matamoros", -6, -5),
        ("America/Tijuana", -8, -7),
    ],
)
def test_offsets_of_2026_are_those_of_the_law_of_2022(zone: str, january: int, july: int) -> None:
    assert offset(zone, "2026-01-15 12:00") == january
    assert offset(zone, "2026-07-15 12:00") == july


def test_clocks_of_mexico_city_change_on_no_day_of_2026() -> None:
    start = wall("2026-01-01")
    for hour in range(365 * 24):
        moment = wall_time.resolve(start + timedelta(hours=hour, minutes=30), "America/Mexico_City")
        assert moment.fold_note is False
        assert moment.utc.replace(tzinfo=None) - moment.local == timedelta(hours=6)


@pytest.mark.parametrize(
    "zone",
    [
        "America/Mexicali",
        "",
        "America",
        "../etc/passwd",
        "/etc/localtime",
        "zona\0",
        "MX-BCN",
        "a" * 5000,
        "tzdata.zi",
    ],
)
def test_what_is_no_zone_is_refused_by_name(zone: str) -> None:
    with pytest.raises(UnknownZoneError) as refused:
        wall_time.resolve(wall("2026-01-01"), zone)
    assert refused.value.params == {"zone": zone}
    assert isinstance(refused.value, InvalidError)


def test_a_time_at_the_end_of_the_calendar_is_refused() -> None:
    with pytest.raises(FarTimeError):
        wall_time.resolve(wall("9999-12-31 23:59"), "America/Tijuana")


def test_an_aware_time_is_a_programming_mistake() -> None:
    with pytest.raises(ValueError, match="naive"):
        wall_time.resolve(datetime(2026, 1, 1, tzinfo=UTC), "America/Tijuana")


def test_every_state_of_the_directory_has_a_zone() -> None:
    path = (
        Path(os.environ.get("RESUENA_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
        / "guarantor_bodies.csv"
    )
    if not path.exists():
        pytest.skip("the directory's facts (guarantor_bodies.csv) are not here; set RESUENA_TEST_DATA")
    with path.open(encoding="utf-8", newline="") as rows:
        states = [row["state_iso"] for row in csv.DictReader(rows)]
    assert sorted(states) == sorted(ZONE_OF_STATE)


def test_there_are_32_states_and_the_federation() -> None:
    assert len(ZONE_OF_STATE) == 33
    assert ZONE_OF_STATE["MX"] == "America/Mexico_City"
    assert ZONE_OF_STATE["MX-BCN"] == "America/Tijuana"
    assert ZONE_OF_STATE["MX-ROO"] == "America/Cancun"
    assert ZONE_OF_STATE["MX-SON"] == "America/Hermosillo"
    assert all(wall_time.zone_named(zone) for zone in ZONE_OF_STATE.values())


def test_zones_come_from_the_locked_package_and_not_from_the_machine() -> None:
    assert zoneinfo.TZPATH == ()
    assert wall_time.tz_version() >= "2026"


def test_a_zone_loaded_from_the_machine_before_the_import_is_forgotten(tmp_path: Path) -> None:
    # A machine whose file for Mexico City is really Tokyo's: the import must not believe it.
    (tmp_path / "America").mkdir()
    fetch = (
        "import importlib.resources as r, sys;"
        "sys.stdout.buffer.write(r.files('tzdata').joinpath('zoneinfo/Asia/Tokyo').read_bytes())"
    )
    tokyo = subprocess.run([sys.executable, "-c", fetch], check=True, capture_output=True).stdout  # noqa: S603 -- our own words
    (tmp_path / "America" / "Mexico_City").write_bytes(tokyo)
    program = (
        "import zoneinfo, datetime as d; july = d.datetime(2026, 7, 1);"
        "print(july.replace(tzinfo=zoneinfo.ZoneInfo('America/Mexico_City')).utcoffset());"
        "from content_calendar.wall_time import zone_named;"
        "print(july.replace(tzinfo=zone_named('America/Mexico_City')).utcoffset())"
    )
    said = subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
    ).stdout.split("\n")
    assert said[0] == "9:00:00", "the control: without the import, the machine's file is believed"
    assert said[1] == "-1 day, 18:00:00"


wall_times = st.datetimes(min_value=wall("2020-01-01"), max_value=wall("2035-12-31"))


@given(local=wall_times, zone=st.sampled_from(MEXICAN_ZONES))
def test_a_wall_time_either_comes_back_from_utc_as_it_was_or_does_not_exist(
    local: datetime, zone: str
) -> None:
    try:
        moment = wall_time.resolve(local, zone)
    except MissingTimeError as missing:
        resumes = datetime.fromisoformat(str(missing.params["next_valid"]))
        assert timedelta(0) < resumes - local <= timedelta(hours=2)
        just_before = resumes - timedelta(seconds=1)
        assert wall_time.resolve(resumes, zone).local == resumes
        with pytest.raises(MissingTimeError):
            wall_time.resolve(just_before, zone)
    else:
        assert wall_time.wall_time(moment.utc, zone) == local


@given(
    utc=st.datetimes(min_value=wall("2020-01-01"), max_value=wall("2035-12-31"), timezones=st.just(UTC)),
    zone=st.sampled_from(MEXICAN_ZONES),
)
def test_what_clocks_show_always_exists(utc: datetime, zone: str) -> None:
    moment = wall_time.resolve(wall_time.wall_time(utc, zone), zone)
    assert moment.utc == utc or (moment.fold_note and moment.utc < utc)
