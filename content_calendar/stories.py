"""Best practices and success stories of PlanDAI, from which posts are made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.local_plans import checked_link
from content_calendar.models.commitments import Story, StorySort
from content_calendar.models.people import Person
from content_calendar.models.posts import Post

TITLE_LENGTH, TEXT_LENGTH = 200, 4_000


class StoryNotFoundError(NotFoundError):
    """There is no such story."""

    code = "story_not_found"


class StoryTextError(InvalidError):
    """A story has a title and a text, of at most ``most`` characters."""

    code = "story_text"


@dataclass(frozen=True)
class StoryFields:
    """What a person writes of a story."""

    sort: StorySort
    body_id: int
    edition_id: int | None
    title: str
    text: str
    link: str = ""


def every(session: Session, body_id: int | None = None) -> Sequence[Story]:
    """Return the stories, of a body where it is given, the newest first, with who wrote each."""
    asked = select(Story).where(Story.removed_at.is_(None))
    if body_id is not None:
        asked = asked.where(Story.body_id == body_id)
    return session.scalars(
        asked.options(joinedload(Story.body), joinedload(Story.written_by)).order_by(Story.id.desc())
    ).all()


def find(session: Session, ref: str) -> Story:
    """Return the story of that reference, removed or not; raise StoryNotFoundError."""
    row = session.scalars(
        select(Story).where(Story.ref == ref).options(joinedload(Story.body), joinedload(Story.written_by))
    ).one_or_none()
    if row is None:
        raise StoryNotFoundError(ref=ref)
    return row


def save(session: Session, fields: StoryFields, by: Person, row: Story | None = None) -> Story:
    """Write a story, new or changed. Raises StoryTextError and LocalLinkError."""
    title, text = " ".join(fields.title.split()), fields.text.strip()
    if not title or len(title) > TITLE_LENGTH:
        raise StoryTextError(field="title", most=TITLE_LENGTH)
    if not text or len(text) > TEXT_LENGTH:
        raise StoryTextError(field="text", most=TEXT_LENGTH)
    made = row is None
    row = row or Story(written_by_id=by.id, written_at=now())
    row.sort, row.body_id, row.edition_id = fields.sort, fields.body_id, fields.edition_id
    row.title, row.text, row.link = title, text, checked_link(fields.link)
    session.add(row)
    session.flush()
    audit.record(session, by.ref, "story_written" if made else "story_edited", "story", row.ref)
    return row


def remove(session: Session, row: Story, by: Person, *, removed: bool = True) -> None:
    """Take a story off the list, or bring it back; the posts that were made of it stay."""
    row.removed_at = now() if removed else None
    session.flush()
    audit.record(session, by.ref, "story_removed" if removed else "story_restored", "story", row.ref)


def posts_of(session: Session, place: str) -> Mapping[str, Sequence[Post]]:
    """Return the posts that come from a page below ``place``, by what stands behind it in the address; one query.

    Only the path counts: the house may have had another name when the post was made.
    """
    found: dict[str, list[Post]] = {}
    rows = session.scalars(
        select(Post).where(Post.origin_url.contains(place, autoescape=True)).order_by(Post.id)
    )
    for post in rows:
        found.setdefault(post.origin_url.partition(place)[2].strip("/"), []).append(post)
    return found
