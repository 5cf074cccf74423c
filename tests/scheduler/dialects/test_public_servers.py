import socket

import pytest

from content_calendar.states import HoldReason
from scheduler.dialects.public_servers import public_https
from scheduler.network import RefusedError, UnavailableError


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


def test_a_public_server_is_taken_without_path_or_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "8.8.8.8")
    assert public_https(" https://social.ejemplo.mx/algo?x=1 ") == "https://social.ejemplo.mx"
    assert public_https("https://social.ejemplo.mx:8443") == "https://social.ejemplo.mx:8443"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "social.ejemplo.mx",
        "http://social.ejemplo.mx",
        "https://",
        "https://a:b@social.ejemplo.mx",
        "https://[",
        "https://a:99999",
    ],
)
def test_what_is_no_https_address_is_refused(address: str) -> None:
    with pytest.raises(RefusedError) as told:
        public_https(address)
    assert told.value.hold is HoldReason.ACCESS


@pytest.mark.parametrize("found", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("169.254.169.254",), ("::1",)])
def test_a_name_that_leads_into_the_house_is_refused(
    monkeypatch: pytest.MonkeyPatch, found: tuple[str, ...]
) -> None:
    resolving_to(monkeypatch, *found)
    with pytest.raises(RefusedError):
        public_https("https://social.ejemplo.mx")


def test_a_name_that_nobody_knows_now_may_be_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnavailableError):
        public_https("https://social.ejemplo.mx")
