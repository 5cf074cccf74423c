"""The shapes of posts for those who write them: what is sent, and the whole of what is answered."""

from content_calendar.content import PostKind
from content_calendar.models.audiences import Audience
from content_calendar.models.posts import ReviewOutcome
from content_calendar.rules import Severity
from content_calendar.states import PostState
from webapp.api.schema import (
    HASH,
    MAYBE_HASH,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    PARAMS,
    TEXT,
    Schema,
    many,
    maybe,
    record,
    sent,
    shape,
    shapes_of,
    words,
)  # fmt: skip
from webapp.calendar.forms import LONGEST_ALT, LONGEST_TEXT, LONGEST_TITLE, MOST_IMAGES
from webapp.calendar.parts import MOST_PARTS

REF: Schema = {"type": "string", "minLength": 1, "maxLength": 60}
LOCAL: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}
_TEXTS = {"type": "array", "items": words(LONGEST_TEXT), "maxItems": MOST_PARTS, "minItems": 1}
_REFS = {"type": "array", "items": REF, "maxItems": 100}


def _draft(due: Schema) -> dict[str, Schema]:
    return {
        "kind": {"enum": sorted(PostKind)},
        "title": words(LONGEST_TITLE),
        "parts": _TEXTS,
        # By network, where it says something else: as many texts as parts; an empty one differs in nothing.
        "variants": {"type": "object", "additionalProperties": _TEXTS, "maxProperties": 20},
        "target": words(2000),
        "language": words(20, 1),
        "theme": maybe(REF),
        "campaigns": _REFS,
        "accounts": _REFS,
        "media": {"type": "array", "items": shape("MediumSent"), "maxItems": MOST_IMAGES * MOST_PARTS},
        "due": maybe(due),
        "series": maybe(REF),
        "audiences": {"type": "array", "items": {"enum": sorted(Audience)}, "maxItems": len(Audience)},
        "contribution": maybe(REF),
        "origin": words(2000),
    }


shapes_of(
    # A moment as a person means it: the clock's time, and whose clock.
    LocalMoment=sent("local", local=LOCAL, zone=words(60, 1)),
    MediumSent=sent(
        "ref", "version", ref=REF, version={"type": "integer", "minimum": 1, "maximum": 999_999},
        part={"type": "integer", "minimum": 1, "maximum": MOST_PARTS}, alt_text=words(LONGEST_ALT),
    ),
    PostDraft=sent(**_draft(shape("LocalMoment"))),
    NoteForReview=sent(note=words(2000)),
    # Approving and returning say which exact version was read.
    Approval=sent("content_hash", content_hash=HASH),
    Return=sent("reason", reason=words(2000, 1)),
    Moment=record(at=MOMENT, local=TEXT, zone=TEXT),
    PostVersion=record(n=NUMBER, content_hash=HASH, written_at=MOMENT),
    Review=record(
        ref=TEXT, outcome={"enum": sorted(ReviewOutcome)}, content_hash=HASH, note=TEXT, reason=TEXT,
        asked_by=TEXT, asked_at=MOMENT, decided_by=MAYBE_TEXT, decided_at=MAYBE_MOMENT, missing=MAYBE_TEXT,
    ),
    PostPublication=record(
        ref=TEXT, account=TEXT, network=TEXT, state=TEXT, hold_reason=MAYBE_TEXT, due_at=MAYBE_MOMENT,
        published_at=MAYBE_MOMENT, links=many(TEXT),
    ),
    WholePost=record(
        ref=TEXT, state={"enum": sorted(PostState)}, edition=NUMBER, kind={"enum": sorted(PostKind)}, title=TEXT,
        parts=many(TEXT), variants={"type": "object", "additionalProperties": many(TEXT)}, target=MAYBE_TEXT,
        language=TEXT, theme=MAYBE_TEXT, campaigns=many(TEXT), accounts=many(TEXT), media=many(shape("Medium")),
        due=maybe(shape("Moment")), series=MAYBE_TEXT, audiences=many({"enum": sorted(Audience)}), origin=MAYBE_TEXT,
        version=maybe(shape("PostVersion")), approved_hash=MAYBE_HASH, review=maybe(shape("Review")),
        publications=many(shape("PostPublication")), changed_at=MOMENT,
    ),
    PostProblem=record(
        code=TEXT, severity={"enum": sorted(Severity)}, field=TEXT, said=TEXT, part=MAYBE_NUMBER, params=PARAMS,
    ),
    PostProblems=record(as_of=MOMENT, items=many(shape("PostProblem"))),
)  # fmt: skip
