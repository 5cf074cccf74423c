"""Several posts moved or assigned at once: all or nothing for each post, and one undoing for what was done."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from content_calendar import audit, posts
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError, NotFoundError, ResuenaError
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, post_campaign
from content_calendar.models.rearranging import Rearranged, Rearrangement
from content_calendar.posts import Due
from content_calendar.states import PostState
from content_calendar.wall_time import resolve

MOST_POSTS = 200
MOST_DAYS = 366
_KEPT = timedelta(days=7)
_UNREVIEWED = frozenset({PostState.DRAFT})


class NothingChosenError(InvalidError):
    """No post was chosen, or more than ``most``."""

    code = "nothing_chosen"


class DaysOutOfRangeError(InvalidError):
    """Posts are moved by one day at least, by ``most`` at most, forth or back."""

    code = "days_out_of_range"


class NoMomentError(InvalidError):
    """A post without a moment cannot be moved by days."""

    code = "post_without_moment"


class CampaignAfterReviewError(ConflictError):
    """A campaign's rules are looked at when a post goes to review: what has gone is not given another unseen."""

    code = "campaign_after_review"


class ChangedSinceError(ConflictError):
    """Somebody changed the post after the act that is to be undone."""

    code = "changed_since"


class NothingToUndoError(NotFoundError):
    """It was undone already, or so long ago that it is no longer kept."""

    code = "nothing_to_undo"


@dataclass(frozen=True)
class Refusal:
    """A post that stayed as it was, and why."""

    title: str
    why: ResuenaError


@dataclass
class Outcome:
    """What came of it: how many posts were changed, which were not, and the undoing's reference, if any."""

    changed: int = 0
    refused: list[Refusal] = field(default_factory=list)
    undo_ref: str = ""


# Changes one post; returns how it stood before and after, None when there was nothing to change.
_Act = Callable[[Post], tuple[Any, Any] | None]


def shift(
    session: Session, refs: Collection[str], days: int, person: Person, tolerance: timedelta
) -> Outcome:
    """Move posts by days, each keeping the hour of its own clock; raises NothingChosenError, DaysOutOfRangeError.

    What one post refuses (``posts.reschedule``) is told in the outcome.
    """
    if not 0 < abs(days) <= MOST_DAYS:
        raise DaysOutOfRangeError(field="dias", most=MOST_DAYS)

    def act(post: Post) -> tuple[Any, Any]:
        local, zone = _standing(post)
        moment = resolve(datetime.fromisoformat(local) + timedelta(days=days), zone)
        posts.reschedule(session, post, person, Due(moment.utc, moment.local, moment.zone), tolerance)
        return [local, zone], [post.due_local, post.due_zone]

    return _each(session, refs, Rearranged.MOMENT, act, person)


def place(
    session: Session, moments: Mapping[str, tuple[datetime, str]], person: Person, tolerance: timedelta
) -> Outcome:
    """Move posts each to a wall time in a zone, by their references; raises NothingChosenError.

    What one post refuses (``posts.reschedule``) is told in the outcome.
    """

    def act(post: Post) -> tuple[Any, Any]:
        before = list(_standing(post))
        moment = resolve(*moments[post.ref])
        posts.reschedule(session, post, person, Due(moment.utc, moment.local, moment.zone), tolerance)
        return before, [post.due_local, post.due_zone]

    return _each(session, list(moments), Rearranged.MOMENT, act, person)


def assign_theme(session: Session, refs: Collection[str], theme: Theme | None, person: Person) -> Outcome:
    """Give posts a theme, or none; raises NothingChosenError. A theme is no part of what was approved."""

    def act(post: Post) -> tuple[Any, Any] | None:
        posts.lock(session, post)
        before, after = post.theme_id, theme.id if theme else None
        if before == after:
            return None
        post.theme_id = after
        posts.changed_beside(post)
        audit.record(
            session, person.ref, "post_theme_set", "post", post.ref, theme=theme.ref if theme else ""
        )
        return before, after

    return _each(session, refs, Rearranged.THEME, act, person)


def add_campaign(session: Session, refs: Collection[str], campaign: Campaign, person: Person) -> Outcome:
    """Add a campaign to drafts; raises NothingChosenError. What went to review refuses: CampaignAfterReviewError."""

    def act(post: Post) -> tuple[Any, Any] | None:
        posts.lock(session, post)
        if post.state not in _UNREVIEWED:
            raise CampaignAfterReviewError
        link = {"post_id": post.id, "campaign_id": campaign.id}
        if session.execute(select(post_campaign).filter_by(**link)).first():
            return None
        session.execute(insert(post_campaign), [link])
        posts.changed_beside(post)
        audit.record(session, person.ref, "post_campaign_added", "post", post.ref, campaign=campaign.slug)
        return None, campaign.id

    return _each(session, refs, Rearranged.CAMPAIGN, act, person)


def undo(session: Session, ref: str, person: Person, tolerance: timedelta) -> Outcome:
    """Put back what an act changed, of each post that still stands as the act left it; raises NothingToUndoError.

    Only who did it undoes it: for anybody else it is not there.
    """
    found = session.scalars(
        select(Rearrangement).where(
            Rearrangement.ref == ref,
            Rearrangement.person_id == person.id,
            Rearrangement.undone_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NothingToUndoError(ref=ref)
    found.undone_at = now()
    before = {post_ref: (was, became) for post_ref, was, became in found.posts}
    back = {
        Rearranged.MOMENT: _moment_back,
        Rearranged.THEME: _theme_back,
        Rearranged.CAMPAIGN: _campaign_back,
    }[found.what]

    def act(post: Post) -> tuple[Any, Any]:
        was, became = before[post.ref]
        back(session, post, _Way(was, became, person, tolerance))
        return became, was

    return _each(session, list(before), found.what, act, person, keep=False)


@dataclass(frozen=True)
class _Way:
    """The way back of one post: how it stood before the act, and after; who goes it."""

    was: Any
    became: Any
    person: Person
    tolerance: timedelta


def _moment_back(session: Session, post: Post, way: _Way) -> None:
    if list(_standing(post)) != way.became:
        raise ChangedSinceError
    moment = resolve(datetime.fromisoformat(way.was[0]), way.was[1])
    due = Due(moment.utc, moment.local, moment.zone)
    posts.reschedule(session, post, way.person, due, way.tolerance)


def _theme_back(session: Session, post: Post, way: _Way) -> None:
    posts.lock(session, post)
    if post.theme_id != way.became:
        raise ChangedSinceError
    post.theme_id = way.was
    posts.changed_beside(post)
    theme = session.get(Theme, way.was) if way.was else None
    audit.record(
        session, way.person.ref, "post_theme_set", "post", post.ref, theme=theme.ref if theme else ""
    )


def _campaign_back(session: Session, post: Post, way: _Way) -> None:
    posts.lock(session, post)
    if post.state not in _UNREVIEWED:
        raise ChangedSinceError
    link = {"post_id": post.id, "campaign_id": way.became}
    session.execute(delete(post_campaign).filter_by(**link))
    posts.changed_beside(post)
    audit.record(session, way.person.ref, "post_campaign_removed", "post", post.ref)


def _standing(post: Post) -> tuple[str, str]:
    if post.due_at is None:
        raise NoMomentError
    return post.due_local, post.due_zone


def _each(
    session: Session, refs: Collection[str], what: Rearranged, act: _Act, person: Person, *, keep: bool = True
) -> Outcome:
    outcome, done = Outcome(), []
    for post in _found(session, refs):
        try:
            with session.begin_nested():
                changed = act(post)
                session.flush()
        except (InvalidError, ConflictError) as error:
            outcome.refused.append(Refusal(post.title, error))
            continue
        if changed is not None:
            done.append([post.ref, *changed])
    outcome.changed = len(done)
    if keep and done:
        outcome.undo_ref = _remember(session, what, done, person)
    return outcome


def _found(session: Session, refs: Collection[str]) -> Sequence[Post]:
    if not 0 < len(refs) <= MOST_POSTS:
        raise NothingChosenError(field="post", most=MOST_POSTS)
    # Always in one order: two people who choose the same posts never wait for each other in a ring.
    return session.scalars(select(Post).where(Post.ref.in_(refs)).order_by(Post.id)).all()


def _remember(session: Session, what: Rearranged, done: list[list[Any]], person: Person) -> str:
    session.execute(delete(Rearrangement).where(Rearrangement.made_at < now() - _KEPT))
    kept = Rearrangement(what=what, person_id=person.id, posts=done)
    session.add(kept)
    session.flush()
    return kept.ref
