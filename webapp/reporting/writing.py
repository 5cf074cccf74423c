"""From what was gathered to a report: which chapters each kind has, its title, and what stands under it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from content_calendar.bimesters import BIMESTERS_A_YEAR, bimester_after, bimester_span
from content_calendar.models.reports import ReportKind
from webapp.reporting.blanks import values
from webapp.reporting.chapters import (
    body,
    echoes,
    evidence,
    glance,
    goals,
    local,
    planned,
    programme,
    received,
)
from webapp.reporting.document import Document, Filling, Section, clean
from webapp.reporting.gathering import Material, Span
from webapp.reporting.wording import NO_DATA, Wording
from webapp.words import N_

COMMISSION = N_(
    "Comisión de Vinculación, Promoción, Difusión y Comunicación Social · Sistema Nacional de Transparencia"
)
KIND_WORDS: Mapping[ReportKind, str] = {
    ReportKind.BIMONTHLY: N_("Informe bimestral de difusión"),
    ReportKind.ANNUAL: N_("Informe anual de difusión"),
    ReportKind.PARTIAL: N_("Informe parcial bimestral del PlanDAI"),
    ReportKind.FINAL: N_("Informe final del PlanDAI"),
}


@dataclass(frozen=True)
class Subject:
    """What a report is of: its kind, year and bimester, and the body of one of PlanDAI's."""

    kind: ReportKind
    year: int
    number: int | None = None
    slug: str = ""
    # Of a final report by edition: its name and its days.
    edition: str = ""
    days: tuple[date, date] | None = None


def days_of(subject: Subject) -> tuple[date, date]:
    """Return the first and the last day of what a report is of; raises UnknownBimesterError."""
    if subject.days is not None:
        return subject.days
    if subject.number:
        return bimester_span(subject.year, subject.number)
    return bimester_span(subject.year, 1)[0], bimester_span(subject.year, BIMESTERS_A_YEAR)[1]


def days_before(subject: Subject) -> list[tuple[date, date]]:
    """Return the spans to compare with: the one before, and the same one a year before."""
    if subject.number:
        return [
            bimester_span(*bimester_after(subject.year, subject.number, steps))
            for steps in (-1, -BIMESTERS_A_YEAR)
        ]
    if subject.days is not None:
        # There is nothing like it to compare with.
        return []
    return [(date(subject.year - 1, 1, 1), date(subject.year, 1, 1) - timedelta(days=1))]


def document(material: Material, subject: Subject, say: Wording) -> Document:
    """Return the whole report in the language of ``say``."""
    of_body = subject.kind in (ReportKind.PARTIAL, ReportKind.FINAL)
    sections = _of_body(material, subject, say) if of_body else _of_all(material, say)
    about = [say.days(material.span.first, material.span.last), say.cut_off(material.span.cut_off)]
    author = say.gettext(COMMISSION)
    if of_body:
        of = material.bodies[0]
        about.insert(0, clean(f"{of.name} ({of.short_name})"))
    return Document(
        say.gettext(KIND_WORDS[subject.kind]),
        when(subject, say) + (f" · {clean(material.bodies[0].state_name)}" if of_body else ""),
        author,
        say.locale,
        material.span.zone.key,
        material.span.cut_off.astimezone(UTC).isoformat(),
        tuple(about),
        tuple(sections),
        _words(say, material.span),
        _filling(material, subject, say),
    )


def _filling(material: Material, subject: Subject, say: Wording) -> Filling:
    if subject.kind is not ReportKind.PARTIAL or subject.number is None:
        return Filling()
    return values.filling(material, when(subject, say), subject.year, subject.number, say)


def when(subject: Subject, say: Wording) -> str:
    """Return what time a report is of, in words."""
    if subject.edition:
        return clean(subject.edition)
    if not subject.number:
        return say.gettext("Año %(year)s", year=subject.year)
    months = say.months(subject.year, subject.number)
    return say.gettext(
        "Bimestre %(number)s de %(year)s: %(months)s", number=subject.number, year=subject.year, months=months
    )


def _of_all(material: Material, say: Wording) -> list[Section]:
    return [
        glance.in_brief(material, say),
        planned.planned_and_out(material, say),
        received.received(material, say),
        echoes.taken_up(material, say),
        echoes.promise(material, say),
        planned.events(material, say),
        *programme.traffic_lights(material, say),
        *goals.goals(material, say),
        evidence.evidence(material, say),
        evidence.method(say),
    ]


def _of_body(material: Material, subject: Subject, say: Wording) -> list[Section]:
    of = material.bodies[0]
    return [
        body.in_brief(material, say),
        *programme.of_a_body(material, say, of.slug),
        *goals.of_a_body(material, say, of.slug),
        *local.did(material, say),
        body.taken_up(material, say),
        *body.gave(material, say, whole=subject.number is None),
        planned.events(material, say),
        evidence.evidence(material, say),
        evidence.method(say),
    ]


def _words(say: Wording, span: Span) -> dict[str, str]:
    """Return what the forms themselves say."""
    return {
        "contents": say.gettext("Contenido"),
        "page": say.gettext("Página"),
        "of": say.gettext("de"),
        "no_data": say.gettext(NO_DATA),
        "colophon": say.gettext("Colofón"),
        "made": say.gettext(
            "Hecho con Resuena. Los mismos datos dan siempre los mismos archivos: compara esta huella con la de tu "
            "copia."
        ),
        "hash": say.gettext("Huella de los datos (SHA-256)"),
        "cut_off": say.cut_off(span.cut_off),
        "shown": say.gettext(
            "Aquí están los primeros %(shown)s de %(all)s renglones; todos están en el libro de Excel."
        ),
        "dropped": say.gettext(
            "En el PDF no se ven los emojis ni las letras de algunos alfabetos; en Word y Excel están como se "
            "escribieron."
        ),
        "sheet": say.gettext("Informe"),
        "index": say.gettext("Qué hay en cada hoja"),
        "figure": say.gettext("Cifra"),
        "value": say.gettext("Valor"),
        "note": say.gettext("Cómo se lee"),
        "none": say.gettext("No hay nada que enlistar."),
        "less": say.gettext("menos"),
        "more": say.gettext("más"),
    }
