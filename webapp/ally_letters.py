"""What letters to allies say: the invitation with the simplified notice, the week's pack, and the question who is left.

Nothing here needs a request: the worker writes them. They are in the installation's language.
"""

from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations

from content_calendar.ally_letters import AllyParcel
from content_calendar.models.allies import LetterKind
from content_calendar.settings import Settings
from scheduler.ally_rounds import WriteLetter
from scheduler.mailing import Letter
from webapp.ally_keys import farewell_token
from webapp.saying import Speaker

# The pages that letters lead to; a test compares them with the routes.
PAGE_PATH = "/f/{token}"
FAREWELL_PATH = "/f/baja/{token}"
NOTICE_PATH = "/f/aviso"
_CATALOGUES = Path(__file__).parent / "translations"
_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.5;color:#1c1a22"
_BUTTON = (
    "display:inline-block;padding:12px 20px;background:#5b2a86;color:#ffffff;border-radius:6px;"
    "text-decoration:none;font-weight:bold"
)


def writer(settings: Settings) -> WriteLetter:
    """Return who writes the letters of this installation."""
    return lambda parcel: _Writing(settings, parcel).letter()


class _Writing:
    # One letter being written.
    def __init__(self, settings: Settings, parcel: AllyParcel) -> None:
        self._settings, self._parcel = settings, parcel
        self._say: NullTranslations = (
            Translations.load(str(_CATALOGUES), [settings.locale])
            if settings.locale != "es"
            else NullTranslations()
        )
        self._speaker = Speaker(
            "en" if settings.locale == "en" else "es_MX", ZoneInfo(settings.zone), self._say.gettext
        )

    def letter(self) -> Letter:
        write = {
            LetterKind.INVITATION: self._invitation,
            LetterKind.PACK: self._pack,
            LetterKind.STILL_THERE: self._still_there,
        }[self._parcel.kind]
        subject, lines, button = write()
        say, url = self._say, self._address(PAGE_PATH.format(token=self._parcel.token))
        hello = say.gettext("Hola, %(name)s:") % {"name": self._parcel.greeting}
        stop = self._address(FAREWELL_PATH.format(token=self._farewell()))
        notice = self._address(NOTICE_PATH)
        end = [
            say.gettext(
                "Te escribe la Comisión de Vinculación, Promoción, Difusión y Comunicación Social del SNT."
            ),
            say.gettext("Para que no te escribamos más, o para que borremos tus datos: %(url)s")
            % {"url": stop},
            say.gettext("Aviso de privacidad: %(url)s") % {"url": notice},
        ]
        text = "\n\n".join([hello, *lines, f"{button}: {url}", "-- \n" + "\n".join(end)]) + "\n"
        html = "".join(f"<p>{escape(line)}</p>" for line in (hello, *lines)).replace("\n", "<br>")
        foot = "".join(f"<p>{_linked(line, [stop, notice])}</p>" for line in end)
        body = (
            f'{html}<p><a href="{escape(url)}" style="{_BUTTON}">{escape(button)}</a></p><hr>'
            f'<div style="font-size:13px">{foot}</div>'
        )
        page = f'<!doctype html><html lang="{self._settings.locale}"><body style="{_STYLE}">{body}</body></html>\n'
        return Letter(subject, text, page, self._headers(stop))

    def _headers(self, stop: str) -> dict[str, str]:
        headers = {
            "List-Unsubscribe": f"<{stop}>",
            "List-Id": f"<facilitadores.{self._settings.mail_sender.rpartition('@')[2]}>",
        }
        if stop.startswith("https://"):
            # RFC 8058 asks for https.
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return headers

    def _invitation(self) -> tuple[str, list[str], str]:
        say = self._say
        return (
            say.gettext("¿Quieres ayudar a difundir el derecho a saber?"),
            [
                say.gettext(
                    "La Comisión invita a personas y organizaciones a difundir, cuando quieran, lo que publica el "
                    "Sistema Nacional de Transparencia. Quien acepta recibe un correo a la semana con textos e "
                    "imágenes listos para sus redes, su radio o su mural."
                ),
                say.gettext(
                    "Tenemos tu nombre y este correo, solo para esto. No se los damos a nadie. Si no aceptas, no te "
                    "volvemos a escribir: este es el único correo que te mandamos sin tu permiso."
                ),
                say.gettext("Puedes aceptar o decir que no en el enlace. Abrirlo no te compromete a nada."),
            ],
            say.gettext("Ver la invitación y contestar"),
        )

    def _pack(self) -> tuple[str, list[str], str]:
        say, parcel = self._say, self._parcel
        starts_on = parcel.starts_on
        assert starts_on is not None  # noqa: S101 -- a pack is of a week
        week = {"week": self._speaker.week_words(starts_on)}
        more = parcel.count - len(parcel.titles)
        titles = [f"• {one}" for one in parcel.titles] + ([f"• … +{more}"] if more else [])
        return (
            say.gettext("Para difundir: semana %(week)s") % week,
            [
                *([parcel.note] if parcel.note else []),
                say.gettext("Esto es lo de la semana, con sus textos, imágenes y etiquetas:"),
                "\n".join(titles),
                say.gettext(
                    "Usa lo que te sirva. Cuando lo publiques, pega ahí mismo el enlace: así sabemos hasta dónde llegó."
                ),
            ],
            say.gettext("Abrir el paquete de la semana"),
        )

    def _still_there(self) -> tuple[str, list[str], str]:
        say = self._say
        return (
            say.gettext("¿Sigues con nosotros?"),
            [
                say.gettext(
                    "Hace tres meses que no sabemos si los paquetes te sirven. Si sí, dínoslo con un botón. Si ya "
                    "no, también: dejamos de escribirte."
                ),
                say.gettext("Solo te lo preguntamos esta vez."),
            ],
            say.gettext("Contestar"),
        )

    def _farewell(self) -> str:
        return farewell_token(self._settings, self._parcel.ally_ref)

    def _address(self, path: str) -> str:
        return f"{self._settings.public_url}{path}"


def _linked(line: str, urls: list[str]) -> str:
    said = escape(line)
    for url in urls:
        said = said.replace(escape(url), f'<a href="{escape(url)}">{escape(url)}</a>')
    return said
