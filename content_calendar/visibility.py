"""Who sees what: what is being written is for those who write or review; everybody else sees what was approved.

Every page, board and machine answer asks here, so that one of them does not show what another hides.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from content_calendar.models.plan import Contribution
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Permission, Rights
from content_calendar.posts import PostNotFoundError
from content_calendar.states import PostState

APPROVED = frozenset({PostState.APPROVED, PostState.SCHEDULED, PostState.DONE})


def sees_unapproved(rights: Rights) -> bool:
    """Return whether drafts, versions and reviews are shown: to those who write or review."""
    return rights.can(Permission.WRITE_POSTS) or rights.can(Permission.REVIEW_POSTS)


def visible_states(rights: Rights) -> Collection[PostState]:
    """Return the states of the posts that are shown."""
    return frozenset(PostState) if sees_unapproved(rights) else APPROVED


def visible_posts(rights: Rights) -> list[ColumnElement[bool]]:
    """Return the conditions on ``Post`` for a query that shows posts."""
    if sees_unapproved(rights):
        return []
    return [Post.state.in_(APPROVED), Post.approved_version_id.is_not(None)]


def shown_version(session: Session, post: Post, rights: Rights) -> PostVersion | None:
    """Return the version that is shown: the last one, or the approved one to whoever only reads.

    Raises PostNotFoundError for a post that is not shown at all, as if it were not there.
    """
    wanted = post.version_id
    if not sees_unapproved(rights):
        if post.state not in APPROVED or post.approved_version_id is None:
            raise PostNotFoundError(ref=post.ref)
        wanted = post.approved_version_id
    # Nearly always the last one, which the caller has loaded: then nothing is asked.
    return session.get(PostVersion, wanted) if wanted is not None else None


def reads_contribution(rights: Rights, contribution: Contribution) -> bool:
    """Return whether a contribution is shown: to whoever stands for its body, and to those who ask for them."""
    return rights.can(Permission.ASK_CONTRIBUTIONS) or contribution.body_id in rights.bodies()


def reads_uncleared(rights: Rights) -> bool:
    """Return whether materials that may not be used now are shown: to those who keep the tool-box."""
    return rights.can(Permission.EDIT_TOOLBOX)
