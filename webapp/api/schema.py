"""How the shapes of ``/api/v1`` are said, as JSON Schema (2020-12), and where each is kept under its name."""

from typing import Any

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer", "minimum": 0}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"], "minimum": 0}
TRUTH: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
MAYBE_DAY: Schema = {"type": ["string", "null"], "format": "date"}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
MAYBE_HASH: Schema = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
ADDRESS: Schema = {"type": "string", "format": "uri-reference"}
MAYBE_ADDRESS: Schema = {"type": ["string", "null"], "format": "uri-reference"}
PARAMS: Schema = {"type": "object"}

# Every shape by its name; a module adds its own with ``shapes_of``.
SCHEMAS: dict[str, Schema] = {}


def shapes_of(**shapes: Schema) -> None:
    """Add shapes under their names; one name is one shape."""
    for name, shape in shapes.items():
        if name in SCHEMAS:
            raise ValueError(name)
        SCHEMAS[name] = shape


def many(of: Schema) -> Schema:
    """Return the shape of a list."""
    return {"type": "array", "items": of}


def shape(name: str) -> Schema:
    """Return the shape of that name, told elsewhere."""
    return {"$ref": f"#/components/schemas/{name}"}


def maybe(of: Schema) -> Schema:
    """Return the shape of something that may be missing."""
    return {"oneOf": [of, {"type": "null"}]}


def words(longest: int, least: int = 0) -> Schema:
    """Return the shape of a text that is sent, with how long it may be in characters."""
    return {"type": "string", "maxLength": longest} | ({"minLength": least} if least else {})


def record(**fields: Schema) -> Schema:
    """Return the shape of an object that has all these fields and no other."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def sent(*required: str, **fields: Schema) -> Schema:
    """Return the shape of what is sent: these fields and no other, of which the ``required`` must be there."""
    told: Schema = {"type": "object", "properties": fields, "additionalProperties": False}
    return told | ({"required": list(required)} if required else {})


def page(name: str) -> Schema:
    """Return the shape of a page: ``next`` is the address of the one that follows, or null."""
    return record(as_of=MOMENT, items=many(shape(name)), next=MAYBE_ADDRESS)
