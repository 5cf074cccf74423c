"""The posts of an event: proposed by its kind's template, prepared once, moved along when the event moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import audit, event_templates, post_audiences, posts, rearranging
from content_calendar.clock import now
from content_calendar.content import Content
from content_calendar.errors import InvalidError
from content_calendar.event_templates import Template
from content_calendar.events import audiences_of, lock, require_standing
from content_calendar.models.directory import Account
from content_calendar.models.events import Event, EventDeadline, EventPost, Step
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign
from content_calendar.models.posts import Post
from content_calendar.posts import Draft, Due
from content_calendar.rearranging import NothingToUndoError, Outcome
from content_calendar.states import PostState
from content_calendar.text_rules import hashtags
from content_calendar.wall_time import resolve

_UNSENT = frozenset({PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, PostState.SCHEDULED})


@dataclass(frozen=True)
class Proposed:
    """A post that an event asks for: its template, when it goes out by the event's clock, and whether it is there."""

    slot: str
    template: Template
    local: datetime
    deadline: EventDeadline | None = None
    made: EventPost | None = None

    @property
    def step(self) -> Step:
        """Return what the post is for."""
        return self.template.step


@dataclass(frozen=True)
class Wanted:
    """A post to prepare, as a person left it: what it says, and how the calendar calls it."""

    slot: str
    title: str
    text: str


@dataclass(frozen=True)
class Around:
    """What every prepared post is given: the accounts that it goes out from, and its campaigns."""

    accounts: Sequence[Account] = ()
    campaigns: Sequence[Campaign] = ()


@dataclass(frozen=True)
class Displaced:
    """A post that is not sent and was left behind: where the template puts it now, and where it would go."""

    link: EventPost
    placed: datetime
    local: datetime
    zone: str


def links(session: Session, event: Event) -> Sequence[EventPost]:
    """Return what was prepared for an event, each with its post, in order of time; one query."""
    return session.scalars(
        select(EventPost)
        .join(Post, Post.id == EventPost.post_id)
        .where(EventPost.event_id == event.id)
        .options(joinedload(EventPost.post))
        .order_by(Post.due_at.is_(None), Post.due_at, EventPost.id)
    ).all()


def proposed(event: Event, templates: Sequence[Template], made: Sequence[EventPost]) -> list[Proposed]:
    """Return the posts that an event (loaded with its further dates) asks for, in order of time. Pure."""
    there = {one.slot: one for one in made}
    found = []
    for template in templates:
        if template.step is Step.DEADLINE:
            for deadline in event.deadlines:
                slot = f"{template.step}:{deadline.ref}"
                local = event_templates.moment(event, template, deadline)
                found.append(Proposed(slot, template, local, deadline, there.get(slot)))
        else:
            slot, local = template.step.value, event_templates.moment(event, template)
            found.append(Proposed(slot, template, local, None, there.get(slot)))
    return sorted(found, key=lambda one: one.local)


def prepare(
    session: Session, event: Event, person: Person, wanted: Sequence[Wanted], around: Around
) -> list[Post]:
    """Make the drafts of what is ``wanted`` and not there yet, each linked to the event; return those made.

    A moment that has passed is left open. The tags of the campaigns are added where the text lacks them. Raises
    EventCancelledError, and EmptyPostError for a text that says nothing.
    """
    lock(session, event)
    require_standing(event)
    by_slot = {
        one.slot: one
        for one in proposed(event, event_templates.of_kind(session, event.kind), links(session, event))
    }
    audiences = audiences_of(session, event)
    made: list[tuple[Post, EventPost]] = []
    for one in wanted:
        place = by_slot.get(one.slot)
        if place is None or place.made is not None or one.slot in {link.slot for _post, link in made}:
            continue
        post = posts.create(session, person, _draft(event, place, one, around))
        link = EventPost(
            event_id=event.id,
            post_id=post.id,
            slot=one.slot,
            step=place.step,
            placed_local=_said(place.local),
            placed_zone=event.zone,
        )
        session.add(link)
        post_audiences.write(session, {post.id: audiences})
        made.append((post, link))
    session.flush()
    if made:
        audit.record(
            session,
            person.ref,
            "event_posts_prepared",
            "event",
            event.ref,
            posts=[post.ref for post, _ in made],
        )
    return [post for post, _link in made]


def with_tags(text: str, campaigns: Sequence[Campaign]) -> str:
    """Return a text with the tags of its campaigns at the end, those that it does not have. Pure."""
    there = {f"#{tag}".casefold() for tag in hashtags(text)}
    missing = dict.fromkeys(tag for one in campaigns for tag in one.tags if tag.casefold() not in there)
    return f"{text.strip()}\n{' '.join(missing)}" if missing and text.strip() else text


def displaced(event: Event, templates: Sequence[Template], made: Sequence[EventPost]) -> list[Displaced]:
    """Return the posts that were left behind when the event, its clock or its template changed. Pure.

    What a person moved by hand keeps its distance from where the template had put it, and the clock that the
    person chose for it.
    """
    found = []
    for one in proposed(event, templates, made):
        link = one.made
        if link is None or link.post.state not in _UNSENT or link.post.due_at is None:
            continue
        post = link.post
        local = datetime.fromisoformat(post.due_local)
        local += one.local - datetime.fromisoformat(link.placed_local)
        zone = event.zone if post.due_zone == link.placed_zone else post.due_zone
        if (_said(local), zone) != (post.due_local, post.due_zone):
            found.append(Displaced(link, one.local, local, zone))
    return found


def left_over(event: Event, templates: Sequence[Template], made: Sequence[EventPost]) -> list[EventPost]:
    """Return the posts, not sent, of a date that the event no longer has: they would go out all the same. Pure."""
    asked = {one.slot for one in proposed(event, templates, made)}
    return [link for link in made if link.slot not in asked and link.post.state in _UNSENT]


def move_along(session: Session, event: Event, person: Person, tolerance: timedelta) -> Outcome:
    """Move what was left behind to where the template puts it now; what a post refuses is told in the outcome.

    The outcome's reference undoes it (``stay_behind``). Raises EventCancelledError.
    """
    lock(session, event)
    require_standing(event)
    behind = displaced(event, event_templates.of_kind(session, event.kind), links(session, event))
    if not behind:
        return Outcome()
    moments = {one.link.post.ref: (one.local, one.zone) for one in behind}
    outcome = rearranging.place(session, moments, person, tolerance)
    for one in behind:
        link = one.link
        if (link.post.due_local, link.post.due_zone) == (_said(one.local), one.zone):
            link.placed_before = [link.placed_local, link.placed_zone]
            link.placed_local, link.placed_zone = _said(one.placed), event.zone
            link.moved_by = outcome.undo_ref
    session.flush()
    audit.record(session, person.ref, "event_posts_moved", "event", event.ref, posts=outcome.changed)
    return outcome


def stay_behind(session: Session, event: Event, ref: str, person: Person, tolerance: timedelta) -> Outcome:
    """Undo the moving along of that reference, so that it is offered again.

    A post that somebody moved since stays where it is. Raises what ``rearranging.undo`` raises, also for what
    was no moving along of this event.
    """
    lock(session, event)
    moved = [link for link in links(session, event) if link.moved_by == ref]
    if not moved:
        raise NothingToUndoError(ref=ref)
    stood = {link.id: (link.post.due_local, link.post.due_zone) for link in moved}
    outcome = rearranging.undo(session, ref, person, tolerance)
    for link in moved:
        if link.placed_before and (link.post.due_local, link.post.due_zone) != stood[link.id]:
            (link.placed_local, link.placed_zone), link.placed_before, link.moved_by = (
                link.placed_before,
                None,
                "",
            )
    session.flush()
    return outcome


def origin(session: Session, post_id: int) -> EventPost | None:
    """Return what links a post to the event that it was prepared for, with the event; None for any other post."""
    return session.scalars(
        select(EventPost).where(EventPost.post_id == post_id).options(joinedload(EventPost.event))
    ).one_or_none()


def _draft(event: Event, place: Proposed, one: Wanted, around: Around) -> Draft:
    refs = tuple(sorted(account.ref for account in around.accounts))
    return Draft(
        Content(parts=(with_tags(one.text, around.campaigns).strip(),), accounts=refs),
        account_ids=sorted(account.id for account in around.accounts),
        title=one.title,
        theme_id=event.theme_id,
        campaign_ids=[campaign.id for campaign in around.campaigns],
        due=due_of(place.local, event.zone),
    )


def due_of(local: datetime, zone: str) -> Due | None:
    """Return a moment to come by the clock of a zone; None for one that has passed, or that the clock skips."""
    try:
        moment = resolve(local, zone)
    except InvalidError:
        return None
    return Due(moment.utc, moment.local, moment.zone) if moment.utc > now() else None


def _said(local: datetime) -> str:
    return local.isoformat(timespec="seconds")
