"""The sentences of the plan and of the calendar's boards; part of ``webapp/sentences.py``."""

from webapp.words import N_

PLAN: dict[str, str] = {
    "period_not_found": N_("El calendario no tiene ese periodo."),
    "theme_not_found": N_("Ese tema no existe o ya no está."),
    "theme_title_missing": N_("Escribe el título del tema."),
    "theme_too_long": N_("Es demasiado largo: caben %(most)s caracteres."),
    "colour_invalid": N_("Elige un color de la paleta."),
    "line_not_found": N_("Esa línea de acción no existe o ya no está."),
    "span_not_found": N_("El tema ya no está en esos días."),
    "span_outside_bimester": N_(
        "Los días del tema deben quedar dentro del bimestre: del %(starts_on)s al %(ends_on)s."
    ),
    "span_repeated": N_("El tema ya empieza ese día (%(starts_on)s) en el bimestre."),
    "range_too_long": N_("Son demasiados días: elige %(most)s o menos."),
    "contribution_not_found": N_("Ese aporte no existe o ya no está."),
    "contribution_empty": N_("Escribe el aporte antes de enviarlo."),
    "contribution_too_long": N_("Es demasiado largo: caben %(most)s caracteres."),
    "return_reason_missing": N_("Escribe el motivo, para que el organismo sepa qué cambiar."),
    "contribution_moved": N_("El aporte cambió mientras lo veías. Vuelve a abrirlo."),
    "contribution_file_told_otherwise": N_(
        "Ese archivo ya está en la caja, y ahí se dice que salen menos personas. Pide a la Comisión que lo corrija y "
        "agrégalo después."
    ),
    "contribution_files_full": N_("Caben %(most)s archivos. Quita alguno antes de agregar otro."),
    "contribution_closed": N_(
        "Este aporte ya se envió: sus archivos no cambian, a menos que te lo regresen."
    ),
    # Several at once
    "nothing_to_do": N_("Di qué hacer con las que elegiste."),
    "event_day_unreadable": N_("Escribe el día así: 2026-11-24."),
    "nothing_chosen": N_("Elige al menos una publicación, y no más de %(most)s."),
    "days_out_of_range": N_("Escribe cuántos días: de 1 a %(most)s, con un signo menos para ir hacia atrás."),
    "post_without_moment": N_("No tiene día ni hora. Dáselos primero."),
    "campaign_after_review": N_("Ya pasó por revisión. Edítala para cambiar su campaña."),
    "changed_since": N_("Alguien la cambió después. Se queda como está."),
    "nothing_to_undo": N_("Eso ya se deshizo, o fue hace más de una semana."),
}
