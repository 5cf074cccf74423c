"""The template's own instructions: each column, what goes in it, and an example."""

from flask_babel import gettext

from content_calendar.importing import KEPT
from content_calendar.sheet_columns import Column
from webapp.exchange.rows import heading
from webapp.words import N_

_COLUMNS: dict[Column, str] = {
    Column.THEME: N_(
        "De qué se habla. Elige uno de la lista o escribe uno nuevo: se crea y se pone en el bimestre."
    ),
    Column.DAY: N_("El día en que sale: 15/03/2026, 15-mar-26 o 2026-03-15. Primero el día, luego el mes."),
    Column.UNTIL: N_("Solo en renglones que no son publicaciones: hasta qué día se habla del tema."),
    Column.HOUR: N_("A qué hora sale: 09:00, 9 am o 09:00 h."),
    Column.ACCOUNTS: N_(
        "En qué cuentas sale. Si son varias, sepáralas con coma. Sirve «Red: @cuenta» o su enlace."
    ),
    Column.TITLE: N_(
        "Un nombre corto para encontrarla. Si lo dejas vacío, son las primeras palabras del texto."
    ),
    Column.TEXT: N_(
        "Lo que dice la publicación. Para un hilo, separa sus partes con un renglón que solo diga ---"
    ),
    Column.LINK: N_("Un enlace, con https:// al principio. Se agrega al final del texto si no estaba."),
    Column.TAGS: N_(
        "Etiquetas separadas por espacios, como #VinculaciónSNT. Se agregan al final si no estaban."
    ),
    Column.ALT: N_("Qué se ve en la imagen, para quien no la ve. La imagen se agrega después, en Resuena."),
    Column.BODY: N_("Qué organismo responde por ella: sus siglas o su nombre."),
    Column.AUDIENCE: N_("A quién va dirigida. Elige de la lista; si son varios, sepáralos con coma."),
    Column.CAMPAIGN: N_("A qué campaña pertenece, si es de alguna."),
    Column.NOTES: N_("Lo que haga falta recordar. No se publica."),
    Column.ZONE: N_("Solo si la hora no es la de la Ciudad de México: el nombre de la ciudad, como Tijuana."),
    Column.KEY: N_("No la cambies: con ella sabemos que es el mismo renglón y no se crea dos veces."),
}


def instructions() -> list[tuple[str, str]]:
    """Return what the second sheet says: a name, and a sentence beside it."""
    told = [(heading(column), gettext(said)) for column, said in _COLUMNS.items()]
    return [
        (
            gettext("Cómo se usa"),
            gettext(
                "Escribe un renglón por publicación en la hoja «Calendario» y guarda el archivo. Después súbelo en "
                "Resuena, en Calendario, «Hoja de cálculo»."
            ),
        ),
        (
            gettext("Qué pasa después"),
            gettext(
                "Te mostramos la hoja con las celdas que hay que corregir. Mientras haya una, no se importa "
                "nada; lo leído "
                "te espera %(days)s días.",
                days=KEPT.days,
            ),
        ),
        (
            gettext("Cómo queda"),
            gettext(
                "Todo entra como borrador: alguien lo revisa y lo aprueba como siempre. Puedes deshacerlo completo."
            ),
        ),
        (
            gettext("Fórmulas y macros"),
            gettext(
                "De una fórmula se lee su valor. Los archivos con macros o vínculos a otros libros no se abren."
            ),
        ),
        ("", ""),
        *told,
    ]
