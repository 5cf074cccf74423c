"""Which bodies a person's rights reach: all, one region's, or their own."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.errors import ForbiddenError, NotFoundError
from content_calendar.models.directory import Body
from content_calendar.permissions import Permission, Scope
from webapp.session import db, viewer


class BodyUnknownError(NotFoundError):
    """There is no body of that slug."""

    code = "body_unknown"


def scope_of(body: Body) -> Scope:
    """Return the scope that an act about the body has."""
    return Scope(body.id, body.region_id)


def bodies_within(permission: Permission) -> Sequence[Body]:
    """Return the bodies for which the person who asks has ``permission``, by state, in one query."""
    everybody = db().scalars(
        select(Body).options(joinedload(Body.region)).order_by(Body.state_name, Body.slug)
    ).all()  # fmt: skip
    return [body for body in everybody if viewer().can(permission, scope_of(body))]


def body_within(permission: Permission, slug: str) -> Body:
    """Return the body of that slug; raise BodyUnknownError, or ForbiddenError when it is out of reach."""
    body = db().scalars(
        select(Body).options(joinedload(Body.region)).where(Body.slug == slug)
    ).one_or_none()  # fmt: skip
    if body is None:
        raise BodyUnknownError(slug=slug)
    if not viewer().can(permission, scope_of(body)):
        raise ForbiddenError
    return body
