"""The sentences of deciding on replications; part of ``webapp/sentences.py``."""

from webapp.words import N_

ECHOES: dict[str, str] = {
    "replication_nothing_to_take_back": N_("No hay nada que deshacer: nadie ha decidido sobre esta réplica."),
    "replication_nobody_to_ask": N_(
        "Hoy nadie responde por %(body)s en Resuena: no hay a quién preguntarle."
    ),
    "replication_own_post": N_(
        "Ese organismo publicó el original en una cuenta suya: no puede ser también quien lo replica."
    ),
    "replication_declared_anothers": N_(
        "Una persona lo declaró, pero el directorio dice que %(handle)s es de %(owner)s."
    ),
    "replication_settled": N_("Alguien ya lo decidió: no hace falta contestar."),
}
