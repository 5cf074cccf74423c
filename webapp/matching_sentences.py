"""The sentences of how echoes are recognised: its thresholds and its pictures; part of ``webapp/sentences.py``."""

from webapp.words import N_

MATCHING: dict[str, str] = {
    "threshold_out_of_bounds": N_("Escribe un número entero de %(least)s a %(most)s."),
    "thresholds_crossed": N_(
        "Para dudar se pide menos que para estar seguros: baja este número o sube el otro."
    ),
    "replication_verbatim": N_("Dice lo mismo, palabra por palabra."),
    "replication_tagged_verbatim": N_("Lleva %(tags)s y dice lo mismo, palabra por palabra."),
    "replication_excerpt": N_(
        "Repite una parte: %(own)s %% de las palabras de la nota son de la publicación, %(row)s de ellas seguidas."
    ),
    "replication_tagged_excerpt": N_(
        "Lleva %(tags)s y repite una parte: %(own)s %% de las palabras de la nota son de la publicación, "
        "%(row)s de ellas seguidas."
    ),
    "replication_adapted": N_(
        "Se parece: comparte %(percent)s %% de las palabras de la publicación, %(row)s de ellas seguidas."
    ),
    "replication_tagged_adapted": N_(
        "Lleva %(tags)s y se parece: comparte %(percent)s %% de las palabras, %(row)s de ellas seguidas."
    ),
    "replication_same_picture": N_(
        "Muestra la misma imagen, «%(asset)s»: coincide %(percent)s %% de lo que se ve de ella."
    ),
    "replication_picture_and_words": N_(
        "Muestra la misma imagen, «%(asset)s» (coincide %(percent)s %%), y comparte %(words)s %% de las palabras."
    ),
}
