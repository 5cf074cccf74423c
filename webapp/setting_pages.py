"""The page of ``docs/`` that explains every setting, in a language."""

from collections.abc import Callable

from content_calendar.settings import SETTINGS, Setting
from webapp.letters import catalogue
from webapp.sentences import EXPECTED
from webapp.setting_groups import Group
from webapp.setting_words import SETTING_WORDS
from webapp.words import N_

_INTRO = (
    N_(
        "Se leen una vez, al arrancar, del entorno: el archivo «resuena.env» de systemd, el «.env» de los contenedores "
        "o la línea que arranca Resuena. Un valor que no sirve, o un nombre que no existe, detiene el arranque y lo "
        "dice por su nombre."
    ),
    N_(
        "Ninguno es obligatorio. Para una instalación de verdad escribe al menos estos: RESUENA_DATA, "
        "RESUENA_PUBLIC_URL, RESUENA_HTTPS, RESUENA_PROXIES, los del correo y RESUENA_CONTACT."
    ),
    N_(
        "Quien administra ve los que están en vigor en «Sistema → Ajustes»; de un secreto, solo si está puesto. "
        "«resuena doctor» revisa que se entiendan entre sí."
    ),
)
_TITLE, _DEFAULT, _EXAMPLE = N_("Ajustes"), N_("De fábrica"), N_("Ejemplo")
_MISTAKEN, _EMPTY = N_("Si está mal"), N_("vacío")
_SECRET = N_("Es un secreto: no se muestra en ninguna pantalla ni en el registro.")


def setting_page(locale: str) -> str:
    """Return the page in a language, as Markdown."""
    say = catalogue(locale).gettext
    parts = [f"# {say(_TITLE)}", *(say(one) for one in _INTRO)]
    for group in Group:
        told = [_told(one, say) for one in SETTINGS if SETTING_WORDS[one.field].group is group]
        parts += [f"## {say(group.value)}", *told] if told else []
    return "\n\n".join([*parts, ""])


def _told(setting: Setting, say: Callable[[str], str]) -> str:
    words = SETTING_WORDS[setting.field]
    default = f"`{setting.default}`" if setting.default else say(_EMPTY)
    lines = [
        f"### `{setting.name}`",
        "",
        f"{say(words.what)} {say(EXPECTED[setting.expected])}",
        "",
        f"- {say(_DEFAULT)}: {default}",
    ]
    if words.example:
        # A secret's example tells how one is made.
        example = words.example if setting.is_secret else f"{setting.name}={words.example}"
        lines.append(f"- {say(_EXAMPLE)}: `{example}`")
    lines.append(f"- {say(_MISTAKEN)}: {say(words.mistaken)}")
    return "\n".join([*lines, *([f"- {say(_SECRET)}"] if setting.is_secret else [])])
