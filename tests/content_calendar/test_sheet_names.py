"""Names in the cells of a sheet: accounts by handle or link, bodies by initials, name or state, themes as they are."""

from datetime import UTC, date, datetime

import pytest

from content_calendar.models.audiences import Audience
from content_calendar.sheet_cells import CellError, Days
from content_calendar.sheet_columns import AUDIENCES
from content_calendar.sheet_names import Names
from content_calendar.sheet_values import Known, KnownAccount, KnownBody, KnownTheme


@pytest.fixture
def names() -> Names:
    def account(ref: str, network: str, handle: str, url: str = "", *, retired: bool = False) -> KnownAccount:
        return KnownAccount(
            ref, network, network.capitalize(), handle, url, usable=not retired, retired=retired
        )

    return Names(
        Known(
            year=2026,
            number=2,
            days=Days(date(2026, 3, 1), date(2026, 4, 30)),
            zone="America/Mexico_City",
            zones={"Tijuana": "America/Tijuana"},
            now=datetime(2026, 1, 1, tzinfo=UTC),
            themes=[KnownTheme("t1", "Tu derecho a saber"), KnownTheme("t2", "Viejo", archived=True)],
            accounts=[
                account("a1", "red", "INFO_NL", "https://www.red.example/INFO_NL"),
                account("a2", "otra", "info_nl"),
                account("a3", "red", "comision"),
                account("a4", "otra", "vieja", retired=True),
                account("a5", "otra", "vieja"),
                account("a6", "otra", "sola@servidor.example"),
            ],
            bodies=[
                KnownBody("infonl", ("infonl", "INFONL", "Instituto de Nuevo León", "Nuevo León")),
                KnownBody("nuevo", ("nuevo", "TRANSPARENCIA NL", "Transparencia", "Nuevo León")),
                KnownBody("viejo", ("viejo", "IVAI", "Instituto Veracruzano", "Veracruz"), date(2025, 5, 1)),
            ],
        )
    )


@pytest.mark.parametrize(
    ("said", "refs"),
    [
        ("@comision", "a3"),
        ("COMISION", "a3"),
        ("Red: @info_nl", "a1"),
        ("@info_nl (otra)", "a2"),
        ("https://red.example/INFO_NL", "a1"),
        ("red.example/info_nl/?x=1", "a1"),
        ("https://red.example/comision", "a3"),
        ("@comision, Otra: @info_nl\n@vieja", "a3 a2 a5"),
        ("@sola@servidor.example", "a6"),
    ],
)
def test_an_account_is_known_by_its_handle_or_its_link(names: Names, said: str, refs: str) -> None:
    assert " ".join(one.ref for one in names.accounts(said, frozenset())) == refs


def test_a_column_of_networks_tells_accounts_of_one_name_apart(names: Names) -> None:
    assert [one.ref for one in names.accounts("@info_nl", names.networks("RED"))] == ["a1"]
    assert [one.ref for one in names.accounts("@info_nl", names.networks("Otra"))] == ["a2"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("@info_nl", "sheet_account_ambiguous"),
        ("@nadie", "sheet_account_unknown"),
        ("https://otro.example/comision", "sheet_account_unknown"),
        ("Otra: @comision", "sheet_account_elsewhere"),
        ("Nube: @comision", "sheet_network_unknown"),
        ("@comision; Red: @comision", "sheet_account_repeated"),
    ],
)
def test_an_account_that_is_not_sure_is_told(names: Names, said: str, code: str) -> None:
    with pytest.raises(CellError) as told:
        names.accounts(said, frozenset())
    assert told.value.code == code


@pytest.mark.parametrize(
    ("said", "slug"),
    [("infonl", "infonl"), ("instituto de nuevo leon", "infonl"), ("TRANSPARENCIA", "nuevo")],
)
def test_a_body_is_known_by_its_initials_or_its_name(names: Names, said: str, slug: str) -> None:
    assert names.body(said, None) == slug


def test_a_theme_is_known_whatever_its_accents_and_a_slip_is_told(names: Names) -> None:
    assert names.theme("TU DERECHO A SABER") == ("Tu derecho a saber", "t1")
    assert names.theme("Algo nuevo") == ("Algo nuevo", "")
    # The second row of a new theme may be a slip too.
    for said in ("Tu derecho a sabre", "Algo nuebo"):
        with pytest.raises(CellError) as told:
            names.theme(said)
        assert told.value.code == "sheet_theme_alike"
    assert names.theme("algo  NUEVO") == ("Algo nuevo", "")


def test_audiences_are_those_of_the_plan(names: Names) -> None:
    assert list(AUDIENCES) == [one.value for one in Audience]
    assert names.audiences("Prensa, ciudadanía; OSC") == "citizens civil_society media"
