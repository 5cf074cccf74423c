import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_calendar.links import links
from content_calendar.personal_data import card_is_right, clabe_is_right, find

FOUND = {
    "CURP HEGG560427MVZRRL04": "personal_curp",
    "RFC GODE561231GR8, gracias": "personal_rfc",
    "Llama al 55 1234 5678": "personal_phone",
    "(449) 915 1234 en la tarde": "personal_phone",
    "+52 1 81 1234 5678": "personal_phone",
    "Escribe a ana.perez@gmail.com": "personal_email",
    "Deposita a 4111 1111 1111 1111": "personal_card",
    "CLABE 032180000118359719": "personal_clabe",
    "El folio 330030925000123 de María López Ruiz": "personal_folio",
    "José Pérez pidió en su solicitud 330030925000123 el contrato": "personal_folio",
}
NOT_FOUND = [
    "CURP HEGG560427MVZRRL05",
    "RFC XAXX010101000 del público",
    "RFC de una empresa: ABC010101AB1",
    "Llama sin costo al 800 835 4324",
    "Escribe a contacto@infonl.mx o a transparencia@inai.org.mx",
    "@ana.perez@mastodon.social",
    "4111 1111 1111 1112",
    "032180000118359718",
    "Folio 330030925000123, ya respondido",
    "Foro en Ciudad Victoria, solicitud abierta",
    "El 20 de noviembre de 2026 a las 10:00, artículo 6, 2025-2026",
    "https://infonl.mx/5512345678/ana@gmail.com",
    "#55123456789",
    "Van 1,234,567,890 pesos",
    "",
]


@pytest.mark.parametrize(("text", "code"), FOUND.items())
def test_personal_data_is_found_once_and_not_repeated(text: str, code: str) -> None:
    found = find(text, links(text))
    assert [one.code for one in found] == [code]
    assert len(found[0].begins) <= 5


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert find(text, links(text)) == []


@given(st.lists(st.integers(0, 9), min_size=17, max_size=17).filter(any))
def test_of_ten_last_digits_of_a_clabe_one_is_right(digits: list[int]) -> None:
    begun = "".join(map(str, digits))
    assert sum(clabe_is_right(f"{begun}{last}") for last in range(10)) == 1


@given(st.integers(4 * 10**14, 5 * 10**14 - 1), st.integers(0, 14))
def test_a_card_with_one_digit_changed_is_none(begun: int, at: int) -> None:
    right = next(f"{begun}{last}" for last in range(10) if card_is_right(f"{begun}{last}"))
    other = f"{right[:at]}{(int(right[at]) + 1) % 10}{right[at + 1 :]}"
    assert not card_is_right(other)


@given(st.text(max_size=80))
def test_any_text_is_looked_at_without_trouble(text: str) -> None:
    find(text, links(text))
