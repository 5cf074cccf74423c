"""A draft written down with all that the composer holds beside it: for its page, and for a program."""

from datetime import timedelta

from sqlalchemy.orm import Session

from assets.library import Use, record_use
from assets.models import UseKind
from content_calendar import posts
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.posts import Draft
from webapp.calendar import placing
from webapp.calendar.forms import Typed


def write(
    session: Session, post: Post | None, typed: Typed, draft: Draft, by: Person, tolerance: timedelta
) -> Post:
    """Write a new post, or save one over the edition that was opened; return it.

    Raises what ``posts.create``, ``posts.save`` and ``placing.keep`` raise.
    """
    if post is None:
        post = posts.create(session, by, draft)
    else:
        posts.save(session, post, by, draft, typed.edition, tolerance)
    placing.keep(session, typed, post, by)
    for medium in draft.content.media:
        record_use(session, medium.asset_ref, medium.asset_version, Use(UseKind.COMPOSED, post_id=post.id))
    return post
