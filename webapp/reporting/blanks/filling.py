"""A blank filled in: each place by its value, whatever the pieces it is written in; a row of a list once for each.

A place is only a name. Nothing in the file is a formula, a loop or a condition, so nothing that somebody uploads runs.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

from content_calendar.report_blanks import (
    BlankMixedRowError,
    BlankNoPlacesError,
    BlankRowError,
    BlankTooManyPlacesError,
    BlankUnclosedPlaceError,
    BlankUnknownPlaceError,
)
from webapp.reporting.blanks import packing
from webapp.reporting.blanks.packing import W
from webapp.reporting.blanks.places import KNOWN, list_of, plain
from webapp.reporting.document import Filling

_PLACE: Final = re.compile(r"\{\{([^{}]{1,80})\}\}")
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_MOST_PLACES: Final = 1000
_SHOWN: Final = 40
# What must be one of its kind in a file: a copied row has none of them.
_ONCE: Final = frozenset({f"{W}bookmarkStart", f"{W}bookmarkEnd"})
_PARAGRAPH_IDS: Final = tuple(
    f"{{http://schemas.microsoft.com/office/word/2010/wordml}}{one}" for one in ("paraId", "textId")
)


def _texts(paragraph: Any) -> list[Any]:  # noqa: ANN401 -- lxml's elements have no types
    """Return the pieces of text of a paragraph, without those of a paragraph inside of it (a text box)."""
    return [one for one in paragraph.iter(f"{W}t") if next(one.iterancestors(f"{W}p")) is paragraph]


def _said(paragraph: Any) -> str:  # noqa: ANN401 -- as above
    return "".join(one.text or "" for one in _texts(paragraph))


def _row_of(paragraph: Any) -> Any:  # noqa: ANN401 -- as above
    return next(paragraph.iterancestors(f"{W}tr"), None)


def _named(root: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 -- as above
    for paragraph in root.iter(f"{W}p"):
        for found in _PLACE.finditer(_said(paragraph)):
            yield paragraph, plain(found.group(1))


def places_in(data: bytes) -> list[str]:
    """Return the names of the places of a blank, each once, in their order; this is the check of an uploaded file.

    Raises what ``packing.parts_of`` raises, BlankUnclosedPlaceError, BlankUnknownPlaceError, BlankRowError,
    BlankMixedRowError, BlankTooManyPlacesError and BlankNoPlacesError.
    """
    parts = packing.parts_of(data)
    found: list[str] = []
    for name in packing.written_parts(parts):
        root = packing.parse(parts[name])
        for paragraph in root.iter(f"{W}p"):
            _check_closed(_said(paragraph))
        rows: dict[Any, str] = {}
        for paragraph, place in _named(root):
            found.append(place)
            if list_of(place) and place in KNOWN:
                _check_row(rows, _row_of(paragraph), place)
    unknown = [one for one in dict.fromkeys(found) if one not in KNOWN]
    if unknown:
        names = ", ".join(f"{{{{{one}}}}}" for one in unknown[:_SHOWN])
        raise BlankUnknownPlaceError("blank", names=names)
    if len(found) > _MOST_PLACES:
        raise BlankTooManyPlacesError("blank", most=_MOST_PLACES)
    if not found:
        raise BlankNoPlacesError("blank")
    return list(dict.fromkeys(found))


def _check_closed(said: str) -> None:
    rest = _PLACE.sub("", said)
    if "{{" in rest or "}}" in rest:
        at = max(rest.find("{{"), rest.find("}}"), 0)
        raise BlankUnclosedPlaceError("blank", text=rest[max(0, at - _SHOWN // 2) : at + _SHOWN])


def _check_row(rows: dict[Any, str], row: Any, place: str) -> None:  # noqa: ANN401 -- as above
    if row is None:
        raise BlankRowError("blank", name=f"{{{{{place}}}}}")
    if rows.setdefault(row, list_of(place)) != list_of(place):
        raise BlankMixedRowError("blank", name=f"{{{{{place}}}}}")


def filled(blank: bytes, filling: Filling, none: str, author: str, at: str) -> bytes:
    """Return the blank filled in. ``none`` stands in a list that has nothing; the same in, the same out."""
    parts = packing.parts_of(blank)
    made = packing.signed_anew(parts, author, at)
    for name in packing.written_parts(parts):
        root = packing.parse(parts[name])
        done = _fill_rows(root, filling, none)
        for paragraph in list(root.iter(f"{W}p")):
            # What somebody typed is never read again as a place.
            if paragraph not in done:
                _fill(paragraph, filling.values)
        made[name] = packing.as_bytes(root)
    return packing.packed(made)


def _fill_rows(root: Any, filling: Filling, none: str) -> set[Any]:  # noqa: ANN401 -- as above
    """Put a row for each of its list; return the paragraphs that are filled by that."""
    lists, done = filling.lists, set()
    rows: dict[Any, str] = {}
    firsts: dict[Any, str] = {}
    for paragraph, place in _named(root):
        row = _row_of(paragraph)
        if row is not None and list_of(place) in lists:
            rows.setdefault(row, list_of(place))
            firsts.setdefault(row, place)
    for row, name in rows.items():
        items = lists[name] or ({firsts[row].partition(".")[2]: none},)
        _repeat_head(row)
        for item in items:
            copy = _copied(row)
            # What a list that has nothing lacks is left empty.
            values = {**filling.values, **{f"{name}.{key}": said for key, said in item.items()}}
            for paragraph in list(copy.iter(f"{W}p")):
                _fill(paragraph, values)
                done.add(paragraph)
            row.addprevious(copy)
        row.getparent().remove(row)
    return done


def _copied(row: Any) -> Any:  # noqa: ANN401 -- as above
    copy = deepcopy(row)
    copy.tail = None
    for one in list(copy.iter()):
        for name in _PARAGRAPH_IDS:
            one.attrib.pop(name, None)
        if one.tag in _ONCE:
            one.getparent().remove(one)
    return copy


def _repeat_head(row: Any) -> None:  # noqa: ANN401 -- as above
    """Let the first row of a table that may now cross a page stand on each, where it is not the list itself."""
    table = next(row.iterancestors(f"{W}tbl"))
    head = table.find(f"{W}tr")
    if head is None or head is row or table.find(f".//{W}tblHeader") is not None:
        return
    about = head.find(f"{W}trPr")
    if about is None:
        about = packing.element("trPr")
        before = head.find(f"{W}tblPrEx")
        head.insert(0, about) if before is None else before.addnext(about)
    about.append(packing.element("tblHeader"))


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:  # noqa: ANN401 -- as above
    """Put the values in. A place may begin in one piece of text and end in another; its value stands at its start."""
    pieces = _texts(paragraph)
    said = "".join(one.text or "" for one in pieces)
    found = list(_PLACE.finditer(said))
    if not found:
        return
    texts = [one.text or "" for one in pieces]
    begins = [sum(map(len, texts[:n])) for n in range(len(texts))]
    for match in reversed(found):
        value = values.get(plain(match.group(1)), "")
        for n in reversed(range(len(texts))):
            first, last = match.start() - begins[n], match.end() - begins[n]
            whole = len(pieces[n].text or "")
            if last <= 0 or first >= whole:
                continue
            begun = first >= 0
            first, last = max(first, 0), min(last, whole)
            texts[n] = texts[n][:first] + (value if begun else "") + texts[n][last:]
    for piece, text in zip(pieces, texts, strict=True):
        if text != (piece.text or ""):
            _write(piece, text)


def _write(piece: Any, text: str) -> None:  # noqa: ANN401 -- as above
    first, *more = text.split("\n")
    piece.text = first
    piece.set(_SPACE, "preserve")
    last = piece
    for line in more:
        turn, said = packing.element("br"), packing.element("t")
        said.text = line
        said.set(_SPACE, "preserve")
        last.addnext(turn)
        turn.addnext(said)
        last = said
