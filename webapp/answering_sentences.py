"""The sentences of who answers for a body; part of ``webapp/sentences.py``."""

from webapp.words import N_

ANSWERING: dict[str, str] = {
    "deputy_answers_already": N_("%(name)s ya responde por el organismo en esos días."),
    "deputy_days": N_("Revisa los días: de hoy en adelante, y el último no antes que el primero."),
    "deputy_gone": N_(
        "Esa persona ya no entra a Resuena. Pide a la administración que le devuelva el acceso."
    ),
    "deputy_not_found": N_("Esa suplencia ya terminó o no existe."),
}
