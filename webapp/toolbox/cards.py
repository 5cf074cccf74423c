"""Cards made from a template and a text: seen before they are kept, and kept as any other material."""

import base64
from dataclasses import replace

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from assets import cards, library
from assets.cards import Card, Palette, Template
from assets.clearance import People
from assets.labels import Label
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.permissions import Permission
from webapp.errors import tell
from webapp.inputs import small
from webapp.session import db, needs, person
from webapp.toolbox.files import storage
from webapp.toolbox.views import blueprint, themes
from webapp.words import N_

_P = Permission
_SEE_OTHER, _UNPROCESSABLE = 303, 422
# In the address, and on the page: what each template is called and what its texts are.
TEMPLATES = {
    "cita": (Template.QUOTE, N_("Cita"), (N_("La cita"), N_("Quién lo dijo"))),
    "fecha": (Template.DATE, N_("Fecha"), (N_("La fecha"), N_("Qué se recuerda o qué pasa ese día"))),
    "dato": (Template.FIGURE, N_("Dato"), (N_("La cifra"), N_("Qué cuenta"), N_("Fuente y corte"))),
}
PALETTES = {
    Palette.VIOLET: N_("Violeta"),
    Palette.TEAL: N_("Verde azulado"),
    Palette.PAPER: N_("Claro"),
}
_FIELDS = ("main", "second", "third")


def _asked() -> str:
    asked = request.values.get("plantilla", "")
    return asked if asked in TEMPLATES else "cita"


def _page(
    error: InvalidError | ConflictError | None = None, preview: str = "", status: int = 200
) -> Response:
    slug = _asked()
    _, _, labels = TEMPLATES[slug]
    field = getattr(error, "field", None) or "main"
    page = render_template(
        "toolbox/card.html",
        slug=slug,
        templates=[(one, gettext(name)) for one, (_, name, _) in TEMPLATES.items()],
        fields=[(name, gettext(label)) for name, label in zip(_FIELDS, labels, strict=False)],
        palettes=[(one.value, gettext(name)) for one, name in PALETTES.items()],
        themes=themes(),
        typed={name: request.form.get(name, "") for name in (*_FIELDS, "palette", "theme")},
        errors={field: [tell(error)]} if error else {},
        preview=preview,
        said=_alt_text(_card()) if preview else "",
    )
    return make_response(page, status)


def _card() -> Card:
    known = request.form.get("palette", "")
    texts = {name: request.form.get(name, "")[:1000] for name in _FIELDS}
    return Card(
        TEMPLATES[_asked()][0],
        Palette(known) if known in set(Palette) else Palette.VIOLET,
        signature=gettext("Sistema Nacional de Transparencia · Comisión de Vinculación"),
        **texts,
    )


def _alt_text(card: Card) -> str:
    """Return what the card says, for whoever does not see it."""
    told = {"main": card.main, "second": card.second, "third": card.third}
    match card.template:
        case Template.QUOTE if card.second:
            said = gettext("Tarjeta con una cita de %(second)s: «%(main)s»", **told)
        case Template.QUOTE:
            said = gettext("Tarjeta con una cita: «%(main)s»", **told)
        case Template.DATE:
            said = gettext("Tarjeta con una fecha, %(main)s: %(second)s", **told)
        case _ if card.third:
            said = gettext("Tarjeta con un dato: %(main)s %(second)s. %(third)s", **told)
        case _:
            said = gettext("Tarjeta con un dato: %(main)s %(second)s", **told)
    return str(said)


@blueprint.get("/caja/tarjeta")
@needs(_P.EDIT_TOOLBOX)
def card_page() -> Response:
    """Show the form of a card."""
    return _page()


@blueprint.post("/caja/tarjeta")
@needs(_P.EDIT_TOOLBOX)
def make_card() -> BaseResponse:
    """Draw a card: to look at it, or to keep it as a material with its text as alternative text."""
    try:
        card = cards.checked(_card())
        data = cards.drawn(card)
        if request.form.get("act") != "keep":
            return _page(preview="data:image/png;base64," + base64.b64encode(data).decode())
        label = Label(
            alt_text=_alt_text(card),
            title=gettext("Tarjeta: %(text)s", text=card.main[:120]),
            licence=gettext("Propia de la Comisión"),
            people=People.NONE,
        )
        taken = library.take_in(storage(), data, f"tarjeta-{_asked()}.png", "main")
    except (InvalidError, ConflictError) as error:
        return _page(error, status=_UNPROCESSABLE)
    # The theme is looked up last: what opens a picture holds no transaction.
    added = library.add_image(db(), taken, replace(label, theme_id=_theme()), person())
    flash(gettext("Tarjeta agregada a la caja."), "success")
    return redirect(url_for(".material", ref=added.asset.ref), _SEE_OTHER)


def _theme() -> int | None:
    chosen = request.form.get("theme", type=small)
    return chosen if chosen in dict(themes()) else None
