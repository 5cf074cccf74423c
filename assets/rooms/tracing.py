"""A program of its own, run in a child process with few rights: one SVG from standard input, a PNG to standard output.

What it reads may name other files, entities and programs: it is refused for what it must not have, and no file
can be opened any more by the time it is drawn. Writes one line of JSON, then the PNG. Imports nothing of the house.
"""

import json
import resource
import sys
from xml.parsers import expat

import resvg_py

_MEMORY = 1 << 30
_CPU_SECONDS = 10
_EDGE = 2048
_MOST_ELEMENTS = 50_000
_DEEPEST = 100
_MOST_RATIO = 50.0
_INSIDE = ("#", "data:image/png", "data:image/jpeg")
_REFUSED_ELEMENTS = {
    "script": "svg_active",
    "foreignobject": "svg_active",
    "iframe": "svg_active",
    "text": "svg_text",
    "tspan": "svg_text",
}


class _RefusedError(Exception):
    """``args[0]`` is the code of a domain error."""


class _Reader:
    """Reads what the drawing consists of, and its size."""

    def __init__(self) -> None:
        self._elements = self._depth = 0
        self.width = self.height = 1.0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._begins
        self.parser.EndElementHandler = self._ends
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.EntityDeclHandler = self._entity
        self.parser.ProcessingInstructionHandler = self._instruction

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > _MOST_ELEMENTS or self._depth > _DEEPEST:
            raise _RefusedError("svg_heavy")
        plain = name.rpartition(" ")[2].lower()
        if self._elements == 1:
            if plain != "svg":
                raise _RefusedError("svg_unreadable")
            self._measure(attributes)
        if plain in _REFUSED_ELEMENTS:
            raise _RefusedError(_REFUSED_ELEMENTS[plain])
        for attribute, value in attributes.items():
            short = attribute.rpartition(" ")[2].lower()
            if short.startswith("on") or value.strip().lower().startswith("javascript:"):
                raise _RefusedError("svg_active")
            if short in {"href", "src"} and plain != "a" and not value.strip().lower().startswith(_INSIDE):
                raise _RefusedError("svg_outside")

    def _ends(self, _name: str) -> None:
        self._depth -= 1

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            raise _RefusedError("svg_active")

    def _entity(self, *_about: object) -> None:
        raise _RefusedError("svg_active")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise _RefusedError("svg_outside")

    def _measure(self, attributes: dict[str, str]) -> None:
        box = attributes.get("viewBox", "").replace(",", " ").split()
        sizes = (
            box[2:4]
            if len(box) == len("xywh")
            else [attributes.get("width", ""), attributes.get("height", "")]
        )
        try:
            self.width, self.height = (float(size.rstrip("pxtmcin%")) for size in sizes)
        except ValueError:
            return
        if not 1 / _MOST_RATIO <= self.width / max(self.height, 1e-9) <= _MOST_RATIO:
            raise _RefusedError("svg_unreadable")


def _drawn(data: bytes) -> bytes:
    reader = _Reader()
    reader.parser.Parse(data, True)  # noqa: FBT003 -- expat's own signature: this is all there is
    wide = reader.width >= reader.height
    return resvg_py.svg_to_bytes(
        svg_string=data.decode(),
        skip_system_fonts=True,
        width=_EDGE if wide else None,
        height=None if wide else _EDGE,
    )


def main() -> None:
    """Read an SVG, write what it shows or why it is refused."""
    data = sys.stdin.buffer.read()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # From here on nothing can be opened: a drawing that names a file of this machine shows nothing of it.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    png, told = b"", {}
    try:
        png = _drawn(data)
    except _RefusedError as error:
        told = {"refused": error.args[0]}
    except Exception:  # noqa: BLE001 -- a hostile file may raise anything in a parser; none is our fault
        told = {"refused": "svg_unreadable"}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + png)


if __name__ == "__main__":
    main()
