"""What a password must be: long, and not what anybody would try first (ASVS 5.0, 6.2)."""

import secrets
from functools import cache
from pathlib import Path

import content_calendar
from content_calendar.errors import InvalidError
from content_calendar.models.people import Person
from webapp.session import password_opens

LEAST = 10
_OFTEN = frozenset(
    {
        "0123456789", "1234567890", "123456789a", "1q2w3e4r5t", "abcdefghij", "administrador", "bienvenida",
        "bienvenido", "contrasena", "contraseña", "iloveyou12", "mexico", "mexico123", "password", "qwertyuiop",
        "resuena", "resuena123", "teamomucho", "transparencia",
    }
)  # fmt: skip


@cache
def leaked() -> frozenset[str]:
    """Return passwords that were found in leaks, folded; kept here, so that no one else is asked (6.2.4)."""
    lines = (Path(content_calendar.__file__).parent / "leaked_passwords.txt").read_text(encoding="utf-8")
    return frozenset(one.casefold() for one in lines.splitlines() if not one.startswith("# "))


class PasswordShortError(InvalidError):
    """Shorter than ``least`` characters."""

    code = "password_short"


class PasswordCommonError(InvalidError):
    """One of those that are tried first, or made of the person's own name or address."""

    code = "password_common"


class PasswordWrongError(InvalidError):
    """Not the person's present password."""

    code = "password_wrong"


def check_new(password: str, person: Person) -> None:
    """Raise PasswordShortError or PasswordCommonError unless the password may be taken."""
    if len(password) < LEAST:
        raise PasswordShortError(field="new", least=LEAST)
    folded = password.casefold()
    bare = folded.strip("!.,*#0123456789")
    own = {part for part in person.email_folded.replace("@", ".").split(".") if len(part) >= LEAST // 2}
    if (
        {bare, folded} & _OFTEN
        or {bare, folded} & own
        or folded in leaked()
        or len(set(folded)) <= LEAST // 3
    ):
        raise PasswordCommonError(field="new")


def check_present(password: str, person: Person) -> None:
    """Raise PasswordWrongError unless it is the person's password."""
    if not password_opens(person, password):
        raise PasswordWrongError(field="present")


def make() -> str:
    """Return a random password that can be read aloud: five groups of four letters and digits."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))
