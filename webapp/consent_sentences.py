"""The sentences of consents, and of taking down what is withdrawn; part of ``webapp/sentences.py``."""

from webapp.words import N_

CONSENTS: dict[str, str] = {
    "consent_scope_missing": N_("Marca para qué se puede usar: redes, impresos o radio."),
    "consent_not_for_networks": N_(
        "El consentimiento no es para redes sociales. Consigue uno que sí lo diga o elige otro material."
    ),
    "consent_not_for_print": N_(
        "El consentimiento no es para impresos. Consigue uno que sí lo diga o elige otro material."
    ),
    "consent_not_for_radio": N_(
        "El consentimiento no es para radio. Consigue uno que sí lo diga o elige otro material."
    ),
    "takedown_not_found": N_("Esa tarea no existe o es de otro organismo."),
    "takedown_closed": N_("Ya no hace falta: el consentimiento se había retirado por error."),
    "takedown_note_missing": N_("Cuenta por qué no se puede quitar."),
    "takedown_note_too_long": N_("Es demasiado largo: caben %(limit)s caracteres."),
    "takedown_answer_missing": N_("Elige una respuesta."),
}
