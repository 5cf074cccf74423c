"""Blanks of the partial report: hostile files are refused in words, places are filled whatever they are written in."""

import io
import zipfile
from zoneinfo import ZoneInfo

import docx
import pytest

from content_calendar import report_blanks as errors
from content_calendar.errors import InvalidError
from webapp.reporting.blanks import packing
from webapp.reporting.blanks.example import example
from webapp.reporting.blanks.filling import filled, places_in
from webapp.reporting.blanks.places import KNOWN, LISTS, PLACES, plain
from webapp.reporting.document import Filling
from webapp.reporting.wording import wording

_SAY = wording("es", ZoneInfo("America/Mexico_City"))
_AT = "2026-11-20T18:30:00Z"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def blank(*texts: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    paper = docx.Document()
    for text in texts:
        paper.add_paragraph(text)
    if rows:
        grid = paper.add_table(rows=len(rows), cols=len(rows[0]))
        for row, said in zip(grid.rows, rows, strict=True):
            for cell, text in zip(row.cells, said, strict=True):
                cell.text = text
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    return packing.packed({**packing.parts_of(data), name: part})


def changed(data: bytes, name: str, old: str, new: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {one: file.read(one) for one in file.namelist()}
    assert old.encode() in parts[name]
    parts[name] = parts[name].replace(old.encode(), new.encode(), 1)
    return packing.packed(parts)


def way(kind: str, target: str) -> str:
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return f'<Relationship Id="rIdX" Type="{of}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'


def many_times(size: int) -> bytes:
    """A file of a few kilobytes that unpacks to that many bytes."""
    return with_part(blank("{{estado}}"), "word/media/image1.png", b"\0" * size)


_GOOD = blank("{{estado}}")
_RELS = "word/_rels/document.xml.rels"
_DOC, _TYPES = "word/document.xml", "[Content_Types].xml"
_BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document'
_HOSTILE = {
    "no document": (b"%PDF-1.7 x", errors.BlankKindError),
    "an old one or one under a password": (b"\xd0\xcf\x11\xe0" + b"x" * 600, errors.BlankKindError),
    "a ZIP of something else": (packing.packed({"a.txt": b"x"}), errors.BlankKindError),
    "a damaged one": (_GOOD[:-400], errors.BlankBrokenError),
    "a bomb": (many_times(41 << 20), errors.BlankTooLargeError),
    "a part that leads out": (with_part(_GOOD, "../../etc/x.xml", b"<x/>"), errors.BlankBrokenError),
    "a program": (with_part(_GOOD, "word/vbaProject.bin", b"x"), errors.BlankMacrosError),
    "a type with macros": (
        changed(_GOOD, _TYPES, "wordprocessingml.document.main", "x.macroEnabled.main"), errors.BlankMacrosError,
    ),
    "something of another program": (
        with_part(_GOOD, "word/embeddings/oleObject1.bin", b"x"), errors.BlankMacrosError,
    ),
    "a template from elsewhere": (
        changed(_GOOD, _RELS, "</Relationships>", way("attachedTemplate", "https://x.example/t.dotm")),
        errors.BlankOutsideError,
    ),
    "a picture from elsewhere": (
        changed(_GOOD, _RELS, "</Relationships>", way("image", "http://x.example/a.png")), errors.BlankOutsideError,
    ),
    "a link to a file": (
        changed(_GOOD, _RELS, "</Relationships>", way("hyperlink", "file:///etc/passwd")), errors.BlankOutsideError,
    ),
    "a field that fetches": (
        changed(_GOOD, _DOC, "<w:sectPr", "<w:p><w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO "
                "c:\\x</w:instrText></w:r></w:p><w:sectPr"),
        errors.BlankOutsideError,
    ),
    "entities": (changed(_GOOD, _DOC, "<w:document", _BOMB), errors.BlankBrokenError),
    "no XML": (changed(_GOOD, _DOC, "</w:document>", ""), errors.BlankBrokenError),
    "an unknown place": (blank("{{estado}} {{contraseña}} {{config.items}}"), errors.BlankUnknownPlaceError),
    "a place that is not closed": (blank("{{estado} y {{ siglas"), errors.BlankUnclosedPlaceError),
    "an expression": (blank("{{ ''.__class__ }} {% for x in y %}"), errors.BlankUnknownPlaceError),
    "no place": (blank("Informe"), errors.BlankNoPlacesError),
    "a list outside a row": (blank("{{actividad.titulo}}"), errors.BlankRowError),
    "two lists in a row": (
        blank(rows=(("{{actividad.titulo}}", "{{evidencia.titulo}}"),)), errors.BlankMixedRowError,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_or_wrong_file_is_refused(name: str) -> None:
    data, error = _HOSTILE[name]
    with pytest.raises(InvalidError) as refused:
        places_in(data)
    assert type(refused.value) is error


def test_a_good_file_and_a_link_that_a_person_opens_are_taken() -> None:
    linked = changed(_GOOD, _RELS, "</Relationships>", way("hyperlink", "https://x.example/"))
    assert places_in(linked) == places_in(_GOOD) == ["estado"]
    assert places_in(blank("{{ Estado }} {{AÑO}}".replace("AÑO", "año"))) == ["estado", "anio"]


def test_the_example_has_known_places_and_is_the_same_each_time() -> None:
    made = example(_SAY, "Comisión")
    assert made == example(_SAY, "Comisión")
    found = set(places_in(made))
    assert found <= KNOWN
    assert {"estado", "resumen", "actividad.titulo", "evidencia.huella", "certificadas_mujeres"} <= found
    assert all(plain(one) == one for one in (*PLACES, *LISTS))


def _filling(**lists: list[dict[str, str]]) -> Filling:
    return Filling("x", {"estado": "Nuevo León", "resumen": "Uno.\nDos. {{siglas}}", "siglas": "INFO"}, lists)


def test_places_in_pieces_lists_and_what_people_typed() -> None:
    paper = docx.Document(io.BytesIO(blank("Del {{resumen}}.", rows=(
        ("Qué", "De"), ("{{actividad.titulo}} &", "{{siglas}}"), ("{{evidencia.titulo}}", "{{evidencia.clave}}"),
    ))))  # fmt: skip
    pieces = paper.add_paragraph()
    for text, bold in (("a {", False), ("{est", True), ("ado}", False), ("} {{siglas}} z", True)):
        pieces.add_run(text).bold = bold
    paper.sections[0].header.paragraphs[0].text = "{{estado}}"
    made = io.BytesIO()
    paper.save(made)
    titles = [f"Jornada {n} <&> {{{{estado}}}} {{{{ 7*7 }}}}" for n in range(3)]
    data = filled(
        made.getvalue(),
        _filling(actividad=[{"titulo": one} for one in titles], evidencia=[]),
        "Nada.",
        "C",
        _AT,
    )
    found = docx.Document(io.BytesIO(data))
    said = [one.text for one in found.paragraphs]
    assert "Del Uno.\nDos. {{siglas}}." in said  # what a person typed is not read again
    assert "a Nuevo León INFO z" in said
    assert found.sections[0].header.paragraphs[0].text == "Nuevo León"
    rows = [[cell.text for cell in row.cells] for row in found.tables[0].rows]
    assert rows == [["Qué", "De"], *([f"{one} &", "INFO"] for one in titles), ["Nada.", ""]]
    head = found.tables[0].rows[0]._tr  # noqa: SLF001 -- the library does not show it
    assert head.find(f"{{{_W}}}trPr/{{{_W}}}tblHeader") is not None
    assert (found.core_properties.author, found.core_properties.last_modified_by) == ("C", "C")


def test_the_same_in_is_the_same_out() -> None:
    one = filled(example(_SAY, "C"), _filling(), "Nada.", "C", _AT)
    assert one == filled(example(_SAY, "C"), _filling(), "Nada.", "C", _AT)
    assert one != filled(example(_SAY, "C"), _filling(), "Nada.", "C", "2026-11-20T18:31:00Z")
