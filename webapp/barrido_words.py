"""What a barrido's answers are called, wherever they are shown."""

from collections.abc import Mapping

from scheduler.models import ReplicationKind
from scheduler.replication.barrido_models import LookAnswer, NotReachedWhy
from webapp.words import N_

WHYS: Mapping[NotReachedWhy, str] = {
    NotReachedWhy.CLOSED: N_("No pude abrir la página"),
    NotReachedWhy.PRIVATE: N_("La cuenta es privada"),
    NotReachedWhy.NO_TIME: N_("No me dio tiempo"),
}
ANSWERS: Mapping[LookAnswer, str] = {
    LookAnswer.SEEN: N_("Sí, lo publicó"),
    LookAnswer.NOT_SEEN: N_("No visto"),
    LookAnswer.NOT_REACHED: N_("No pude"),
}
KINDS: Mapping[ReplicationKind, str] = {
    ReplicationKind.ADAPTED: N_("copia adaptada"),
    ReplicationKind.COPY: N_("copia igual"),
    ReplicationKind.REPOST: N_("reposteo"),
    ReplicationKind.QUOTE: N_("cita"),
    ReplicationKind.NOTE: N_("publicación propia"),
}
