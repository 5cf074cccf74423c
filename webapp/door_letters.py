"""Letters about access, in the person's language, and the tick that mails them."""

import logging
from html import escape
from secrets import token_hex

from content_calendar import door_letters, notice_mail
from content_calendar.door_letters import DoorParcel
from content_calendar.errors import ResuenaError
from content_calendar.models.factors import DoorLetterKind
from content_calendar.sending import Said
from content_calendar.settings import Settings
from scheduler import mailing
from scheduler.mailing import Letter
from scheduler.worker import Worker
from webapp.letters import catalogue, letter_page
from webapp.words import N_

logger = logging.getLogger(__name__)

# The page that letters lead to; a test compares it with the routes.
ENTER_PATH = "/entrar/con/{token}"
_MOST = 20
_SAID: dict[DoorLetterKind, tuple[str, tuple[str, ...]]] = {
    DoorLetterKind.ENTER: (
        N_("Tu enlace para entrar a Resuena"),
        (
            N_("Abre este enlace y oprime «Entrar». Sirve una vez y dura quince minutos."),
            N_("Si no lo pediste, no hagas nada: nadie entra sin abrirlo."),
        ),
    ),
    DoorLetterKind.INVITE: (
        N_("Te invitaron a Resuena"),
        (
            N_(
                "Te dieron de alta en Resuena, el calendario de difusión del Sistema Nacional de Transparencia."
            ),
            N_("Abre este enlace para entrar y elegir tu contraseña. Sirve una vez y dura siete días."),
        ),
    ),
    DoorLetterKind.CHANGED: (
        N_("Cambió cómo entras a Resuena"),
        (
            N_("Cambió tu contraseña o tu segundo paso. Si fuiste tú, no hagas nada."),
            N_("Si no fuiste tú, avisa hoy mismo a la administración: alguien puede estar usando tu cuenta."),
        ),
    ),
    DoorLetterKind.FACTOR_RESET: (
        N_("Quitaron tu segundo paso en Resuena"),
        (
            N_("La administración quitó tu segundo paso. La próxima vez que entres configurarás otro."),
            N_(
                "Si no lo pediste, avisa hoy mismo a la administración: alguien puede estar usando tu cuenta."
            ),
        ),
    ),
}


def write(settings: Settings, parcel: DoorParcel) -> Letter:
    """Return the letter; its link needs the installation's public address."""
    locale = parcel.locale or settings.locale
    say = catalogue(locale)
    subject, lines = _SAID[parcel.kind]
    told = [say.gettext("Hola, %(name)s:") % {"name": parcel.name}, *(say.gettext(line) for line in lines)]
    link = f"{settings.public_url}{ENTER_PATH.format(token=parcel.token)}" if parcel.token else ""
    html = "".join(f"<p>{escape(line)}</p>" for line in told)
    if link:
        html += f'<p><a href="{escape(link)}">{escape(say.gettext("Entrar a Resuena"))}</a></p>'
    text = "\n\n".join([*told, *([link] if link else [])]) + "\n"
    return Letter(say.gettext(subject), text, letter_page(locale, html))


def tick(worker: Worker) -> int:
    """Mail what is due; return how many letters went out. Without a server, nothing happens."""
    if not worker.settings.mail_host:
        return 0
    with worker.database.transaction() as session:
        waiting = list(door_letters.take(session, _MOST))
    sent = 0
    if not waiting:
        return sent
    try:
        with mailing.connected(worker.settings) as deliver:
            for parcel in waiting:
                letter = write(worker.settings, parcel)
                deliver(mailing.compose(worker.settings, parcel.name, parcel.email, letter, token_hex(16)))
                with worker.database.transaction() as session:
                    door_letters.record_sent(session, parcel)
                sent += 1
    except ResuenaError as error:
        logger.warning("no letter about access goes out: %s", error.code)
        with worker.database.transaction() as session:
            for parcel in waiting[sent:]:
                door_letters.record_failed(session, parcel)
            notice_mail.note_trouble(session, Said(error.code, error.params))
    return sent
