"""The sentences of formats, logos and cards; part of ``webapp/sentences.py``."""

from webapp.words import N_

FORMATS: dict[str, str] = {
    "format_missing": N_("Ese formato no existe. Elige uno de la lista."),
    "focal_point_invalid": N_(
        "El punto va de 0 a 100 a lo ancho y a lo alto. Escribe los dos números, o ninguno."
    ),
    "logo_not_a_picture": N_("El logo es una imagen: súbelo en PNG, JPEG o WebP."),
    "card_text_missing": N_("Escribe este texto: la plantilla lo necesita."),
    "card_text_limit": N_("Es demasiado largo: caben %(limit)s caracteres."),
    "card_text_too_long": N_(
        "No cabe en la tarjeta con letra legible. Acórtalo o parte la palabra más larga."
    ),
    "card_characters": N_("La letra de la tarjeta no tiene estos signos: %(characters)s. Quítalos."),
}
