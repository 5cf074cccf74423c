"""The letter of a correction: what was wrong, what is right, and the link to answer without a password."""

from html import escape

from content_calendar.settings import Settings
from scheduler.mailing import Letter
from scheduler.replication.correction_mailing import CorrectionParcel, WriteCorrectionLetter
from scheduler.replication.corrections import LASTS
from webapp.calendar.comparing import word_difference
from webapp.letters import catalogue, letter_page

CORRECTION_PATH = "/e/{token}"
_MARKS = {"ins": "<ins>{}</ins>", "del": "<del>{}</del>", "same": "{}"}


def correction_writer(settings: Settings) -> WriteCorrectionLetter:
    """Return who writes the corrections' letters of this installation."""
    return lambda parcel: correction_letter(settings, parcel)


def correction_letter(settings: Settings, parcel: CorrectionParcel) -> Letter:
    """Return the letter to one body, in the installation's language."""
    say = catalogue(settings.locale)
    url = f"{settings.public_url}{CORRECTION_PATH.format(token=parcel.token)}"
    hello = say.gettext("Hola, %(name)s:") % {"name": parcel.name}
    facts = {"title": parcel.title, "body": parcel.body_name, "why": parcel.why}
    what = say.gettext("«%(title)s» salió con un error: %(why)s") % facts
    you = (
        say.gettext(
            "Es posible que %(body)s la haya retomado. Si fue así, corrígela o bórrala; si no, dínoslo."
        )
        % facts
        if parcel.doubtful
        else say.gettext("%(body)s la retomó. Corrígela o bórrala donde la publicaste, y dinos qué hiciste.")
        % facts
    )
    again = (
        [say.gettext("Te escribimos antes y todavía no tenemos tu respuesta.")] if parcel.reminders else []
    )
    button = say.gettext("Ver qué cambia y contestar")
    care = say.gettext(
        "No hace falta contraseña. El enlace es de %(body)s y dura %(days)s días: no lo pases a nadie de fuera."
    ) % {"body": parcel.body_name, "days": LASTS.days}
    said, right = say.gettext("Decía:"), say.gettext("Debe decir:")
    lines = [*again, what, you]
    subject = (
        say.gettext("Recordatorio: fe de erratas de «%(title)s»")
        if parcel.reminders
        else say.gettext("Fe de erratas: «%(title)s»")
    ) % {"title": parcel.title}
    text = (
        "\n\n".join(
            [hello, *lines, f"{said}\n{parcel.said}", f"{right}\n{parcel.right}", f"{button}: {url}", care]
        )
        + "\n"
    )
    marked = "".join(
        _MARKS[kind].format(escape(piece)).replace("\n", "<br>")
        for kind, piece in word_difference(parcel.said, parcel.right)
    )
    html = "".join(
        [
            *(f"<p>{escape(line)}</p>" for line in (hello, *lines)),
            f"<blockquote>{marked}</blockquote>",
            f'<p><a href="{escape(url)}"><strong>{escape(button)}</strong></a></p><p>{escape(care)}</p>',
        ]
    )
    return Letter(subject, text, letter_page(settings.locale, html))
