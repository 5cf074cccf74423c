"""Numbered series, such as #SNTtips 12: each number is given once, to one post, and never again.

A post gets its number when it is put into the series, not when it is approved: the number may stand in the text,
and what is approved is exactly that text. A post that is discarded or leaves its series leaves a gap, which is shown
and not closed: the numbers after it may be out already.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, posts
from content_calendar.campaigns import tags_in
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.dialogue import Series, SeriesNumber
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from content_calendar.states import PostState

NAME_LENGTH = 120
LARGEST_FIRST = 100_000


class SeriesNotFoundError(NotFoundError):
    """There is no series of that reference."""

    code = "series_not_found"


class SeriesNameError(InvalidError):
    """A series has a name, of at most ``most`` characters."""

    code = "series_name"


class SeriesTagError(InvalidError):
    """A series has one hashtag."""

    code = "series_tag"


class SeriesTagTakenError(InvalidError):
    """Another series has this ``tag``: two would give the same numbers."""

    code = "series_tag_taken"


class SeriesFirstError(InvalidError):
    """The first number is from 1 to ``most``."""

    code = "series_first"


@dataclass(frozen=True)
class Place:
    """A number of a series. Without ``given`` it has no post; ``gap`` tells that it will never be out."""

    n: int
    given: SeriesNumber | None

    @property
    def gap(self) -> bool:
        """Return whether nothing will go out under it, as things stand: it was left, or its post was put away."""
        given = self.given
        return given is None or given.out_at is not None or given.post.state is PostState.DISCARDED


def listed(session: Session) -> Sequence[Series]:
    """Return all series by name."""
    return session.scalars(select(Series).order_by(Series.name, Series.id)).all()


def find(session: Session, ref: str) -> Series:
    """Return the series; raise SeriesNotFoundError."""
    found = session.scalars(select(Series).where(Series.ref == ref)).one_or_none()
    if found is None:
        raise SeriesNotFoundError(ref=ref)
    return found


def begin(session: Session, name: str, tag: str, first: int, person: Person) -> Series:
    """Begin a series that counts from ``first``.

    Raises SeriesNameError, SeriesTagError, SeriesTagTakenError, SeriesFirstError.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise SeriesNameError(field="name", most=NAME_LENGTH)
    try:
        (tag,) = tags_in(tag)
    except (ValueError, InvalidError):
        raise SeriesTagError(field="tag") from None
    if not 1 <= first <= LARGEST_FIRST:
        raise SeriesFirstError(field="first", most=LARGEST_FIRST)
    folded = tag.casefold()
    if session.scalar(select(Series.id).where(Series.tag_folded == folded)) is not None:
        raise SeriesTagTakenError(field="tag", tag=tag)
    made = Series(name=name, tag=tag, tag_folded=folded, first_number=first, next_number=first)
    session.add(made)
    session.flush()
    audit.record(session, person.ref, "series_begun", "series", made.ref, tag=tag, first=first)
    return made


def of_post(session: Session, post: Post) -> SeriesNumber | None:
    """Return the post's number, with its series; None when it is in none."""
    return session.scalars(
        select(SeriesNumber)
        .where(SeriesNumber.post_id == post.id, SeriesNumber.out_at.is_(None))
        .options(joinedload(SeriesNumber.series))
    ).one_or_none()


def put(session: Session, post: Post, series_ref: str, person: Person) -> SeriesNumber | None:
    """Let the post be of that series, of none when ``series_ref`` is empty; return its number.

    It is given now; a post that comes back gets the number it had. Raises SeriesNotFoundError.
    """
    # Of two who save the same post the second waits, and finds what the first did.
    posts.lock(session, post)
    given = of_post(session, post)
    if (given.series.ref if given else "") == series_ref:
        return given
    wanted = find(session, series_ref) if series_ref else None
    if given is not None:
        given.out_at = now()
        session.flush()
        audit.record(
            session, person.ref, "series_left", "post", post.ref, series=given.series.ref, number=given.n
        )
    if wanted is None:
        return None
    own = session.scalars(
        select(SeriesNumber)
        .where(SeriesNumber.series_id == wanted.id, SeriesNumber.post_id == post.id)
        .options(joinedload(SeriesNumber.series))
    ).one_or_none()
    if own is None:
        own = SeriesNumber(series=wanted, n=_take(session, wanted), post_id=post.id)
        session.add(own)
    own.out_at = None
    session.flush()
    audit.record(session, person.ref, "series_joined", "post", post.ref, series=wanted.ref, number=own.n)
    return own


def _take(session: Session, series: Series) -> int:
    """Return the next number, and count on: one statement, so that no two ever get the same."""
    after = session.execute(
        update(Series)
        .where(Series.id == series.id)
        .values(next_number=Series.next_number + 1)
        .returning(Series.next_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    session.expire(series, ["next_number"])
    return after - 1


def places(session: Session, series: Series, highest: int, count: int) -> list[Place]:
    """Return at most ``count`` numbers of a series from ``highest`` down, those without a post too; one query."""
    highest = min(highest, series.next_number - 1)
    lowest = max(highest - count + 1, series.first_number)
    rows = session.scalars(
        select(SeriesNumber)
        .where(SeriesNumber.series_id == series.id, SeriesNumber.n.between(lowest, highest))
        .options(joinedload(SeriesNumber.post))
    )
    given = {one.n: one for one in rows}
    return [Place(n, given.get(n)) for n in range(highest, lowest - 1, -1)]


def said_of(tag: str, n: int) -> str:
    """Return how a text names the number, such as "#SNTtips 12"."""
    return f"{tag} {n}"


def other_number(text: str, tag: str, n: int) -> int | None:
    """Return the number that a text gives itself behind the series' tag, when it is not ``n``. Pure."""
    behind = rf"{re.escape(tag)}[ \u00a0]+(?:n[.º°o]+ ?)?(\d{{1,6}})\b"
    found = [int(said) for said in re.findall(behind, text, re.IGNORECASE)]
    return next((said for said in found if said != n), None) if n not in found else None


def gaps(session: Session, series: Series) -> list[int]:
    """Return the numbers under which nothing will go out, as things stand, in order; one query."""
    rows = session.scalars(
        select(SeriesNumber.n)
        .join(Post, Post.id == SeriesNumber.post_id)
        .where(
            SeriesNumber.series_id == series.id,
            or_(SeriesNumber.out_at.is_not(None), Post.state == PostState.DISCARDED),
        )
        .order_by(SeriesNumber.n)
    )
    return list(rows)
