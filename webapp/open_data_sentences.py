"""The sentences of the public portal and its open data; part of ``webapp/sentences.py``."""

from webapp.words import N_

OPEN_DATA: dict[str, str] = {
    "part_closed": N_("Esta parte del portal está cerrada por ahora. Vuelve más tarde."),
    "bimester_not_begun": N_("Ese bimestre todavía no empieza: lo que dirá se está preparando."),
    "data_set_missing": N_(
        "No hay un conjunto de datos con ese nombre, o no en ese formato. Mira el catálogo en /datos."
    ),
}
