"""The shapes of what ``/api/v1`` answers, as JSON Schema (2020-12). A test holds every answer against them."""

from typing import Any

from assets.models import AssetKind
from content_calendar.content import PostKind
from content_calendar.models.adaptations import AdaptationForm
from content_calendar.models.directory import OwnerKind
from content_calendar.states import HoldReason, PostState, PublicationState
from scheduler.models import ReplicationKind
from scheduler.relaying.streak import Mark

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_MAYBE_NUMBER: Schema = {"type": ["integer", "null"], "minimum": 0}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
_DAY: Schema = {"type": "string", "format": "date"}
_MAYBE_DAY: Schema = {"type": ["string", "null"], "format": "date"}
_HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_MAYBE_HASH: Schema = {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}
_ADDRESS: Schema = {"type": "string", "format": "uri-reference"}
_MAYBE_ADDRESS: Schema = {"type": ["string", "null"], "format": "uri-reference"}
_PARAMS: Schema = {"type": "object"}
_DECLARABLE = sorted(one for one in ReplicationKind if one is not ReplicationKind.OFFLINE)


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**fields: Schema) -> Schema:
    """Return the shape of an object that has all these fields and no other."""
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _page(name: str) -> Schema:
    """Return the shape of a page: ``next`` is the address of the one that follows, or null."""
    return _object(as_of=_MOMENT, items=_list(_of(name)), next=_MAYBE_ADDRESS)


_MATERIAL = {
    "ref": _TEXT, "kind": {"enum": sorted(AssetKind)}, "title": _TEXT, "description": _TEXT, "alt_text": _TEXT,
    "language": _TEXT, "author": _MAYBE_TEXT, "source": _MAYBE_TEXT, "licence": _MAYBE_TEXT,
    "expires_on": _MAYBE_DAY, "version": _NUMBER, "media_type": _TEXT, "size": _NUMBER, "width": _MAYBE_NUMBER,
    "height": _MAYBE_NUMBER, "added_at": _MOMENT, "url": _ADDRESS,
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "properties": {"title": _TEXT, "detail": _TEXT, "status": _NUMBER},
        "required": ["title", "detail", "status"],
    },
    "Material": _object(**_MATERIAL),
    "MaterialFile": _object(
        format=_MAYBE_TEXT, name=_MAYBE_TEXT, width=_MAYBE_NUMBER, height=_MAYBE_NUMBER, media_type=_MAYBE_TEXT,
        size=_MAYBE_NUMBER, sha256=_MAYBE_HASH, url=_ADDRESS,
    ),
    "MaterialWithFiles": _object(
        as_of=_MOMENT, **_MATERIAL, files=_list(_of("MaterialFile")), versions=_list(_of("MaterialVersion"))
    ),
    # An approved version in another language or form; "file" is a material of its own.
    "MaterialVersion": _object(
        ref=_TEXT, language=_TEXT, language_name=_TEXT, form={"enum": sorted(AdaptationForm)}, title=_TEXT,
        description=_TEXT, alt_text=_TEXT, text=_TEXT, credit=_MAYBE_TEXT,
        file={"oneOf": [_of("FileOfVersion"), {"type": "null"}]}, current={"type": "boolean"}, written_at=_MOMENT,
    ),
    "FileOfVersion": _object(ref=_TEXT, version=_NUMBER),
    "Materials": _page("Material"),
    "Medium": _object(ref=_TEXT, version=_NUMBER, part=_NUMBER, alt_text=_TEXT),
    "ApprovedText": _object(
        ref=_TEXT, kind={"enum": sorted(PostKind)}, title=_TEXT, language=_TEXT, parts=_list(_TEXT),
        variants={"type": "object", "additionalProperties": _list(_TEXT)}, target=_MAYBE_TEXT,
        tags=_list(_TEXT), due_at=_MAYBE_MOMENT, media=_list(_of("Medium")),
    ),
    "ApprovedTexts": _page("ApprovedText"),
    "Post": _object(
        ref=_TEXT, state={"enum": sorted(PostState)}, kind={"enum": sorted(PostKind)}, title=_TEXT,
        parts=_list(_TEXT), target=_MAYBE_TEXT, language=_TEXT, theme=_MAYBE_TEXT, campaigns=_list(_TEXT),
        due_at=_MAYBE_MOMENT, changed_at=_MAYBE_MOMENT,
    ),
    "Posts": _page("Post"),
    "Body": _object(
        slug=_TEXT, short_name=_TEXT, name=_TEXT, state=_MAYBE_TEXT, region=_MAYBE_TEXT, region_confidence=_TEXT,
        zone=_TEXT, dissolved_on=_MAYBE_TEXT, successor=_MAYBE_TEXT, confidence=_TEXT, source=_TEXT,
    ),
    "Bodies": _page("Body"),
    "Said": _object(code=_TEXT, params=_PARAMS),
    "Publication": _object(
        ref=_TEXT, post=_TEXT, account=_TEXT, network=_TEXT, owner=_TEXT, state={"enum": sorted(PublicationState)},
        hold_reason={"enum": [*sorted(HoldReason), None]}, due_at=_MAYBE_MOMENT, published_at=_MAYBE_MOMENT,
        attempts=_NUMBER, links=_list(_TEXT), said={"oneOf": [_of("Said"), {"type": "null"}]},
    ),
    "Publications": _page("Publication"),
    "Replication": _object(
        ref=_TEXT, post=_TEXT, body=_TEXT, kind=_TEXT, stage=_TEXT, score={"type": ["number", "null"]},
        why=_of("Said"), link=_MAYBE_TEXT, occurred_at=_MAYBE_MOMENT, seen_at=_MAYBE_MOMENT,
        lag_seconds=_MAYBE_NUMBER, evidence=_of("Evidence"),
    ),
    # What was seen and kept: how many pieces, how many of them files, since when and until when.
    "Evidence": _object(pieces=_NUMBER, files=_NUMBER, first_at=_MAYBE_MOMENT, last_at=_MAYBE_MOMENT),
    "Declaration": {
        "type": "object",
        "properties": {"post": _TEXT, "link": _ADDRESS, "kind": {"enum": _DECLARABLE}},
        "required": ["post", "link"],
    },
    "Declared": _object(
        ref=_TEXT, post=_TEXT, body=_TEXT, kind=_TEXT, stage=_TEXT, occurred_at=_MAYBE_MOMENT,
        account={"oneOf": [_of("LinkAccount"), {"type": "null"}]},
    ),
    # Whose the link is, as it says itself; "known" tells whether the directory says it is that body's.
    "LinkAccount": _object(network=_TEXT, handle=_TEXT, known={"type": "boolean"}),
    "Replications": _page("Replication"),
    "WireEntry": _object(
        ref=_TEXT, owner=_TEXT, owner_name=_TEXT, owner_kind={"enum": sorted(OwnerKind)}, region=_MAYBE_TEXT,
        title=_TEXT, summary=_TEXT, link=_MAYBE_ADDRESS, published_at=_MOMENT, dated={"type": "boolean"},
        theme=_MAYBE_TEXT,
    ),
    "WireEntries": _page("WireEntry"),
    "Relayed": _object(
        owner=_TEXT, kind={"enum": sorted(PostKind)}, title=_MAYBE_TEXT, network=_MAYBE_TEXT, link=_MAYBE_ADDRESS,
        declared={"type": "boolean"}, rehearsed={"type": "boolean"},
    ),
    "WireDay": _object(
        on=_DAY, mark={"enum": sorted(Mark)}, rest=_MAYBE_TEXT, replicas=_list(_of("Relayed")),
    ),
    "WireStreak": _object(
        **{"as_of": _MOMENT, "from": _DAY, "to": _DAY}, kept=_NUMBER, owed=_NUMBER, extra=_NUMBER,
        missed=_list(_DAY), present=_NUMBER, longest=_NUMBER, days=_list(_of("WireDay")),
    ),
}  # fmt: skip
