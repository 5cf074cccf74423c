"""The drawings of the icons, one line of SVG each, put into the page itself.

An icon that refers to a file of its own (``<use href>``) makes a browser fetch and read that file as a document, draw
the page without it, copy its parts beside every icon, and draw the page once more: a third of what a page of a hundred
icons cost a telephone. Tabler's outlines are paths alone, each beginning at a place of its own, so that
one path draws them all (https://www.w3.org/TR/SVG2/paths.html#PathDataMovetoCommands).
"""

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

from flask import Flask

_SPRITE = Path(__file__).parent / "static" / "vendor" / "icons.svg"
_SVG = "{http://www.w3.org/2000/svg}"


@cache
def _drawings() -> dict[str, str]:
    if not _SPRITE.is_file():
        return {}
    # Our own build wrote the file, so it is not hostile XML.
    root = ET.fromstring(_SPRITE.read_text(encoding="utf-8"))  # noqa: S314 -- see the line above
    return {symbol.get("id", ""): drawing(symbol) for symbol in root.iter(f"{_SVG}symbol")}


def drawing(symbol: ET.Element) -> str:
    """Return the lines of an icon as one path's ``d``.

    Raises ValueError for an icon that is more than paths that begin at a place of their own.
    """
    lines = [part.get("d", "") for part in symbol if part.tag == f"{_SVG}path"]
    if len(lines) != len(symbol) or not all(line.startswith("M") for line in lines):
        msg = (
            f"The icon {symbol.get('id')!r} is more than paths: choose another in webapp/frontend/icons.txt."
        )
        raise ValueError(msg)
    return "".join(lines)


def drawing_of(name: str) -> str:
    """Return the path of the icon of that name; empty when the build has not made it."""
    return _drawings().get(name, "")


def install(app: Flask) -> None:
    """Give it to the templates' macro."""
    app.jinja_env.globals["drawing_of"] = drawing_of
