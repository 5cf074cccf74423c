"""The directory: who the bodies are, which accounts and sites are theirs, and who follows whom.

Validity is half-open: what is valid to a day is no longer valid on it.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.directory import (
    Account,
    Body,
    Confidence,
    Member,
    Owner,
    Region,
    SilenceWindow,
    Site,
    Standing,
)
from content_calendar.succession import Heir, line_of


class OwnerNotFoundError(NotFoundError):
    """No body, commission or coordination has that name in its address."""

    code = "owner_not_found"


class RegionNotFoundError(NotFoundError):
    """There is no such region."""

    code = "region_not_found"


class SiteRepeatedError(ConflictError):
    """The owner already has that site. ``url`` is what was given."""

    code = "site_repeated"


class AlreadyMemberError(ConflictError):
    """The body is already a member of the commission. ``since`` is a date."""

    code = "already_member"


class NotMemberError(NotFoundError):
    """The body is no member of the commission on that day."""

    code = "not_member"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the directory: the body with its region loaded, and how many accounts it has."""

    body: Body
    certified: int
    to_certify: int
    is_member: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What one body's page shows. ``heirs`` are those who followed it, nearest first."""

    body: Body
    accounts: Sequence[Account]
    sites: Sequence[Site]
    memberships: Sequence[Member]
    silences: Sequence[SilenceWindow]
    heirs: Sequence[Heir]


def fold(text: str) -> str:
    """Return a text as it is searched: without accents, capitals or repeated spaces."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(plain.casefold().split())


def regions(session: Session) -> Sequence[Region]:
    """Return the regions of the SNT that are not retired, by name."""
    return session.scalars(select(Region).where(Region.retired_on.is_(None)).order_by(Region.name)).all()


def list_bodies(
    session: Session, on: date, *, region_slug: str = "", text: str = "", members_only: bool = False
) -> list[Listed]:
    """Return the bodies by state, the federal one first, in three queries.

    ``text`` is looked for in the names, the state and the slug, whatever its accents and capitals.
    """
    bodies = session.scalars(
        select(Body).options(joinedload(Body.region)).order_by(Body.state_iso, Body.valid_from, Body.id)
    ).all()
    counts: dict[tuple[int, Standing], int] = {
        (owner_id, standing): number
        for owner_id, standing, number in session.execute(
            select(Account.owner_id, Account.standing, func.count())
            .where(*valid_on(Account, on))
            .group_by(Account.owner_id, Account.standing)
        )
    }
    members = set(session.scalars(select(Member.body_id).where(*valid_on(Member, on))))
    wanted = fold(text)
    return [
        Listed(
            body=body,
            certified=counts.get((body.id, Standing.IN_FORCE), 0),
            to_certify=counts.get((body.id, Standing.TO_CERTIFY), 0),
            is_member=body.id in members,
        )
        for body in bodies
        if (not region_slug or (body.region is not None and body.region.slug == region_slug))
        and (not members_only or body.id in members)
        and wanted in fold(f"{body.short_name} {body.slug} {body.name} {body.state_name}")
    ]


def official_accounts(session: Session, on: date) -> Sequence[Account]:
    """Return the accounts that a person certified and that speak for their owner that day, each with its owner.

    Those of commissions and coordinations are among them; by owner, then by network.
    """
    return session.scalars(
        select(Account)
        .join(Account.owner)
        .where(*is_official(on))
        .options(contains_eager(Account.owner))
        .order_by(Owner.name, Account.network, Account.handle_folded)
    ).all()


def is_official(on: date) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on ``Account`` and ``Owner`` that an account speaks for its owner that day."""
    return (
        Account.standing == Standing.IN_FORCE,
        Account.certified_at.is_not(None),
        *valid_on(Account, on),
        or_(Account.certified_until.is_(None), Account.certified_until > now()),
        *valid_on(Owner, on),
    )


def sites_of_bodies(session: Session, on: date) -> Sequence[Site]:
    """Return the web sites of the owners that exist that day."""
    return session.scalars(
        select(Site).join(Site.owner).where(*valid_on(Owner, on)).order_by(Site.owner_id, Site.id)
    ).all()


def find_body(session: Session, slug: str) -> Body:
    """Return the body of that slug with its region; raise OwnerNotFoundError."""
    body = session.scalars(
        select(Body).where(Body.slug == slug).options(joinedload(Body.region))
    ).one_or_none()
    if body is None:
        raise OwnerNotFoundError(slug=slug)
    return body


def find_owner(session: Session, slug: str) -> Owner:
    """Return the body, commission or coordination of that slug with its region; raise OwnerNotFoundError."""
    owner = session.scalars(
        select(Owner).where(Owner.slug == slug).options(joinedload(Owner.region))
    ).one_or_none()
    if owner is None:
        raise OwnerNotFoundError(slug=slug)
    return owner


def body_page(session: Session, slug: str) -> Page:
    """Return what a body's page shows, in six queries; raise OwnerNotFoundError."""
    body = find_body(session, slug)
    return Page(
        body=body,
        accounts=session.scalars(
            select(Account)
            .where(Account.owner_id == body.id)
            .order_by(Account.valid_to.is_not(None), Account.network, Account.handle_folded)
        ).all(),
        sites=session.scalars(select(Site).where(Site.owner_id == body.id).order_by(Site.id)).all(),
        memberships=session.scalars(
            select(Member).where(Member.body_id == body.id).order_by(Member.valid_from)
        ).all(),
        silences=session.scalars(
            select(SilenceWindow)
            .where(
                or_(
                    SilenceWindow.body_id == body.id,
                    SilenceWindow.state_iso == body.state_iso,
                    SilenceWindow.body_id.is_(None) & SilenceWindow.state_iso.is_(None),
                )
            )
            .order_by(SilenceWindow.starts_on)
        ).all(),
        heirs=line_of(session, body.id)[1:],
    )


def set_region(session: Session, body: Body, region: Region | None, *, source: str, actor_ref: str) -> None:
    """Put a body in a region, or in none; what a person decides with a source is confirmed, else not."""
    before = session.get(Region, body.region_id) if body.region_id is not None else None
    body.region = region
    body.region_source = source.strip()
    body.region_confidence = Confidence.HIGH if body.region_source else Confidence.UNCONFIRMED
    session.flush()
    audit.record(
        session, actor_ref, "region_set", "body", body.slug,
        region=region.name if region else "", before=before.name if before else "", source=body.region_source,
    )  # fmt: skip


def find_region(session: Session, slug: str) -> Region:
    """Return the region of that slug; raise RegionNotFoundError."""
    region = session.scalars(select(Region).where(Region.slug == slug)).one_or_none()
    if region is None:
        raise RegionNotFoundError(slug=slug)
    return region


def add_site(
    session: Session, owner: Owner, url: str, *, source: str, actor_ref: str, note: str = ""
) -> Site:
    """Add a web site that somebody found; raise SiteRepeatedError when the owner already has it.

    It is unconfirmed without a source. Whether the address can be read is the caller's to check.
    """
    url, source = url.strip(), source.strip()
    known = select(Site.id).where(Site.owner_id == owner.id, Site.url == url)
    if session.scalars(known).first() is not None:
        raise SiteRepeatedError(field="url", url=url)
    site = Site(
        owner_id=owner.id,
        url=url,
        source=source,
        confidence=Confidence.HIGH if source else Confidence.UNCONFIRMED,
        note=note.strip(),
    )
    session.add(site)
    session.flush()
    audit.record(session, actor_ref, "site_added", "owner", owner.slug, url=url)
    return site


def join_commission(session: Session, body: Body, on: date, *, source: str, actor_ref: str) -> Member:
    """Make a body a member of our commission from a day; raise AlreadyMemberError."""
    standing = session.scalars(select(Member).where(Member.body_id == body.id, *valid_on(Member, on))).first()
    if standing is not None:
        raise AlreadyMemberError(since=standing.valid_from)
    member = Member(
        body_id=body.id,
        valid_from=on,
        source=source.strip(),
        confidence=Confidence.HIGH if source.strip() else Confidence.UNCONFIRMED,
    )
    session.add(member)
    session.flush()
    audit.record(session, actor_ref, "member_joined", "body", body.slug, on=on.isoformat())
    return member


def leave_commission(session: Session, body: Body, on: date, *, actor_ref: str) -> None:
    """End a body's membership on a day; raise NotMemberError."""
    member = session.scalars(select(Member).where(Member.body_id == body.id, *valid_on(Member, on))).first()
    if member is None:
        raise NotMemberError(slug=body.slug)
    member.valid_to = on
    session.flush()
    audit.record(session, actor_ref, "member_left", "body", body.slug, on=on.isoformat())


def valid_on(
    model: type[Account] | type[Member] | type[Owner], on: date
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a row's validity holds on a day; an open end holds for ever."""
    return (
        or_(model.valid_from.is_(None), model.valid_from <= on),
        or_(model.valid_to.is_(None), model.valid_to > on),
    )
