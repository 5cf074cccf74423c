"""Who followed whom: bodies are dissolved, and others take their place."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.directory import Body, Confidence, Owner

# Far more than ever happened to one body; it ends the search if rows were ever made to point in a ring.
_LONGEST_LINE = 12


class AlreadySucceededError(ConflictError):
    """The body already has a successor. ``successor`` is its slug."""

    code = "already_succeeded"


class SuccessionRingError(InvalidError):
    """A body cannot come after itself, however far down the line."""

    code = "succession_ring"


class SlugTakenError(ConflictError):
    """Another body, commission or coordination has that slug."""

    code = "slug_taken"


@dataclass(frozen=True, slots=True)
class Heir:
    """One owner of a line of succession; ``ended_on`` is the first day on which it was over."""

    owner_id: int
    slug: str
    short_name: str
    name: str
    ended_on: date | None

    def stands(self, on: date) -> bool:
        """Tell whether it still exists on that day."""
        return self.ended_on is None or on < self.ended_on


@dataclass(frozen=True, slots=True)
class NewBody:
    """What is known of a body that takes another's place; state, region and zone are those of the other."""

    slug: str
    short_name: str
    name: str
    source: str


def line_of(session: Session, owner_id: int) -> list[Heir]:
    """Return an owner and those who followed it, in order, in one query."""
    owners = Owner.__table__
    first = select(owners.c.id.label("owner_id"), literal(0).label("step")).where(owners.c.id == owner_id)
    line = first.cte("line", recursive=True)
    line = line.union_all(
        select(Body.succeeded_by_id, line.c.step + 1)
        .select_from(Body.__table__.join(line, Body.__table__.c.id == line.c.owner_id))
        .where(Body.__table__.c.succeeded_by_id.is_not(None), line.c.step < _LONGEST_LINE)
    )
    rows = session.execute(
        select(Owner.id, Owner.slug, Owner.short_name, Owner.name, Owner.valid_to)
        .join(line, line.c.owner_id == Owner.id)
        .order_by(line.c.step)
    )
    return [Heir(*row) for row in rows]


def successor_of(session: Session, body: Body, on: date) -> Heir | None:
    """Return who stands in a body's place on a day: the first of its line that still exists, not itself.

    None when nobody is registered; ``body.successor`` may still name one in words.
    """
    return next((heir for heir in line_of(session, body.id)[1:] if heir.stands(on)), None)


def found_successor(session: Session, body: Body, new: NewBody, on: date, *, actor_ref: str) -> Body:
    """Register the body that takes another's place from a day on, and return it.

    Raises AlreadySucceededError and SlugTakenError.
    """
    if session.scalars(select(Owner.id).where(Owner.slug == new.slug)).first() is not None:
        raise SlugTakenError(field="slug", slug=new.slug)
    confidence = Confidence.HIGH if new.source.strip() else Confidence.UNCONFIRMED
    heir = Body(
        slug=new.slug,
        short_name=new.short_name,
        name=new.name,
        zone=body.zone,
        region_id=body.region_id,
        valid_from=on,
        state_iso=body.state_iso,
        state_name=body.state_name,
        name_confidence=confidence,
        region_confidence=body.region_confidence,
        region_source=body.region_source,
        source=new.source.strip(),
        confidence=confidence,
    )
    session.add(heir)
    session.flush()
    audit.record(
        session, actor_ref, "body_founded", "body", heir.slug, name=heir.name, follows=body.short_name
    )
    succeed(session, body, heir, on, source=new.source, actor_ref=actor_ref)
    return heir


def succeed(session: Session, body: Body, heir: Owner, on: date, *, source: str, actor_ref: str) -> None:
    """Let an owner follow a body from a day on: the body ends there, if it had not ended before.

    Raises AlreadySucceededError and SuccessionRingError.
    """
    if body.succeeded_by_id is not None:
        raise AlreadySucceededError(successor=line_of(session, body.id)[1].slug)
    if body.id in {later.owner_id for later in line_of(session, heir.id)}:
        raise SuccessionRingError(field="successor", slug=heir.slug)
    body.succeeded_by_id = heir.id
    body.successor = body.successor or heir.name
    body.successor_source = source.strip() or body.successor_source
    if body.valid_to is None:
        body.valid_to, body.dissolved_on = on, body.dissolved_on or on.isoformat()
    session.flush()
    audit.record(
        session,
        actor_ref,
        "body_succeeded",
        "body",
        body.slug,
        successor=heir.slug,
        name=heir.name,
        on=on.isoformat(),
        source=source.strip(),
    )
