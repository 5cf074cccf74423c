"""The letter of the first sweep: what we ask a body for, why, and the link to its form."""

from html import escape

from content_calendar.settings import Settings
from scheduler.filling.mailing import SweepParcel, WriteSweepLetter
from scheduler.filling.sweeps import LASTS
from scheduler.mailing import Letter
from webapp.letters import catalogue, letter_page

SWEEP_PATH = "/b/{token}"


def sweep_writer(settings: Settings) -> WriteSweepLetter:
    """Return who writes the sweep's letters of this installation."""
    return lambda parcel: sweep_letter(settings, parcel)


def sweep_letter(settings: Settings, parcel: SweepParcel) -> Letter:
    """Return the letter to one body, in the installation's language."""
    say = catalogue(settings.locale)
    url = f"{settings.public_url}{SWEEP_PATH.format(token=parcel.token)}"
    hello = say.gettext("Hola, %(name)s:") % {"name": parcel.name} if parcel.name else say.gettext("Hola:")
    why = say.gettext(
        "La Comisión reúne las cuentas oficiales, los sitios y los canales de noticias de %(body)s, "
        "para replicar lo que publica y para que nadie se haga pasar por él."
    ) % {"body": parcel.body_name}
    ask = say.gettext(
        "Es un formulario de un minuto, sin contraseña: pega los enlaces como los tengas, uno por renglón."
    )
    button = say.gettext("Abrir el formulario")
    care = say.gettext(
        "El enlace es de %(body)s y dura %(days)s días. Puedes pasarlo a quien lleve las redes de tu organismo; "
        "a nadie de fuera."
    ) % {"body": parcel.body_name, "days": LASTS.days}
    again = (
        [say.gettext("Te escribimos antes y todavía no tenemos tu respuesta.")] if parcel.reminders else []
    )
    lines = [*again, why, *([parcel.words] if parcel.words else []), ask]
    subject = (
        say.gettext("Recordatorio: las cuentas y los sitios de tu organismo")
        if parcel.reminders
        else say.gettext("¿Cuáles son las cuentas y los sitios de tu organismo?")
    )
    text = "\n\n".join([hello, *lines, f"{button}: {url}", care]) + "\n"
    html = "".join(
        [
            *(f"<p>{escape(line)}</p>" for line in (hello, *lines)),
            f'<p><a href="{escape(url)}"><strong>{escape(button)}</strong></a></p><p>{escape(care)}</p>',
        ]
    )
    return Letter(subject, text, letter_page(settings.locale, html))
