"""The shapes of what ``/api/v1`` answers, as JSON Schema (2020-12). A test holds every answer against them."""

from assets.models import AssetKind
from content_calendar.content import PostKind
from content_calendar.models.adaptations import AdaptationForm
from content_calendar.models.directory import OwnerKind
from content_calendar.states import HoldReason, PostState, PublicationState
from scheduler.models import ReplicationKind
from scheduler.relaying.streak import Mark
from webapp.api.schema import (
    ADDRESS,
    DAY,
    MAYBE_ADDRESS,
    MAYBE_DAY,
    MAYBE_HASH,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    PARAMS,
    SCHEMAS,
    TEXT,
    many,
    page,
    record,
    sent,
    shape,
    words,
)

_DECLARABLE = sorted(one for one in ReplicationKind if one is not ReplicationKind.OFFLINE)

_MATERIAL = {
    "ref": TEXT, "kind": {"enum": sorted(AssetKind)}, "title": TEXT, "description": TEXT, "alt_text": TEXT,
    "language": TEXT, "author": MAYBE_TEXT, "source": MAYBE_TEXT, "licence": MAYBE_TEXT,
    "expires_on": MAYBE_DAY, "version": NUMBER, "media_type": TEXT, "size": NUMBER, "width": MAYBE_NUMBER,
    "height": MAYBE_NUMBER, "added_at": MOMENT, "url": ADDRESS,
}  # fmt: skip

SCHEMAS.update({
    "Material": record(**_MATERIAL),
    "MaterialFile": record(
        format=MAYBE_TEXT, name=MAYBE_TEXT, width=MAYBE_NUMBER, height=MAYBE_NUMBER, media_type=MAYBE_TEXT,
        size=MAYBE_NUMBER, sha256=MAYBE_HASH, url=ADDRESS,
    ),
    "MaterialWithFiles": record(
        as_of=MOMENT, **_MATERIAL, files=many(shape("MaterialFile")), versions=many(shape("MaterialVersion"))
    ),
    # An approved version in another language or form; "file" is a material of its own.
    "MaterialVersion": record(
        ref=TEXT, language=TEXT, language_name=TEXT, form={"enum": sorted(AdaptationForm)}, title=TEXT,
        description=TEXT, alt_text=TEXT, text=TEXT, credit=MAYBE_TEXT,
        file={"oneOf": [shape("FileOfVersion"), {"type": "null"}]}, current={"type": "boolean"}, written_at=MOMENT,
    ),
    "FileOfVersion": record(ref=TEXT, version=NUMBER),
    "Materials": page("Material"),
    "Medium": record(ref=TEXT, version=NUMBER, part=NUMBER, alt_text=TEXT),
    "ApprovedText": record(
        ref=TEXT, kind={"enum": sorted(PostKind)}, title=TEXT, language=TEXT, parts=many(TEXT),
        variants={"type": "object", "additionalProperties": many(TEXT)}, target=MAYBE_TEXT,
        tags=many(TEXT), due_at=MAYBE_MOMENT, media=many(shape("Medium")),
    ),
    "ApprovedTexts": page("ApprovedText"),
    "Post": record(
        ref=TEXT, state={"enum": sorted(PostState)}, kind={"enum": sorted(PostKind)}, title=TEXT,
        parts=many(TEXT), target=MAYBE_TEXT, language=TEXT, theme=MAYBE_TEXT, campaigns=many(TEXT),
        due_at=MAYBE_MOMENT, changed_at=MAYBE_MOMENT,
    ),
    "Posts": page("Post"),
    "Body": record(
        slug=TEXT, short_name=TEXT, name=TEXT, state=MAYBE_TEXT, region=MAYBE_TEXT, region_confidence=TEXT,
        zone=TEXT, dissolved_on=MAYBE_TEXT, successor=MAYBE_TEXT, confidence=TEXT, source=TEXT,
    ),
    "Bodies": page("Body"),
    "Said": record(code=TEXT, params=PARAMS),
    "Publication": record(
        ref=TEXT, post=TEXT, account=TEXT, network=TEXT, owner=TEXT, state={"enum": sorted(PublicationState)},
        hold_reason={"enum": [*sorted(HoldReason), None]}, due_at=MAYBE_MOMENT, published_at=MAYBE_MOMENT,
        attempts=NUMBER, links=many(TEXT), said={"oneOf": [shape("Said"), {"type": "null"}]},
    ),
    "Publications": page("Publication"),
    "Replication": record(
        ref=TEXT, post=TEXT, body=TEXT, kind=TEXT, stage=TEXT, score={"type": ["number", "null"]},
        why=shape("Said"), link=MAYBE_TEXT, occurred_at=MAYBE_MOMENT, seen_at=MAYBE_MOMENT,
        lag_seconds=MAYBE_NUMBER, evidence=shape("Evidence"),
    ),
    # What was seen and kept: how many pieces, how many of them files, since when and until when.
    "Evidence": record(pieces=NUMBER, files=NUMBER, first_at=MAYBE_MOMENT, last_at=MAYBE_MOMENT),
    "Declaration": sent(
        "post", "link", post=words(60, 1), link=words(2048, 1), kind={"enum": _DECLARABLE}, body=words(80, 1),
        occurred_at=MOMENT,
    ),
    "Declared": record(
        ref=TEXT, post=TEXT, body=TEXT, kind=TEXT, stage=TEXT, occurred_at=MAYBE_MOMENT,
        account={"oneOf": [shape("LinkAccount"), {"type": "null"}]},
    ),
    # Whose the link is, as it says itself; "known" tells whether the directory says it is that body's.
    "LinkAccount": record(network=TEXT, handle=TEXT, known={"type": "boolean"}),
    "Replications": page("Replication"),
    "WireEntry": record(
        ref=TEXT, owner=TEXT, owner_name=TEXT, owner_kind={"enum": sorted(OwnerKind)}, region=MAYBE_TEXT,
        title=TEXT, summary=TEXT, link=MAYBE_ADDRESS, published_at=MOMENT, dated={"type": "boolean"},
        theme=MAYBE_TEXT,
    ),
    "WireEntries": page("WireEntry"),
    "Relayed": record(
        owner=TEXT, kind={"enum": sorted(PostKind)}, title=MAYBE_TEXT, network=MAYBE_TEXT, link=MAYBE_ADDRESS,
        declared={"type": "boolean"}, rehearsed={"type": "boolean"},
    ),
    "WireDay": record(
        on=DAY, mark={"enum": sorted(Mark)}, rest=MAYBE_TEXT, replicas=many(shape("Relayed")),
    ),
    "WireStreak": record(
        **{"as_of": MOMENT, "from": DAY, "to": DAY}, kept=NUMBER, owed=NUMBER, extra=NUMBER,
        missed=many(DAY), present=NUMBER, longest=NUMBER, days=many(shape("WireDay")),
    ),
})  # fmt: skip
