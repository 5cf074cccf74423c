"""How the pages of replications say things: forms, steps, stages, how sure a match is, how long it took."""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from flask_babel import gettext, ngettext

from scheduler.models import ReplicationKind
from scheduler.replication.funnel import Step
from webapp.echo_terms import KINDS, STAGES, STEPS
from webapp.words import N_

__all__ = ["ACTS", "KINDS", "MEANINGS", "STAGES", "STEPS", "kinds_in_words", "score_words", "within"]

MEANINGS: Mapping[Step, str] = {
    Step.OFFERED: N_(
        "Alguien respondía por el organismo en la semana en que salió: la tuvo lista en su página de inicio."
    ),
    Step.SEEN: N_(
        "Alguien del organismo abrió su página o la de su material. No guardamos quién. También pudo verla en la red "
        "sin pasar por aquí."
    ),
    Step.DOWNLOADED: N_("Bajó su paquete o uno de sus materiales."),
    Step.PUBLISHED: N_(
        "La encontramos en un sitio o una cuenta del organismo, o lo declaró con su enlace. Se puede publicar sin "
        "descargar: por eso este paso puede ser más grande que el anterior."
    ),
    Step.VERIFIED: N_("Una persona la miró y dijo que sí."),
}
ACTS: Mapping[str, str] = {
    "replication_declared": N_("declaró que la replicaron"),
    "replication_confirmed": N_("dijo que sí es réplica"),
    "replication_overruled": N_("dijo que no es réplica"),
    "replication_taken_back": N_("deshizo lo que se había decidido"),
    "replication_asked": N_("le preguntó al organismo"),
    "replication_answered": N_("contestó la pregunta"),
    "replication_undeclared": N_("quitó lo que había declarado"),
}
_CERTAIN, _SURE, _LIKELY, _PERHAPS = 100, 95, 85, 70
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
# Up to two days one thinks in hours.
_HOURS_UNTIL = timedelta(hours=48)


def score_words(score: int | None) -> str:
    """Return how sure the machine is, in words and in points; what a person declared has no points."""
    if score is None:
        return str(gettext("lo dijo una persona"))
    if score == _CERTAIN:
        word = gettext("seguro")
    elif score >= _SURE:
        word = gettext("casi seguro")
    elif score >= _LIKELY:
        word = gettext("muy probable")
    else:
        word = gettext("probable") if score >= _PERHAPS else gettext("poco probable")
    return str(gettext("%(word)s (%(score)s de 100)", word=word, score=score))


def within(lag: timedelta) -> str:
    """Return a time that a lag does not pass, such as "5 horas" or "3 días"."""
    if lag <= _HOURS_UNTIL:
        return str(ngettext("%(num)s hora", "%(num)s horas", max(1, ceil(lag / _HOUR))))
    return str(ngettext("%(num)s día", "%(num)s días", ceil(lag / _DAY)))


def kinds_in_words(counts: Mapping[ReplicationKind, int]) -> str:
    """Return the forms with how many of each, the most frequent first, such as "copia igual (4), cita"."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return ", ".join(
        gettext(KINDS[kind]) + (f" ({count})" if count > 1 else "") for kind, count in ordered
    )  # fmt: skip
