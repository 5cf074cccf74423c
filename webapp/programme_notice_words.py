"""What notices of the programme say; part of ``webapp/notice_words.py``."""

from collections.abc import Mapping

from webapp.words import N_, Words

_PLACE = N_("Programa")
PROGRAMME: Mapping[str, Words] = {
    "milestone_due": Words(
        N_("%(state)s, %(edition)s: «%(action)s» vence el %(due_on)s."),
        N_("Cuando esté hecho, dilo y sube su evidencia."),
        _PLACE,
    ),
    "milestone_claimed": Words(
        N_("%(state)s dice que ya hizo «%(action)s» (%(edition)s)."),
        N_("Mira su evidencia y confírmalo, o regrésalo con un motivo."),
        _PLACE,
    ),
    "milestone_returned": Words(
        N_("Regresaron «%(action)s» de %(state)s (%(edition)s): %(answer)s"),
        N_("Completa lo que falta y dilo otra vez."),
        _PLACE,
    ),
    "partial_due": Words(
        N_(
            "%(state)s, %(edition)s: el informe parcial del bimestre %(number)s de %(year)s vence el %(due_on)s."
        ),
        N_("Llénalo y entrégalo."),
        _PLACE,
    ),
    "partial_delivered": Words(
        N_("%(state)s entregó su informe parcial del bimestre %(number)s de %(year)s (%(edition)s)."),
        N_("Léelo y acéptalo, o regrésalo con un motivo."),
        _PLACE,
    ),
    "partial_returned": Words(
        N_("Regresaron el informe parcial de %(state)s, bimestre %(number)s de %(year)s: %(answer)s"),
        N_("Corrígelo y entrégalo otra vez."),
        _PLACE,
    ),
}
