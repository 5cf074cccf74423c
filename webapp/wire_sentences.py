"""The sentences of the wire; part of ``webapp/sentences.py``."""

from webapp.words import N_

WIRE: dict[str, str] = {
    "relay_without_account": N_(
        "Ninguna cuenta conectada de la Comisión puede hacerlo en %(network)s. Hazlo allá y anótalo aquí."
    ),
    "relay_not_a_post": N_("El enlace de esta nota no es de una publicación que se pueda compartir."),
    "skip_reason_missing": N_("Elige por qué se pasa hoy; si es otro motivo, escríbelo."),
    "declared_owner_missing": N_("Elige a quién replicamos."),
    "declared_link_invalid": N_(
        "Pega el enlace completo de lo que publicamos; empieza con https:// y tiene hasta %(most)s caracteres."
    ),
    "declared_link_theirs": N_("Ese es el enlace de su nota. Pega el de lo que publicamos nosotros."),
    "declared_day_invalid": N_("Elige hoy o un día de los últimos %(days)s."),
    "declared_twice": N_("Ese enlace ya lo anotó %(by)s el %(on)s."),
    "bimester_invalid": N_("Escribe el bimestre como 2026-6: el año y un número del 1 al 6."),
    "declared_missing": N_("Eso que se anotó no existe o ya no está."),
}
