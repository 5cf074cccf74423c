"""A real mail server on loopback (aiosmtpd) that keeps what it is sent, and every way one can refuse."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD = "resuena", "secreto"


@dataclass
class MailServer:
    """What came in, and how it answers from now on: a status for recipients by address, and for messages."""

    refuses: dict[str, str] = field(default_factory=dict)
    answers: str = ""
    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    _came: threading.Condition = field(default_factory=threading.Condition)

    async def handle_RCPT(  # noqa: N802 -- the server's own name for it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- same
        if self.answers:
            return self.answers
        message = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        with self._came:
            self.received.append(message)
            self._came.notify_all()
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.received]

    def settings(self, **more: str) -> dict[str, str]:
        """The environment of an installation that mails through this server."""
        return {
            "RESUENA_MAIL_HOST": HOST,
            "RESUENA_MAIL_PORT": str(self.port),
            "RESUENA_MAIL_TLS": "none",
            "RESUENA_MAIL_FROM": "resuena@ejemplo.mx",
            **more,
        }


def text_of(message: EmailMessage) -> str:
    """The plain part of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _signs_in(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=False)


def _free_port() -> int:
    # The server greets itself when it starts, and so must be told its port.
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def running(*, asks: bool = False, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A server; ``asks`` for a user and password, offers STARTTLS with ``tls``."""
    server = MailServer()
    more: dict[str, Any] = {"authenticator": _signs_in, "auth_required": True} if asks else {}
    server.port = _free_port()
    controller = Controller(
        server, hostname=HOST, port=server.port, tls_context=tls, require_starttls=bool(tls), **more
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
