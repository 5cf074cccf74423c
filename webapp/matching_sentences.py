"""The sentences of how echoes are recognised: its thresholds and its pictures; part of ``webapp/sentences.py``."""

from webapp.words import N_

MATCHING: dict[str, str] = {
    "threshold_out_of_bounds": N_("Escribe un número entero de %(least)s a %(most)s."),
    "thresholds_crossed": N_(
        "Para dudar se pide menos que para estar seguros: baja este número o sube el otro."
    ),
    "replication_same_picture": N_(
        "Muestra la misma imagen, «%(asset)s»: coincide %(percent)s %% de lo que se ve de ella."
    ),
    "replication_picture_and_words": N_(
        "Muestra la misma imagen, «%(asset)s» (coincide %(percent)s %%), y comparte %(words)s %% de las palabras."
    ),
}
