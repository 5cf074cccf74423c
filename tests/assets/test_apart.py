"""The darkroom, the press and the rooms, each started by the same hand, with limits and refusals of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assets import apart, pictures, printing
from assets.apart import Places, RoomsBusyError
from assets.pictures import PicturesBusyError
from content_calendar.errors import ConflictError, ResuenaError
from tests.assets import corpus


def in_darkroom() -> object:
    return pictures.develop(corpus.photo())


def at_press() -> object:
    return list(printing.printed({"do": "card"}))


def in_a_room() -> object:
    with apart.a_file(b"x") as given:
        return apart.run("room", given, seconds=0.3)


@pytest.mark.parametrize(
    ("start", "where", "places", "busy"),
    [
        (in_darkroom, pictures, "_PLACES", PicturesBusyError),
        (at_press, printing, "_PLACES", PicturesBusyError),
        (in_a_room, apart, "_IN_ROOMS", RoomsBusyError),
    ],
)
def test_each_has_its_own_places_and_says_so_when_they_are_taken(
    monkeypatch: pytest.MonkeyPatch,
    start: Callable[[], object],
    where: object,
    places: str,
    busy: type[ConflictError],
) -> None:
    only = Places(1, 0.01, busy)
    monkeypatch.setattr(where, places, only)
    with only.taken(), pytest.raises(busy):
        start()
    with only.taken():  # the control: a place is free again
        pass


@pytest.mark.parametrize("lines", ["import time; time.sleep(600)", "while True: print('x' * 1_000_000)"])
def test_what_sleeps_or_floods_is_ended_wherever_it_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str
) -> None:
    (tmp_path / "room.py").write_text(lines)
    monkeypatch.setattr(apart, "_ROOMS", tmp_path)
    monkeypatch.setattr(printing, "_PRESS", ("-c", lines))
    monkeypatch.setattr(printing, "_WALL_SECONDS", 0.3)
    assert in_a_room() == ({}, b"")
    with pytest.raises(ResuenaError) as caught:
        at_press()
    assert caught.value.code == "picture_too_heavy"


def test_whoever_stops_reading_ends_the_program() -> None:
    program = ("-c", "import time; print('begun', flush=True); time.sleep(600)")
    with apart.a_file() as given, apart.child(program, given, 60.0) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
    assert running.returncode is not None


def test_a_program_is_told_nothing_of_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESUENA_SECRET_KEY", "k" * 40)
    lines = "import json, os; print(json.dumps({'names': sorted(os.environ), 'at': os.getcwd()}))"
    with apart.a_file() as given:
        told, _ = apart.answered(("-c", lines), given, 20.0, 1 << 20)
    assert told["at"] == "/"
    assert not [name for name in told["names"] if name.startswith("RESUENA")]


ROOMS = {
    "tracing": ("_drawn", (), b"<svg/>"),
    "reading": ("_clean", (), b"%PDF"),
    "projecting": ("_film", ("film", "9", "9"), corpus.film()),
    "tabulating": ("_listed", (), b"a,b"),
}
HUNGRY = """
import sys
sys.path.insert(0, sys.argv.pop(1))
room, work, megabytes = __import__(sys.argv.pop(1)), sys.argv.pop(1), int(sys.argv.pop(1))
def eat(*_):
    bytearray(megabytes << 20)
    raise SystemExit(7)
setattr(room, work, eat)
room.main()
"""


def test_every_room_bounds_its_memory() -> None:
    folder = Path(apart.__file__).with_name("rooms")
    assert {path.stem for path in folder.glob("*.py")} - {"__init__"} == set(ROOMS)
    for room, (work, args, given) in ROOMS.items():
        ended = []
        for megabytes in (3_000, 100):
            told = ["-c", HUNGRY, str(folder), room, work, str(megabytes), *args]
            with apart.a_file(given) as file, apart.child(told, file, 30.0) as running:
                running.communicate()
            ended.append(running.returncode)
        assert ended[0] != 7, room
        assert ended[1] == 7, room  # the control: less than that it gets
