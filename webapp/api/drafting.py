"""What a program writes, turned into what the composer's form would hold: from there on both go the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from content_calendar import series, visibility
from content_calendar.content import PostKind
from content_calendar.errors import InvalidError
from content_calendar.models.plan import Campaign, Contribution
from content_calendar.models.posts import Post
from content_calendar.posts import Draft
from webapp.calendar import forms, placing
from webapp.calendar.forms import Typed
from webapp.calendar.parts import Parts, Picture
from webapp.problems import Fault, ShapeError
from webapp.session import db, settings, viewer


def typed_of(said: dict[str, Any], post: Post | None = None) -> Typed:
    """Return the form with what was sent in it; what was not sent stays as the ``post`` has it.

    Raises ShapeError for what no form could hold.
    """
    typed = placing.filled(db(), forms.of_post(post), post) if post else Typed(zone=settings().zone)
    typed.kind = said.get("kind", typed.kind)
    typed.title = " ".join(said.get("title", typed.title).split())
    typed.target = said.get("target", typed.target).strip()
    typed.language = said.get("language", typed.language)
    typed.theme = _word(said, "theme", typed.theme)
    typed.origin = said.get("origin", typed.origin)
    typed.series = _word(said, "series", typed.series)
    typed.contribution = _word(said, "contribution", typed.contribution)
    typed.campaigns = set(said.get("campaigns", typed.campaigns))
    typed.accounts = set(said.get("accounts", typed.accounts))
    typed.audiences = set(said.get("audiences", typed.audiences))
    _put_texts(typed, said)
    if "media" in said:
        typed.pictures = [
            Picture(one["ref"], one["version"], one.get("alt_text", ""), one.get("part", 1))
            for one in said["media"]
        ]
    if "due" in said:
        due = said["due"] or {"local": "T"}
        typed.day, _, typed.hour = due["local"].partition("T")
        typed.zone = due.get("zone") or typed.zone
    return typed


def _word(said: dict[str, Any], name: str, usual: str) -> str:
    return (said[name] or "") if name in said else usual


def _put_texts(typed: Typed, said: dict[str, Any]) -> None:
    texts = [_line_ends(text) for text in said.get("parts", typed.parts.texts)]
    if len(texts) > 1 and typed.kind != PostKind.THREAD:
        # A form would fold them into one; a program that means a thread says so.
        raise ShapeError([Fault("/parts", "value_long", {"most": 1})])
    kept = typed.parts.variants if len(texts) == len(typed.parts.texts) else {}
    variants = {slug: [_line_ends(text) for text in own] for slug, own in said.get("variants", kept).items()}
    for slug, own in variants.items():
        if len(own) != len(texts):
            raise ShapeError([Fault(f"/variants/{slug}", "variant_parts", {"count": len(texts)})])
    typed.parts = Parts(texts, {slug: own for slug, own in variants.items() if any(map(str.strip, own))})


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def draft_of(typed: Typed, said: dict[str, Any], post: Post | None = None) -> Draft:
    """Return the draft; raises ShapeError for whatever the form's own checks refuse, or that does not exist."""
    wanted = [(one.ref, one.version) for one in typed.pictures]
    faults = [Fault(pointer_of(name), said=" ".join(words)) for name, words in forms.faults(typed).items()]
    faults += [
        Fault(f"/media/{number}/part", "value_large", {"most": len(typed.parts.texts)})
        for number, one in enumerate(typed.pictures)
        if one.part > len(typed.parts.texts)
    ]
    draft = forms.draft_of(db(), typed, post.contribution_id if post else None)
    faults += [*_unheard(typed, draft, wanted, said)]
    if faults:
        raise ShapeError(faults)
    return draft


def _unheard(
    typed: Typed, draft: Draft, wanted: list[tuple[str, int]], said: dict[str, Any]
) -> Iterator[Fault]:
    """Tell what was named and is not there: a form leaves it out, a program is told."""
    if typed.theme and draft.theme_id is None:
        yield Fault("/theme", "value_unheard", {"value": typed.theme})
    known = {
        "accounts": set(draft.content.accounts),
        "campaigns": set(db().scalars(select(Campaign.slug).where(Campaign.id.in_(draft.campaign_ids)))),
    }
    for name, heard in known.items():
        for number, one in enumerate(said.get(name, ())):
            if one not in heard:
                yield Fault(f"/{name}/{number}", "value_unheard", {"value": one})
    shown = {(one.ref, one.version) for one in typed.pictures}
    for number, (ref, version) in enumerate(wanted if "media" in said else ()):
        if (ref, version) not in shown:
            yield Fault(f"/media/{number}/ref", "value_unheard", {"value": f"{ref} ({version})"})
    if typed.series and typed.series not in {one.ref for one in series.listed(db())}:
        yield Fault("/series", "value_unheard", {"value": typed.series})
    if typed.contribution and said.get("contribution"):
        one = db().scalars(select(Contribution).where(Contribution.ref == typed.contribution)).one_or_none()
        if one is None or not visibility.reads_contribution(viewer().rights, one):
            yield Fault("/contribution", "value_unheard", {"value": typed.contribution})


def pointer_of(name: str) -> str:
    """Return where a field of the form stands in what is sent: "text-2" is the second of the parts."""
    head, _, rest = name.partition("-")
    if head == "text":
        return f"/parts/{int(rest or 1) - 1}"
    if head == "variant":
        slug, _, number = rest.partition("-")
        return f"/variants/{slug}/{int(number or 1) - 1}"
    if head == "alt":
        return f"/media/{int(rest) - 1}/alt_text"
    return {"upload": "/media"}.get(name, f"/{name}")


@contextmanager
def placed() -> Iterator[None]:
    """Let an error that names a field of the form name its place in what was sent instead."""
    try:
        yield
    except InvalidError as error:
        if error.field:
            error.field = pointer_of(error.field).removeprefix("/")
        raise
