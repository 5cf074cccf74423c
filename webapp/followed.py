"""What the pages of posts and of today show of follow-through: corrections, bodies' own texts, the week's barrido."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from content_calendar import local_texts
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.local_texts import LocalText
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Permission, Role, Scope
from content_calendar.visibility import APPROVED
from scheduler.replication import barrido_board, corrections, likeness_meter
from scheduler.replication.barrido import week_shown
from scheduler.replication.correction_models import Correction
from webapp.session import db, settings, viewer


@dataclass(frozen=True)
class PostFollow:
    """What follows a post: its corrections, and the own texts of bodies with whether ours has changed since."""

    corrections: Sequence[Correction] = ()
    texts: Sequence[tuple[LocalText, bool]] = ()
    may_correct: bool = False
    may_write: bool = False


@dataclass(frozen=True)
class OnCards:
    """What the cards of today show, by post: its body's own text, and how many others published ours as it is.

    ``fixes`` are the corrections: who has not taken a post up yet takes up the right one.
    """

    texts: Mapping[int, LocalText] = field(default_factory=dict)
    copied: Mapping[int, int] = field(default_factory=dict)
    fixes: Mapping[int, Sequence[Correction]] = field(default_factory=dict)


def of_post(post: Post, *, is_out: bool) -> PostFollow:
    """Return what follows a post, as far as the viewer may see it; three queries at most."""
    if post.state not in APPROVED or not viewer().can(Permission.VIEW_REPLICATIONS):
        return PostFollow()
    writes = viewer().can(Permission.WRITE_POSTS)
    texts: list[tuple[LocalText, bool]] = []
    if writes:
        current = db().get(PostVersion, post.approved_version_id) if post.approved_version_id else None
        texts = [
            (one, local_texts.suggestion(one, current) is not None)
            for one in local_texts.of_post(db(), post.id)
        ]
    return PostFollow(
        corrections.of_post(db(), post.id),
        texts,
        may_correct=writes and is_out,
        may_write=bool(viewer().rights.bodies()) and viewer().can(Permission.DECLARE_REPLICATIONS),
    )


def on_cards(post_ids: Sequence[int], bodies: Sequence[Body]) -> OnCards:
    """Return what is shown beside these posts to those who stand for these bodies; three queries."""
    if not post_ids or not bodies:
        return OnCards()
    body_ids = [one.id for one in bodies]
    return OnCards(
        local_texts.of_bodies(db(), post_ids, body_ids),
        likeness_meter.copied_by(db(), post_ids, body_ids),
        corrections.standing(db(), post_ids),
    )


@dataclass(frozen=True)
class SweepLeft:
    """What is left of the week's barrido for a coordination."""

    bodies: int
    minutes: int


def sweep_left() -> SweepLeft | None:
    """Return what a regional coordination has left to look at; None for others, and when nothing is left."""
    if Role.REGIONAL not in viewer().rights.roles():
        return None
    today = now().astimezone(ZoneInfo(settings().zone)).date()
    bodies = [
        one
        for one in barrido_board.bodies_of(db(), today)
        if viewer().can(Permission.DECIDE_REPLICATIONS, Scope(one.id, one.region_id))
    ]
    board = barrido_board.board(db(), week_shown(today), settings().zone, bodies, today)
    left = len(board.looked) - board.done
    return SweepLeft(left, board.minutes) if left else None


def corrections_waiting() -> int:
    """Return how many corrections wait for the viewer's bodies."""
    return corrections.waiting_count(db(), viewer().rights.bodies())
