"""Cómo reconocemos las réplicas: each sign with an example and what was measured of it, and the thresholds."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import orjson
from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

import scheduler.replication
from content_calendar.errors import InvalidError
from content_calendar.permissions import Permission
from scheduler.replication import tuning
from webapp.errors import tell
from webapp.replicas.views import blueprint
from webapp.session import db, needs, person, viewer
from webapp.words import N_

_P = Permission
_LONGEST = 10
# What the labelled set calls each kind, what a person calls it, and an example.
KINDS: Mapping[str, tuple[str, str]] = {
    "verbatim": (N_("La misma publicación"), N_("«Compartimos: …» y el texto completo.")),
    "rt": (N_("RT o MT"), N_("«RT @cuenta: …» y el texto.")),
    "truncated": (N_("Cortada"), N_("El principio del texto y «…».")),
    "tags_added": (N_("Con más etiquetas"), N_("El texto con #México o #Participa en medio.")),
    "words_swapped": (N_("Con palabras cambiadas"), N_("Una de cada diez a una de cada tres palabras es otra.")),
    "reordered": (N_("En otro orden"), N_("Primero el final y luego el principio.")),
    "quoted": (N_("Citada en una nota larga"), N_("La nota cuenta varias cosas, y entre ellas está el texto.")),
    "summarised": (N_("Resumida"), N_("La mitad de cada frase, con alguna palabra cambiada.")),
    "same_theme": (N_("Mismo tema, otro mensaje"), N_("No es réplica: solo habla de lo mismo.")),
    "same_tags": (N_("Mismas etiquetas, otro asunto"), N_("No es réplica: una etiqueta sola no basta.")),
    "same_event": (
        N_("El mismo evento, contado por otro organismo"),
        N_("Nadie podría saberlo solo por el texto: lo decide una persona."),
    ),
    "re_encoded": (N_("Imagen guardada otra vez"), N_("Más chica, con peor calidad o más clara.")),
    "cropped": (N_("Imagen recortada"), N_("A cuadrado, o sin las orillas.")),
    "screenshotted": (N_("Captura de pantalla"), N_("La imagen dentro de un teléfono.")),
    "logo_covered": (N_("Imagen con un logo encima"), N_("Una placa o una franja del organismo la tapa en parte.")),
    "other_card": (N_("Otra tarjeta de la misma plantilla"), N_("No es réplica: solo comparte el diseño.")),
    "other_words": (N_("La misma tarjeta con otras palabras"), N_("No es réplica: cambió la fecha o la cifra.")),
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "automatic": N_("Texto: seguro desde"),
    "doubtful": N_("Texto: en duda desde"),
    "few_words": N_("Palabras distintas que necesita un texto"),
    "picture_automatic": N_("Imagen: segura desde"),
    "picture_doubtful": N_("Imagen: en duda desde"),
}


@cache
def measured() -> dict[str, Any]:
    """Return what the benchmark measured last, as it is committed."""
    file = resources.files(scheduler.replication).joinpath("measured.json")
    told: dict[str, Any] = orjson.loads(file.read_bytes())
    return told


def _beside(values: Mapping[str, int]) -> dict[str, list[float]]:
    """Return what was measured with each threshold where it stands: precision and recall, or recall alone."""
    curves = measured()["curves"]
    return {name: curves[name].get(str(value), []) for name, value in values.items() if name in curves}


def _page(
    typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    values = tuning.values(db())
    body = render_template(
        "replicas/recognising.html",
        measured=measured(),
        kinds=KINDS,
        labels=LABELS,
        dials=tuning.DIALS,
        values=values,
        beside=_beside(values),
        may_turn=viewer().can(_P.EDIT_PEOPLE) and viewer().can(_P.VIEW_SYSTEM),
        typed=typed or {},
        errors=errors or {},
    )
    return make_response(body, status)


@blueprint.get("/replicas/como-reconocemos")
@needs(_P.VIEW_REPLICATIONS)
def recognising() -> Response:
    """Show how an echo is recognised, and how often that is right."""
    return _page()


@blueprint.post("/replicas/como-reconocemos")
@needs(_P.EDIT_PEOPLE)
def tune() -> BaseResponse:
    """Set the thresholds; young notes are judged again by them."""
    typed = {name: request.form.get(name, "").strip()[:_LONGEST] for name in tuning.DIALS}
    try:
        changed = tuning.turn(db(), person(), {name: _number(name, said) for name, said in typed.items()})
    except InvalidError as error:
        db().rollback()
        return _page(typed, {error.field or "automatic": tell(error)}, 422)
    flash(
        gettext("Guardado. Las notas de los últimos 30 días se revisan otra vez; lo que decidió una persona no cambia.")
        if changed
        else gettext("No había nada que cambiar."),
        "success",
    )  # fmt: skip
    return redirect(url_for(".recognising", _anchor="ajustes"), 303)


def _number(name: str, said: str) -> int:
    dial = tuning.DIALS[name]
    if not said.isdecimal():
        raise tuning.ThresholdOutOfBoundsError(name, least=dial.least, most=dial.most)
    return int(said)
