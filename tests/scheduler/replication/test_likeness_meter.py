"""How equal a text is to others', in words that a person can act on."""

import pytest

from content_calendar.likeness import THRESHOLD, alike, closeness
from scheduler.replication.likeness_meter import Closeness, compare, level_of, rules

OURS = "Tienes derecho a saber en qué gasta tu gobierno: pregunta gratis y sin decir quién eres."
OWN = "En Colima abrimos un módulo en el jardín Núñez para ayudarte a escribir tu primera solicitud."


def test_the_same_words_are_equal_whatever_stands_around_them() -> None:
    found = compare(f"{OURS.upper()} #InfoCol https://infocol.org.mx/1", OURS, {})
    assert (found.level, found.like_ours, found.bodies) == (Closeness.EQUAL, True, [])


def test_the_bodies_whose_text_a_platform_would_take_for_the_same_are_named() -> None:
    others = {"ITEI": [OURS], "INFOEM": ["Otra cosa muy distinta, de otro tema."], "IACIP": [OURS + " Aquí."]}
    found = compare(OURS.replace("gratis", "sin costo"), OURS, others)
    assert found.level in {Closeness.VERY, Closeness.EQUAL}
    assert found.bodies == ["IACIP", "ITEI"]
    assert found.same_beginning


def test_an_own_text_is_like_nobodys() -> None:
    found = compare(OWN, OURS, {"ITEI": [OURS]})
    assert (found.level, found.bodies, found.like_ours, found.same_beginning) == (
        Closeness.OWN,
        [],
        False,
        False,
    )


@pytest.mark.parametrize("text", ["", "  ", "https://infocol.org.mx/1"])
def test_no_words_are_like_nothing(text: str) -> None:
    assert not compare(text, OURS, {"ITEI": [OURS]}).bodies


def test_the_meter_warns_from_where_the_gate_stops() -> None:
    # What the meter calls very alike the gate of publications holds back, and the other way round.
    assert (closeness(OURS, OURS + " Hoy.") >= THRESHOLD) == alike(OURS, OURS + " Hoy.")
    assert [level_of(one) for one in (THRESHOLD - 1, THRESHOLD)] == [Closeness.AKIN, Closeness.VERY]


def test_every_rule_says_where_it_stands() -> None:
    assert rules()
    assert all(one.source.startswith("https://") and one.window for one in rules())
