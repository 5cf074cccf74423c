"""What a lost answer means, also where the environment names a proxy."""

import logging
import socket
from collections.abc import Iterator
from threading import Thread

import pytest

from scheduler.network import DoubtError
from scheduler.wire import Call, carry_out


def _swallow(listening: socket.socket, seen: list[bytes]) -> None:
    connection, _ = listening.accept()
    with connection:
        seen.append(connection.recv(4096))


def test_a_proxy_of_the_environment_never_gets_what_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as proxy, socket.create_server(("127.0.0.1", 0)) as network:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.getsockname()[1]}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        asked: list[bytes] = []
        by_proxy: list[bytes] = []
        for listening, seen in ((network, asked), (proxy, by_proxy)):
            Thread(target=_swallow, args=(listening, seen), daemon=True).start()
        call = Call("POST", f"http://127.0.0.1:{network.getsockname()[1]}/2/tweets", json={"text": "Hola"})
        with pytest.raises(DoubtError):
            carry_out(call)
        assert asked
        assert by_proxy == []
        with socket.create_connection(proxy.getsockname()) as waker:  # lets its thread end before it closes
            waker.shutdown(socket.SHUT_WR)


@pytest.fixture
def odd() -> Iterator[str]:
    """The address of a server whose answer has a header that is none."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for _ in range(2):
                line, _address = listening.accept()
                with line:
                    line.recv(65536)
                    line.sendall(b"HTTP/1.1 200 OK\r\nsin dos puntos\r\nContent-Length: 2\r\n\r\n{}")

        Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_an_address_with_a_key_is_not_told_by_an_odd_answer(
    odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    call = Call("GET", f"{odd}/botLLAVE/getMe", hidden="botLLAVE")
    carry_out(call)
    assert "LLAVE" not in caplog.text
    # Control: this is what the level of the library's log keeps back.
    caplog.set_level(logging.WARNING, "urllib3")
    carry_out(call)
    assert "LLAVE" in caplog.text
