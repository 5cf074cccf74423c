"""How the pages name reports."""

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from content_calendar.models.reports import Report, ReportKind
from webapp.words import N_

# Of each kind: its name, what it is good for, its picture.
KINDS: Final[Mapping[ReportKind, tuple[str, str, str]]] = {
    ReportKind.BIMONTHLY: (
        N_("Informe bimestral"), N_("Lo que la Comisión planeó, publicó y logró en dos meses."), "report",
    ),
    ReportKind.ANNUAL: (N_("Informe anual"), N_("Lo mismo, de los seis bimestres del año."), "calendar"),
    ReportKind.PARTIAL: (
        N_("Parcial del PlanDAI"), N_("De un organismo y un bimestre: avance de sus acciones y evidencias."),
        "traffic-lights",
    ),
    ReportKind.FINAL: (
        N_("Final del PlanDAI"), N_("De un organismo y una edición: se entrega antes del mes doce de su plan local."),
        "flag",
    ),
}  # fmt: skip
LANGUAGES: Final[Mapping[str, str]] = {"es": N_("español"), "en": N_("inglés")}


def title_of(report: Report) -> str:
    """Return what a report is called."""
    said = [gettext(KINDS[report.kind][0])]
    if report.edition:
        said.append(report.edition.name)
    elif report.number:
        said.append(gettext("bimestre %(number)s de %(year)s", number=report.number, year=report.year))
    else:
        said.append(str(report.year))
    if report.body:
        said.append(f"{report.body.short_name} ({report.body.state_name})")
    return " · ".join(said)
