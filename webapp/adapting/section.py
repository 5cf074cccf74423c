"""The part of a post's or a material's page that tells in which languages and forms it is."""

from dataclasses import dataclass

from flask import url_for

from content_calendar import adaptation_lists, adapted_posts
from content_calendar.adaptation_lists import Standing
from content_calendar.adaptations import Original
from content_calendar.models.adaptations import Adapted
from content_calendar.models.posts import Post
from webapp.adapting.naming import version_name
from webapp.adapting.sources import may_write, sees_drafts
from webapp.session import db


@dataclass(frozen=True)
class Origin:
    """Of which version a post was made, what that is called, and whether its words are still those."""

    ref: str
    name: str
    number: int
    reviewer: str
    same_words: bool


@dataclass(frozen=True)
class Section:
    """What there is of an original, and where one more is written; empty where the viewer writes none."""

    rows: list[tuple[Standing, str]]
    add_url: str
    origin: Origin | None = None


def section_of(original: Original, post: Post | None = None) -> Section:
    """Return what the page of an original shows; one query, and one more for a post."""
    found = adaptation_lists.of_original(db(), original, approved_only=not sees_drafts(original.subject))
    endpoint = "adaptations.new_of_post" if original.subject is Adapted.POST else "adaptations.new_of_asset"
    adds = may_write(original.subject) and bool(original.texts)
    return Section(
        [(one, version_name(one.adaptation.language, one.adaptation.form)) for one in found],
        url_for(endpoint, ref=original.ref) if adds else "",
        _origin(post) if post is not None and sees_drafts(Adapted.POST) else None,
    )


def _origin(post: Post) -> Origin | None:
    made = adaptation_lists.origin(db(), post)
    if made is None:
        return None
    link, text = made
    adaptation = link.adaptation
    return Origin(
        adaptation.ref,
        version_name(adaptation.language, adaptation.form),
        text.n,
        adaptation.reviewer.name if adaptation.reviewer else "",
        adapted_posts.same_words(post, text.texts),
    )
