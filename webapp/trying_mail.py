"""A letter that tries whether mail goes out, from the terminal; the screen's button is in Sistema."""

from secrets import token_hex

from content_calendar.settings import Settings
from scheduler import mailing
from webapp import letters


class MailOffError(mailing.MailError):
    """There is no mail server in the settings."""

    code = "mail_off"


def send_trial(settings: Settings, email: str) -> None:
    """Send the letter, to nobody's name but the address; raise MailError or LetterRefusedError with what came of it."""
    if not settings.mail_host:
        raise MailOffError
    letter = letters.trial(settings, settings.locale, email)
    with mailing.connected(settings) as deliver:
        deliver(mailing.compose(settings, email, email, letter, token_hex(16)))
