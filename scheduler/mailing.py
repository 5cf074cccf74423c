"""Mailing: what needs a person goes out by mail, through the server of the settings.

No transaction is open while the server is spoken to. What a letter says is written by whoever starts the worker:
nobody below the edge writes sentences.
"""

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from content_calendar import clock, notice_mail
from content_calendar.errors import ResuenaError
from content_calendar.notice_mail import Parcel
from content_calendar.sending import Said
from content_calendar.settings import Settings
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15
MOST_AT_ONCE = 20
_FROM = "Resuena"


class MailError(ResuenaError):
    """No mail goes out."""

    code = "mail_failed"


class MailUnreachableError(MailError):
    """The mail server does not answer at ``address``."""

    code = "mail_unreachable"


class MailTlsError(MailError):
    """The connection cannot be made safe: no TLS, or a certificate that does not hold."""

    code = "mail_tls_failed"


class MailSignInError(MailError):
    """The server does not take the user and password."""

    code = "mail_sign_in_refused"


class MailSenderError(MailError):
    """The server does not let us send as ``sender``."""

    code = "mail_sender_refused"


class LetterRefusedError(ResuenaError):
    """One letter is not taken; ``status`` is the server's. Others may be."""

    code = "mail_letter_refused"


class AddressRefusedError(LetterRefusedError):
    """The address, or the name beside it, cannot stand in a letter."""

    code = "mail_address_refused"


@dataclass(frozen=True)
class Letter:
    """What a mail says, as plain text and as HTML; ``headers`` are added as they are."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


WriteLetter = Callable[[Parcel], Letter]
Deliver = Callable[[EmailMessage], None]


def tick(worker: Worker, write: WriteLetter) -> int:
    """Mail what is due, one letter a person; return how many letters went out. Without a server, nothing happens."""
    if not worker.settings.mail_host:
        return 0
    with worker.database.reading() as session:
        if not notice_mail.is_due(session):
            return 0
    with worker.database.transaction() as session:
        waiting = notice_mail.take(session, MOST_AT_ONCE)
    if not waiting:
        return 0
    sent = 0
    try:
        with connected(worker.settings) as deliver:
            while waiting:
                sent += _mail(worker, write, deliver, waiting[0])
                waiting.pop(0)
    except MailError as error:
        logger.warning("no mail goes out: %s", error)
        with worker.database.transaction() as session:
            for parcel in waiting:
                notice_mail.record_failed(session, parcel)
            notice_mail.note_trouble(session, Said(error.code, error.params))
    return sent


def _mail(worker: Worker, write: WriteLetter, deliver: Deliver, parcel: Parcel) -> int:
    """Mail one parcel and note what came of it; return how many letters went out. Raises MailError."""
    try:
        deliver(compose(worker.settings, parcel.name, parcel.email, write(parcel), letter_id(parcel)))
    except MailError:
        raise
    except LetterRefusedError as error:
        logger.warning("a letter was refused: %s", error.code)
        with worker.database.transaction() as session:
            notice_mail.record_failed(session, parcel)
            notice_mail.tell_refused(session, parcel, Said(error.code, error.params))
        return 0
    except Exception:
        # One letter that cannot be written must not keep those of the others.
        logger.exception("a letter could not be written")
        with worker.database.transaction() as session:
            notice_mail.record_failed(session, parcel)
        return 0
    with worker.database.transaction() as session:
        notice_mail.record_sent(session, parcel)
        notice_mail.note_well(session)
    return 1


def letter_id(parcel: Parcel) -> str:
    """Return the same id for the same notices: where a letter goes out twice, many mailboxes show it once."""
    refs = " ".join(sorted(notice.ref for notice in parcel.notices))
    return hashlib.sha256(f"{parcel.person_ref} {refs}".encode()).hexdigest()[:32]


def compose(settings: Settings, name: str, email: str, letter: Letter, message_id: str) -> EmailMessage:
    """Return the message to that person; raise AddressRefusedError for a name or address that is no header."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(_FROM, addr_spec=settings.mail_sender)
        message["To"] = Address(name, addr_spec=email)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{message_id}@{settings.mail_sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        for header, value in letter.headers.items():
            message[header] = value
    except (ValueError, IndexError) as error:  # what the standard library raises for what it cannot parse
        raise AddressRefusedError from error
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def connected(settings: Settings) -> Iterator[Deliver]:
    """Speak to the mail server; yields what delivers one message. Raises MailError, and so does what it yields.

    What is delivered may also raise LetterRefusedError: the next letter may still be taken.
    """
    server = _connect(settings)
    try:
        yield lambda message: _deliver(server, settings, message)
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    address = f"{settings.mail_host}:{settings.mail_port}"
    try:
        if settings.mail_tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.mail_host,
                settings.mail_port,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        else:
            server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=TIMEOUT_SECONDS)
    except ssl.SSLError as error:
        raise MailTlsError(address=address) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnreachableError(address=address) from error
    try:
        _open(server, settings, address)
    except BaseException:
        server.close()
        raise
    return server


def _open(server: smtplib.SMTP, settings: Settings, address: str) -> None:
    try:
        if settings.mail_tls == "starttls":
            # Never on without it: a server that stops offering it may be somebody in between.
            server.starttls(context=ssl.create_default_context())
    except (ssl.SSLError, smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
        raise MailTlsError(address=address) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnreachableError(address=address) from error
    if not settings.mail_user:
        return
    try:
        server.login(settings.mail_user, settings.mail_password)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
        raise MailSignInError(user=settings.mail_user) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnreachableError(address=address) from error


def _deliver(server: smtplib.SMTP, settings: Settings, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPSenderRefused as error:
        raise MailSenderError(sender=settings.mail_sender, status=error.smtp_code) from error
    except smtplib.SMTPRecipientsRefused as error:
        status = next((code for code, _said in error.recipients.values()), 0)
        raise LetterRefusedError(status=status) from error
    except smtplib.SMTPDataError as error:
        raise LetterRefusedError(status=error.smtp_code) from error
    except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
        raise AddressRefusedError from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnreachableError(address=f"{settings.mail_host}:{settings.mail_port}") from error
