"""What people call the forms, steps and stages of a replication; a report says them as the pages do."""

from collections.abc import Mapping

from scheduler.models import ReplicationKind, ReplicationStage
from scheduler.replication.sums import Step
from webapp.words import N_

KINDS: Mapping[ReplicationKind, str] = {
    ReplicationKind.NOTE: N_("nota propia"),
    ReplicationKind.ADAPTED: N_("copia adaptada"),
    ReplicationKind.COPY: N_("copia igual"),
    ReplicationKind.REPOST: N_("reposteo"),
    ReplicationKind.QUOTE: N_("cita"),
    ReplicationKind.LINK: N_("enlace"),
    ReplicationKind.OFFLINE: N_("fuera de línea"),
}
STEPS: Mapping[Step, str] = {
    Step.OFFERED: N_("ofrecida"),
    Step.SEEN: N_("vista"),
    Step.DOWNLOADED: N_("descargada"),
    Step.PUBLISHED: N_("publicada"),
    Step.VERIFIED: N_("verificada"),
}
STAGES: Mapping[ReplicationStage, tuple[str, str, str]] = {
    ReplicationStage.DOUBTFUL: (N_("por decidir"), "warn", "help-circle"),
    ReplicationStage.SEEN: (N_("la encontró Resuena"), "teal", "eye"),
    ReplicationStage.DECLARED: (N_("declarada por el organismo"), "teal", "message"),
    ReplicationStage.CONFIRMED: (N_("verificada por una persona"), "good", "circle-check"),
    ReplicationStage.REJECTED: (N_("no es réplica"), "idle", "circle-x"),
}
