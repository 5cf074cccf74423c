"""Whose an account is that a network tells of: by its number where that is one account's, else by its handle."""

import pytest

from scheduler.echo_powers import EchoForm, RemoteEcho
from scheduler.replication.known_accounts import Directory, Known


def directory(*known: Known) -> Directory:
    found = Directory()
    for one in known:
        found.by_handle[one.handle] = one
        if one.remote_id:
            found.by_id.setdefault(one.remote_id, []).append(one)
    return found


def whose(found: Directory, number: str, handle: str) -> int | None:
    known = found.whose(RemoteEcho(EchoForm.POST, number, handle, ""))
    return known.id if known else None


NORTH, SOUTH = (
    Known(1, 1, "norte@uno.example", "7", is_body=True),
    Known(2, 2, "sur@dos.example", "7", is_body=True),
)


@pytest.mark.parametrize(
    ("number", "handle", "is_of"),
    [
        ("7", "norte@uno.example", 1),
        ("7", "sur@dos.example", 2),
        # It was renamed: the number tells.
        ("7", "nombre-nuevo@dos.example", 2),
        # Its pages are at a name below its server's own.
        ("7", "norte@social.uno.example", 1),
        # Another server gave the same number to somebody else.
        ("7", "alguien@tres.example", None),
        # Somebody else has the handle now.
        ("8", "norte@uno.example", None),
        # No number is told.
        ("", "norte@uno.example", 1),
    ],
)
def test_a_number_counts_with_the_server_that_gave_it(number: str, handle: str, is_of: int | None) -> None:
    assert whose(directory(NORTH, SOUTH), number, handle) == is_of


def test_where_handles_name_no_server_the_number_tells_alone() -> None:
    one = Known(3, 3, "inai", "42", is_body=True)
    assert whose(directory(one), "42", "inai_nuevo") == 3
