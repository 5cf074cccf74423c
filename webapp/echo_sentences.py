"""The sentences of deciding on replications; part of ``webapp/sentences.py``."""

from webapp.words import N_

ECHOES: dict[str, str] = {
    "replication_nothing_to_take_back": N_("No hay nada que deshacer: nadie ha decidido sobre esta réplica."),
}
