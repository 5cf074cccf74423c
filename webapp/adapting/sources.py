"""The original of a version, whatever it is, and who is shown what of it."""

from dataclasses import dataclass

from flask import url_for

from assets import adapting, library
from assets.models import Asset
from content_calendar import adaptations, posts, visibility
from content_calendar.adaptations import AdaptationNotFoundError, Original
from content_calendar.models.adaptations import Adaptation, Adapted
from content_calendar.models.posts import Post
from content_calendar.permissions import Permission
from content_calendar.states import AdaptationState
from webapp.session import db, person, viewer


@dataclass(frozen=True)
class Source:
    """What is adapted: a post or a material, and where it is shown."""

    original: Original
    url: str
    post: Post | None = None
    asset: Asset | None = None


def post_source(ref: str) -> Source:
    """Return a post as what is adapted; raise PostNotFoundError."""
    post = posts.find(db(), ref)
    return Source(adaptations.of_post(post), url_for("calendar.post", ref=ref), post=post)


def asset_source(ref: str) -> Source:
    """Return a material as what is adapted; raise AssetMissingError."""
    asset = library.get(db(), ref)
    return Source(adapting.original_of(asset), url_for("toolbox.material", ref=ref), asset=asset)


def source_of(adaptation: Adaptation) -> Source:
    """Return what a version is of."""
    found = post_source if adaptation.subject is Adapted.POST else asset_source
    return found(adaptation.subject_ref)


def may_write(subject: Adapted) -> bool:
    """Return whether the viewer writes versions: who writes posts, or keeps the tool-box."""
    return viewer().can(Permission.WRITE_POSTS if subject is Adapted.POST else Permission.EDIT_TOOLBOX)


def sees_drafts(subject: Adapted) -> bool:
    """Return whether the viewer is shown versions that nobody approved yet."""
    if subject is Adapted.POST:
        return visibility.sees_unapproved(viewer().rights)
    return visibility.reads_uncleared(viewer().rights)


def require_seen(adaptation: Adaptation, source: Source) -> None:
    """Raise AdaptationNotFoundError, or what hides its original, where the viewer is not shown a version.

    Whoever was asked to review it is shown it with its original, whatever else they may see.
    """
    if sees_drafts(adaptation.subject) or adaptation.reviewer_id == person().id:
        return
    if adaptation.state is not AdaptationState.APPROVED:
        raise AdaptationNotFoundError(ref=adaptation.ref)
    if source.post is not None:
        visibility.shown_version(db(), source.post, viewer().rights)
    elif source.asset is not None:
        from webapp.toolbox.files import may_look  # noqa: PLC0415 -- the tool-box's pages show versions

        if not may_look(source.asset.ref):
            raise AdaptationNotFoundError(ref=adaptation.ref)
