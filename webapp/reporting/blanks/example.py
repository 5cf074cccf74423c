"""An example blank, to begin from: what most of them ask for, with its places in it."""

import io
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from webapp.reporting.blanks import packing
from webapp.reporting.wording import Wording

_MADE = "2026-01-01T00:00:00Z"


def example(say: Wording, author: str) -> bytes:
    """Return the example as DOCX, the same bytes each time."""
    paper = docx.Document()
    styles: Any = paper.styles
    for run in styles.element.iter(qn("w:lang")):
        run.set(qn("w:val"), "es-MX")
    styles["Normal"].font.size = Pt(10.5)
    paper.core_properties.title = say.gettext("Informe parcial bimestral del PlanDAI")
    paper.add_heading(say.gettext("Informe parcial bimestral del PlanDAI"), 0)
    paper.add_paragraph("{{edicion}} · {{bimestre}}")
    paper.add_paragraph("{{organismo}} ({{siglas}}), {{estado}}")
    paper.add_heading(say.gettext("Avance de las acciones"), 1)
    _table(paper, ("numero", "titulo", "semaforo", "vence", "hecha"), "accion", (
            say.gettext("Núm."), say.gettext("Acción"), say.gettext("Cómo va"), say.gettext("Para cuándo"),
            say.gettext("Se hizo"),
        ))  # fmt: skip
    paper.add_heading(say.gettext("Lo que se hizo"), 1)
    paper.add_paragraph("{{resumen}}")
    _table(
        paper,
        ("fecha", "tipo", "titulo", "personas", "mujeres", "hombres"),
        "actividad",
        (
            say.gettext("Día"),
            say.gettext("Qué fue"),
            say.gettext("Nombre o lugar"),
            say.gettext("Personas"),
            say.gettext("Mujeres"),
            say.gettext("Hombres"),
        ),
    )
    paper.add_heading(say.gettext("Personas facilitadoras"), 1)
    formed = say.gettext("Formadas")
    certified = say.gettext("Certificadas EC-1477")
    women, men = say.gettext("Mujeres"), say.gettext("Hombres")
    for label, name in ((formed, "formadas"), (certified, "certificadas")):
        paper.add_paragraph(
            f"{label}: {{{{{name}}}}} · {women}: {{{{{name}_mujeres}}}} · {men}: {{{{{name}_hombres}}}}"
        )
    paper.add_heading(say.gettext("Lista de evidencias"), 1)
    _table(paper, ("clave", "titulo", "tipo", "fecha", "huella"), "evidencia", (
            say.gettext("Clave"), say.gettext("Evidencia"), say.gettext("Qué es"), say.gettext("Se guardó"),
            say.gettext("Huella (SHA-256)"),
        ))  # fmt: skip
    paper.add_paragraph("{{corte}}. SHA-256: {{huella}}")
    made = io.BytesIO()
    paper.save(made)
    return packing.packed(packing.signed_anew(packing.parts_of(made.getvalue()), author, _MADE))


def _table(paper: Any, names: tuple[str, ...], of: str, heads: tuple[str, ...]) -> None:  # noqa: ANN401 -- the library's
    grid = paper.add_table(rows=2, cols=len(names))
    grid.style = "Table Grid"
    for n, (name, head) in enumerate(zip(names, heads, strict=True)):
        grid.rows[0].cells[n].paragraphs[0].add_run(head).bold = True
        grid.rows[1].cells[n].paragraphs[0].add_run(f"{{{{{of}.{name}}}}}")
    grid.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 -- the library has no repeating rows
    for row in grid.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001 -- nor whole ones
