"""What a password may be, and who is told that it changed."""

import pytest

from content_calendar.models.people import Person
from webapp.account.passwords import PasswordCommonError, check_new, leaked, make

ANA = Person(email="ana.lopez@instituto.mx", email_folded="ana.lopez@instituto.mx", name="Ana")


@pytest.mark.parametrize(
    "password", ["Q1W2E3R4T5", "1234554321", "password123", "instituto1", "contraseña99"]
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordCommonError):
        check_new(password, ANA)


def test_a_phrase_and_what_we_make_ourselves_are_taken() -> None:
    check_new("una frase que nadie adivina", ANA)
    check_new(make(), ANA)


def test_the_list_is_of_those_that_are_long_enough_to_be_tried() -> None:
    assert len(leaked()) > 1000
    assert min(map(len, leaked())) >= 10
