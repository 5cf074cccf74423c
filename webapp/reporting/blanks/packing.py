"""A DOCX as its parts: opened only when it is small, whole and harmless, and packed anew to the same byte.

Its rules are those of ECMA-376 part 2 (open packaging): a ZIP of parts, whose relationships say what leads where.
Nothing of an uploaded file is ever run; what would make a word processor fetch or run something is refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from lxml import etree

from content_calendar.report_blanks import (
    BlankBrokenError,
    BlankKindError,
    BlankMacrosError,
    BlankOutsideError,
    BlankTooLargeError,
)

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MEGABYTES: Final = 5
_UNPACKED_MEGABYTES: Final = 40
_MOST_PARTS: Final = 500
_MOST_XML: Final = 10 << 20
_ZIPPED: Final = (1980, 1, 1, 0, 0, 0)
_PLAIN_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OLD: Final = b"\xd0\xcf\x11\xe0"
_TYPES, _MAIN, _CORE = "[Content_Types].xml", "word/document.xml", "docProps/core.xml"
_FOREIGN: Final = re.compile(
    r"(vbaproject|vbadata|/activex/|/embeddings/|\.exe$|\.js$|\.vbs$|\.dll$)", re.IGNORECASE
)
_RUN: Final = re.compile(r"(macroEnabled|vbaProject|activeX|oleObject|vnd\.ms-word\.\w*macro)", re.IGNORECASE)
_FETCHED: Final = frozenset(
    {"attachedTemplate", "aFChunk", "subDocument", "frame", "oleObject", "package", "control"}
)
# Fields by which a word processor fetches something; ECMA-376 part 1, 17.16.5.
_FIELDS: Final = re.compile(
    r"^\s*(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|DDE|DDEAUTO|LINK|IMPORT|DATABASE|RD)\b", re.IGNORECASE
)
_OPENED: Final = frozenset({"http", "https", "mailto"})
_WRITTEN: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")

Parts = Mapping[str, bytes]


def parse(data: bytes) -> Any:  # noqa: ANN401 -- lxml's elements have no types
    """Return the root of a part; nothing is fetched and no entity is put in. Raises BlankBrokenError."""
    if len(data) > _MOST_XML:
        raise BlankTooLargeError("blank", megabytes=_MOST_XML >> 20)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise BlankBrokenError("blank") from None
    if root.getroottree().docinfo.doctype:
        raise BlankBrokenError("blank")
    return root


def parts_of(data: bytes) -> Parts:
    """Return the parts of a DOCX in their order.

    Raises BlankTooLargeError, BlankKindError, BlankBrokenError, BlankMacrosError and BlankOutsideError.
    """
    if len(data) > MEGABYTES << 20:
        raise BlankTooLargeError("blank", megabytes=MEGABYTES)
    if data.startswith(_OLD) or not data.startswith(b"PK"):
        raise BlankKindError("blank")
    try:
        parts = _unpacked(data)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, zlib.error):
        raise BlankBrokenError("blank") from None
    if _TYPES not in parts or _MAIN not in parts:
        raise BlankKindError("blank")
    _check_types(parts)
    for name, part in parts.items():
        if name.endswith(".rels"):
            _check_ways(part)
        elif name.endswith(".xml") and name.startswith("word/"):
            _check_fields(part)
    return parts


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        told = packed.infolist()
        names = [one.filename for one in told]
        if len(told) > _MOST_PARTS or sum(one.file_size for one in told) > _UNPACKED_MEGABYTES << 20:
            raise BlankTooLargeError("blank", megabytes=_UNPACKED_MEGABYTES)
        if any(one.flag_bits & 1 for one in told):
            raise BlankKindError("blank")
        if len(set(map(str.casefold, names))) != len(names) or any(_leads_out(one) for one in names):
            raise BlankBrokenError("blank")
        # A part that unpacks to more than it says is cut by the library, and its sum is wrong then.
        return {one.filename: packed.read(one) for one in told if not one.is_dir()}


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name


def _check_types(parts: Parts) -> None:
    if any(_FOREIGN.search(f"/{name}") for name in parts):
        raise BlankMacrosError("blank")
    main = ""
    for one in parse(parts[_TYPES]):
        kind = one.get("ContentType", "")
        if _RUN.search(kind):
            raise BlankMacrosError("blank")
        if one.get("PartName", "").lstrip("/") == _MAIN:
            main = kind
    if main != _PLAIN_MAIN:
        raise BlankKindError("blank")


def _check_ways(part: bytes) -> None:
    """Refuse what leads out of the file, but for a link that a person opens."""
    for one in parse(part):
        kind = one.get("Type", "").rpartition("/")[2]
        if _RUN.search(kind):
            raise BlankMacrosError("blank")
        target = one.get("Target", "")
        outside = one.get("TargetMode", "").casefold() == "external"
        if kind in _FETCHED or (outside and (kind != "hyperlink" or _scheme(target) not in _OPENED)):
            raise BlankOutsideError("blank", what=target[:80])


def _scheme(target: str) -> str:
    try:
        return urlsplit(target.strip()).scheme.casefold()
    except ValueError:
        return ""


def _check_fields(part: bytes) -> None:
    root = parse(part)
    for one in root.iter(f"{W}fldSimple"):
        if _FIELDS.match(one.get(f"{W}instr", "")):
            raise BlankOutsideError("blank", what=one.get(f"{W}instr", "").strip()[:80])
    for paragraph in root.iter(f"{W}p"):
        # The name of a field may be written in pieces.
        said = "".join(one.text or "" for one in paragraph.iter(f"{W}instrText"))
        if _FIELDS.match(said) or any(
            _FIELDS.match(one.text or "") for one in paragraph.iter(f"{W}instrText")
        ):
            raise BlankOutsideError("blank", what=said.strip()[:80])


def written_parts(parts: Parts) -> list[str]:
    """Return the names of the parts that people read: the text, heads, feet and notes."""
    return [name for name in parts if _WRITTEN.fullmatch(name)]


def packed(parts: Parts) -> bytes:
    """Return the parts as one file with fixed times: the same parts are the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            about = zipfile.ZipInfo(name, _ZIPPED)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            file.writestr(about, data)
    return made.getvalue()


def element(name: str) -> Any:  # noqa: ANN401 -- as above
    """Return a new element of a text, without anything in it."""
    return etree.Element(f"{W}{name}")


def as_bytes(root: Any) -> bytes:  # noqa: ANN401 -- as above
    """Return a part as it is kept."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def signed_anew(parts: Parts, author: str, at: str) -> dict[str, bytes]:
    """Return the parts with the author of the report and its moment (ISO 8601) for those of who made the blank."""
    if _CORE not in parts:
        return dict(parts)
    root = parse(parts[_CORE])
    for one in root:
        name = etree.QName(one).localname
        if name in {"creator", "lastModifiedBy"}:
            one.text = author
        elif name in {"created", "modified", "lastPrinted"}:
            one.text = at
        elif name == "revision":
            one.text = "1"
    return {**parts, _CORE: as_bytes(root)}
