"""What bodies owe, and which of their notes to replicate today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from content_calendar.clock import now
from content_calendar.models.plan import Contribution, ContributionStage
from content_calendar.models.posts import Post
from scheduler.listening.identity import link_key
from scheduler.models import Entry
from webapp.doors import door
from webapp.session import db

_SOON = timedelta(days=14)
_FRESH = timedelta(days=7)
_LOOK_BACK = timedelta(days=90)
_MOST = 40
_LONGEST_DRAFT = 1000
_LOOKED_AT = 400


@dataclass(frozen=True)
class Candidate:
    """A note of a body whose turn it is, and when the commission last made a post of a note of theirs."""

    entry: Entry
    last_at: datetime | None


def draft_url(entry: Entry) -> str:
    """Return the address of a composer that begins from the note, empty where there is no composer."""
    said = f"{entry.title}\n{entry.link}".strip()[:_LONGEST_DRAFT]
    return door("calendar.new_post", origen=entry.link, texto=said)


def owed(today: date, body_ids: Sequence[int] | None = None) -> Sequence[Contribution]:
    """Return contributions that are asked for and due soon or overdue, the most overdue first."""
    query = (
        select(Contribution)
        .where(
            Contribution.stage.in_((ContributionStage.ASKED, ContributionStage.RETURNED)),
            Contribution.due_on <= today + _SOON,
        )
        .options(joinedload(Contribution.body), joinedload(Contribution.theme))
        .order_by(Contribution.due_on, Contribution.id)
        .limit(_MOST)
    )
    if body_ids is not None:
        query = query.where(Contribution.body_id.in_(body_ids))
    return db().scalars(query).all()


def replicated_since(since: datetime) -> dict[int, datetime]:
    """Return, by owner, when a post was last made from a note of theirs."""
    made = db().execute(
        select(Post.origin_url, Post.created_at)
        .where(Post.origin_url != "", Post.created_at >= since)
        .order_by(Post.created_at)
    )
    at = {link_key(url): moment for url, moment in made}
    if not at:
        return {}
    found = db().execute(select(Entry.owner_id, Entry.link_key).where(Entry.link_key.in_(at)))
    last: dict[int, datetime] = {}
    for owner_id, key in found:
        last[owner_id] = max(at[key], last.get(owner_id, at[key]))
    return last


def candidate() -> Candidate | None:
    """Return the newest note of the body that has waited longest for its turn, of this week's notes."""
    fresh = db().scalars(
        select(Entry)
        .where(Entry.published_at >= now() - _FRESH, Entry.published_at <= now(), Entry.hidden_at.is_(None))
        .options(joinedload(Entry.owner))
        .order_by(Entry.published_at.desc())
        .limit(_LOOKED_AT)
    ).all()  # fmt: skip
    if not fresh:
        return None
    last = replicated_since(now() - _LOOK_BACK)
    newest: dict[int, Entry] = {}
    for entry in fresh:
        newest.setdefault(entry.owner_id, entry)
    never = [entry for owner_id, entry in newest.items() if owner_id not in last]
    if never:
        return Candidate(max(never, key=lambda entry: entry.published_at), None)
    owner_id = min(newest, key=lambda one: last[one])
    return Candidate(newest[owner_id], last[owner_id])
