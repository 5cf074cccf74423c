"""The sentences of reports and of background work; part of ``webapp/sentences.py``."""

from webapp.words import N_

REPORTS: dict[str, str] = {
    "report_missing": N_("Ese informe no existe o ya no está."),
    "report_kind": N_("Elige qué informe quieres."),
    "report_body": N_("Elige de qué organismo es el informe."),
    "report_format": N_("Elige al menos un formato."),
    "report_under_way": N_("El informe se está haciendo. Espera a que termine."),
    "report_failed": N_("No pudimos hacer el informe. Ya quedó anotado en el registro; inténtalo otra vez."),
    "job_abandoned": N_("Se interrumpió varias veces antes de terminar. Inténtalo otra vez."),
}
