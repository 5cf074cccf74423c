"""Letters: notices as a mail says them, in the person's language, with and without addresses to open.

Nothing here needs a request: the worker writes letters too.
"""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.support import NullTranslations, Translations
from itsdangerous import BadSignature, URLSafeSerializer

from content_calendar.models.notices import Notice
from content_calendar.notice_mail import Parcel
from content_calendar.notices import Subject
from content_calendar.settings import Settings
from content_calendar.signing_keys import signing_key
from scheduler.mailing import Letter, WriteLetter
from scheduler.networks import networks
from webapp.notice_words import headline, words_of
from webapp.saying import Speaker

# The pages that letters lead to; a test compares them with the routes.
NOTICE_PATH = "/avisos/{ref}"
REVIEW_PATH = "/r/{token}"
CERTIFY_PATH = "/certificar/{token}"
NO_MAIL_PATH = "/avisos/sin-correo/{token}"
_CATALOGUES = Path(__file__).parent / "translations"
_STYLE = "font-family:sans-serif;font-size:16px;line-height:1.5;color:#1c1a22"


def network_name(slug: str) -> str:
    """Return the name people know a network by."""
    known = networks().get(slug)
    return known.name if known else slug


def token_of(settings: Settings, person_ref: str) -> str:
    """Return what proves, without signing in, that a link to stop mails was written for that person."""
    return str(_signer(settings).dumps(person_ref))


def person_of(settings: Settings, token: str) -> str:
    """Return the reference of the person that the link was written for, empty for a link that nobody wrote."""
    try:
        return str(_signer(settings).loads(token))
    except BadSignature:
        return ""


def _signer(settings: Settings) -> URLSafeSerializer:
    return URLSafeSerializer(signing_key(settings), salt="no-mail")


def writer(settings: Settings) -> WriteLetter:
    """Return who writes the letters of this installation."""
    return lambda parcel: _Writing(settings, parcel).letter()


def trial(settings: Settings, locale: str, name: str) -> Letter:
    """Return the letter that tries whether mails go out."""
    say = catalogue(locale)
    lines = [
        say.gettext("Hola, %(name)s:") % {"name": name},
        say.gettext("Este es un correo de prueba. Si lo lees, los avisos de Resuena llegan a este servidor."),
    ]
    if settings.public_url:
        lines.append(settings.public_url)
    html = "".join(f"<p>{escape(line)}</p>" for line in lines)
    subject = say.gettext("Correo de prueba de Resuena")
    return Letter(subject, "\n\n".join(lines) + "\n", letter_page(locale, html))


def catalogue(locale: str) -> NullTranslations:
    """Return what turns Spanish into a reader's language."""
    # Spanish is the source: it has no catalogue of its own.
    return Translations.load(str(_CATALOGUES), [locale]) if locale != "es" else NullTranslations()


def letter_page(locale: str, body: str) -> str:
    """Return a letter's HTML around what it says."""
    return f'<!doctype html><html lang="{locale}"><body style="{_STYLE}">{body}</body></html>\n'


class _Writing:
    # One letter being written: everything about its reader at hand.
    def __init__(self, settings: Settings, parcel: Parcel) -> None:
        self._settings = settings
        self._parcel = parcel
        self._locale = parcel.locale or settings.locale
        self._say = catalogue(self._locale)
        translate: Callable[[str], str] = self._say.gettext
        self._speaker = Speaker(
            "en" if self._locale == "en" else "es_MX", ZoneInfo(parcel.zone or settings.zone), translate
        )

    def letter(self) -> Letter:
        parcel, say = self._parcel, self._say
        told = [self._told(notice) for notice in parcel.notices]
        hello = say.gettext("Hola, %(name)s:") % {"name": parcel.name}
        rest = parcel.count - len(told)
        more = [say.ngettext("Y %(num)s más.", "Y %(num)s más.", rest) % {"num": rest}] if rest else []
        token = token_of(self._settings, parcel.person_ref)
        stop = self._address(NO_MAIL_PATH.format(token=token))
        end = (
            say.gettext("Para no recibir estos correos: %(url)s") % {"url": stop}
            if stop
            else say.gettext("Para no recibir estos correos, entra a Resuena y cámbialo en Mi cuenta.")
        )
        text = "\n\n".join([hello, *("\n".join(lines) for lines, _html in told), *more, f"-- \n{end}"]) + "\n"
        html = "".join(
            [f"<p>{escape(hello)}</p>", *(one for _lines, one in told), *(f"<p>{one}</p>" for one in more)]
        )
        foot = f'<hr><p style="font-size:13px">{self._foot(end, stop)}</p>'
        headers = (
            {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
            if stop.startswith("https://")
            else {}
        )
        return Letter(
            self._subject(parcel.notices, parcel.count), text, letter_page(self._locale, html + foot), headers
        )

    def _subject(self, notices: Sequence[Notice], count: int) -> str:
        if count == 1:
            return self._headline(notices[0])
        if all(notice.subject_kind == Subject.PUBLICATION.value for notice in notices):
            said = self._say.ngettext("%(num)s salida te necesita", "%(num)s salidas te necesitan", count)
        else:
            said = self._say.ngettext(
                "%(num)s aviso te necesita en Resuena", "%(num)s avisos te necesitan en Resuena", count
            )
        return said % {"num": count}

    def _headline(self, notice: Notice) -> str:
        return headline(self._speaker, notice.code, notice.params, network_name)

    def _told(self, notice: Notice) -> tuple[list[str], str]:
        """Return a notice as lines of text, and as HTML."""
        words, what = words_of(notice.code), self._headline(notice)
        todo = self._speaker.fill(words.todo, notice.params)
        url = self._address(NOTICE_PATH.format(ref=notice.ref))
        if (token := self._parcel.review_tokens.get(notice.ref)) and self._settings.review_by_mail and url:
            return self._review(what, todo, url, self._address(REVIEW_PATH.format(token=token)))
        if (token := self._parcel.certify_tokens.get(notice.ref)) and url:
            return self._certify(what, todo, url, self._address(CERTIFY_PATH.format(token=token)))
        if url:
            named = self._say.gettext("Abrir en Resuena")
            button = f'<br><a href="{escape(url)}">{escape(named)}</a>'
            return [what, todo, url], f"<p><strong>{escape(what)}</strong><br>{escape(todo)}{button}</p>"
        place = self._say.gettext("Está en Resuena, en %(place)s.") % {
            "place": self._say.gettext(words.place)
        }
        return [what, todo, place], (
            f"<p><strong>{escape(what)}</strong><br>{escape(todo)}<br>{escape(place)}</p>"
        )

    def _review(self, what: str, todo: str, url: str, link: str) -> tuple[list[str], str]:
        """Return a review that waits as lines of text and as HTML: with what decides on it without signing in."""
        button = self._say.gettext("Leerla y contestar sin entrar")
        care = self._say.gettext(
            "El enlace es solo para ti y para esta versión, y dura siete días. "
            "No lo reenvíes: quien lo tenga contesta por ti."
        )
        return self._with_link(what, todo, url, link, button, care)

    def _certify(self, what: str, todo: str, url: str, link: str) -> tuple[list[str], str]:
        """Return accounts to certify as lines of text and as HTML: with what says yes to them without signing in."""
        button = self._say.gettext("Verlas y decir que sí, sin entrar")
        care = self._say.gettext(
            "El enlace es solo para ti y para estas cuentas, y dura tres semanas. "
            "No lo reenvíes: quien lo tenga contesta por ti."
        )
        return self._with_link(what, todo, url, link, button, care)

    def _with_link(
        self, what: str, todo: str, url: str, link: str, button: str, care: str
    ) -> tuple[list[str], str]:
        named = self._say.gettext("Abrir en Resuena")
        lines = [what, todo, f"{button}: {link}", care, f"{named}: {url}"]
        return lines, (
            f"<p><strong>{escape(what)}</strong><br>{escape(todo)}<br>"
            f'<a href="{escape(link)}">{escape(button)}</a><br>{escape(care)}<br>'
            f'<a href="{escape(url)}">{escape(named)}</a></p>'
        )

    def _foot(self, end: str, stop: str) -> str:
        return (
            escape(end).replace(escape(stop), f'<a href="{escape(stop)}">{escape(stop)}</a>')
            if stop
            else escape(end)
        )

    def _address(self, path: str) -> str:
        return f"{self._settings.public_url}{path}" if self._settings.public_url else ""
