"""The parts of a thread in the composer, and the texts that networks have of their own."""

import re
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict

from tests.webapp.calendar.conftest import House, form
from tests.webapp.conftest import Browser
from webapp.calendar import parts
from webapp.calendar.parts import Parts, Picture


def three() -> tuple[Parts, list[Picture]]:
    said = Parts(["uno", "dos", "tres"], {"red": ["", "DOS", ""]})
    return said, [Picture("a", 1, "Plaza", 1), Picture("b", 1, "Parque", 2), Picture("c", 1, "Calle", 3)]


@pytest.mark.parametrize(
    ("command", "texts", "own", "standing"),
    [
        ("add", ["uno", "dos", "tres", ""], ["", "DOS", "", ""], [1, 2, 3]),
        ("up-2", ["dos", "uno", "tres"], ["DOS", "", ""], [2, 1, 3]),
        ("down-2", ["uno", "tres", "dos"], ["", "", "DOS"], [1, 3, 2]),
        ("drop-2", ["uno", "tres"], ["", ""], [1, 1, 2]),
        ("drop-1", ["dos", "tres"], ["DOS", ""], [1, 1, 2]),
        *(
            (odd, ["uno", "dos", "tres"], ["", "DOS", ""], [1, 2, 3])
            for odd in ("up-1", "down-3", "drop-9", "x")
        ),
    ],
)
def test_a_part_takes_its_own_texts_and_pictures_along(
    command: str, texts: list[str], own: list[str], standing: list[int]
) -> None:
    said, pictures = three()
    parts.act(said, pictures, command)
    assert said.texts == texts
    assert said.variants == {"red": own}
    assert [one.part for one in pictures] == standing


def test_no_more_parts_than_a_person_reads() -> None:
    said = Parts(["a"] * parts.MOST_PARTS)
    parts.act(said, [], "add")
    assert len(said.texts) == parts.MOST_PARTS


def test_a_network_says_every_part_its_way_or_none() -> None:
    said, _ = three()
    assert said.differing("red") == ("uno", "DOS", "tres")
    assert said.differing("otra") == ()


def test_what_is_no_thread_is_one_text_and_loses_no_word() -> None:
    said, _ = three()
    one = parts.folded(said)
    assert one.texts == ["uno\n\ndos\n\ntres"]
    assert one.variants == {"red": ["uno\n\nDOS\n\ntres"]}


def test_parts_are_read_as_they_were_sent() -> None:
    form = MultiDict(
        {
            "text": "uno\r\ny medio",
            "text-2": "dos",
            "text-4": "sin la tercera no hay cuarta",
            "variant-red-2": "DOS",
            "variant-otra": "  ",
            "variant-red-x": "nada",
        }
    )
    said = parts.read(form)
    assert said.texts == ["uno\ny medio", "dos"]
    assert said.variants == {"red": ["", "DOS"]}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_network_gets_the_common_text_to_change_and_goes_back_to_it(
    client_as: Callable[..., Browser], house: House
) -> None:
    eva = client_as("editor", "eva")
    eva.get("/publicaciones/nueva")
    page = eva.post("/publicaciones/nueva", form(house, text="Para todas", do="detach-x-1")).get_data(
        as_text=True
    )
    assert re.search(r'name="variant-x"[^>]*>\s*Para todas</textarea>', page)
    sent = form(house, text="Para todas", do="attach-x-1", **{"variant-x": "Solo para una"})
    page = eva.post("/publicaciones/nueva", sent).get_data(as_text=True)
    assert re.search(r'name="variant-x"[^>]*>\s*</textarea>', page)
    assert eva.post("/publicaciones/nueva", form(house, do="detach-x-99")).status_code == 200
