"""What a program sends, read: held against the shape that the document tells, each fault at its place.

The shapes are the document's own (``schema``), so that nothing is asked that is not told. Of JSON Schema this
knows what those use; a test compares it with a whole implementation.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from flask import request

from webapp.api.schema import SCHEMAS, Schema
from webapp.problems import Fault, JsonExpectedError, JsonUnreadableError, ShapeError

_LARGEST = 1024 * 1024
_MOST_FAULTS = 20
_KINDS: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def body(name: str, *, optional: bool = False) -> dict[str, Any]:
    """Return what was sent, of the shape of that name.

    Raises JsonExpectedError, JsonUnreadableError and ShapeError.
    """
    if optional and not request.content_length and not request.is_json:
        return {}
    if request.mimetype != "application/json":
        raise JsonExpectedError
    said = request.get_json(silent=True, cache=False)
    if said is None:
        raise JsonUnreadableError
    faults = faults_of(name, said)
    if faults or not isinstance(said, dict):
        raise ShapeError(faults[:_MOST_FAULTS])
    return said


def faults_of(name: str, said: object) -> list[Fault]:
    """Return what in a value is not of the shape of that name."""
    return list(_faults(SCHEMAS[name], said, ""))


def _faults(shape: Schema, value: object, at: str) -> Iterator[Fault]:
    if (ref := shape.get("$ref")) is not None:
        yield from _faults(SCHEMAS[str(ref).rpartition("/")[2]], value, at)
        return
    if "oneOf" in shape:
        yield from _one_of(shape["oneOf"], value, at)
        return
    if "enum" in shape and not any(
        value is one or (value == one and type(value) is not bool) for one in shape["enum"]
    ):
        options = ", ".join(str(one) for one in shape["enum"] if one is not None)
        yield Fault(at, "value_choice", {"options": options})
        return
    kinds = shape.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_KINDS[kind](value) for kind in kinds):
        yield Fault(at, "value_kind", {"kind": " | ".join(kinds)})
    elif isinstance(value, str):
        yield from _of_text(shape, value, at)
    elif isinstance(value, dict):
        yield from _of_object(shape, value, at)
    elif isinstance(value, list):
        yield from _of_list(shape, value, at)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _of_number(shape, value, at)


def _one_of(shapes: list[Schema], value: object, at: str) -> Iterator[Fault]:
    """Tell the faults of the first shape that is not nothing: ours are all "this, or nothing"."""
    told = [list(_faults(one, value, at)) for one in shapes]
    if sum(not faults for faults in told) != 1:
        yield from told[0] or [Fault(at, "value_pattern")]


def _of_text(shape: Schema, value: str, at: str) -> Iterator[Fault]:
    if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
        yield Fault(at, "value_nul")
    elif len(value) > shape.get("maxLength", math.inf):
        yield Fault(at, "value_long", {"most": shape["maxLength"]})
    elif len(value) < shape.get("minLength", 0):
        yield Fault(at, "value_short", {"least": shape["minLength"]})
    elif "pattern" in shape and not re.search(shape["pattern"], value):
        yield Fault(at, "value_pattern")
    elif shape.get("format") == "date" and not _is(date.fromisoformat, value):
        yield Fault(at, "value_day")
    elif shape.get("format") == "date-time" and not _is(_moment, value):
        yield Fault(at, "value_moment")


def _is(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except (ValueError, OverflowError):
        return False
    return True


def _moment(value: str) -> datetime:
    """Return the moment; raise ValueError without an offset (RFC 3339, 5.6), OverflowError for one that UTC has not."""
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError(value)
    return read.astimezone(UTC)


def _of_number(shape: Schema, value: float, at: str) -> Iterator[Fault]:
    if value < shape.get("minimum", -math.inf):
        yield Fault(at, "value_small", {"least": shape["minimum"]})
    elif value > shape.get("maximum", math.inf):
        yield Fault(at, "value_large", {"most": shape["maximum"]})


def _of_object(shape: Schema, value: dict[str, object], at: str) -> Iterator[Fault]:
    fields = shape.get("properties", {})
    for name in shape.get("required", []):
        if name not in value:
            yield Fault(f"{at}/{name}", "value_missing")
    if len(value) > shape.get("maxProperties", math.inf):
        yield Fault(at, "value_long", {"most": shape["maxProperties"]})
        return
    others = shape.get("additionalProperties", True)
    for name, one in value.items():
        place = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
        if "\0" in name:
            yield Fault(at, "value_nul")
        elif name in fields:
            yield from _faults(fields[name], one, place)
        elif others is False:
            yield Fault(place, "value_unknown")
        elif isinstance(others, dict):
            yield from _faults(others, one, place)


def _of_list(shape: Schema, value: list[object], at: str) -> Iterator[Fault]:
    if len(value) > shape.get("maxItems", math.inf):
        yield Fault(at, "value_long", {"most": shape["maxItems"]})
        return
    if len(value) < shape.get("minItems", 0):
        yield Fault(at, "value_short", {"least": shape["minItems"]})
    if shape.get("uniqueItems") and len({repr(one) for one in value}) < len(value):
        yield Fault(at, "value_repeated")
    for number, one in enumerate(value):
        yield from _faults(shape.get("items", {}), one, f"{at}/{number}")
