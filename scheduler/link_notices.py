"""Who is told that links broke: the body's liaison of its own, the commission's staff of all; once, not once a link."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar import clock, notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.models.notices import Notice
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Role
from scheduler.link_health import Health
from scheduler.watch_models import WatchedLink

# One notice of all links: this is its subject's reference.
ALL = "all"


def tell(session: Session) -> int:
    """Tell of links that broke since the last time, and close what was told once nothing is; return how many are new.

    Whoever has an open notice of broken links is told nothing more: the page it leads to shows them all.
    """
    broken = session.scalars(
        select(WatchedLink)
        .where(WatchedLink.health == Health.BROKEN, WatchedLink.let_be_at.is_(None))
        .options(joinedload(WatchedLink.owner))
        .order_by(WatchedLink.id)
    ).all()
    open_refs = set(
        session.scalars(
            select(Notice.subject_ref).where(
                Notice.subject_kind == Subject.LINKS.value, Notice.over_at.is_(None)
            )
        )
    )
    by_owner: dict[int, list[WatchedLink]] = defaultdict(list)
    for link in broken:
        by_owner[link.owner_id].append(link)
    standing = {links[0].owner.slug for links in by_owner.values()} | ({ALL} if broken else set())
    notices.over(session, Subject.LINKS, open_refs - standing)
    new = [link for link in broken if link.told_at is None]
    if not new:
        return 0
    people = notices.people_to_tell(session, clock.now().date())
    told = []
    for owner_id in {link.owner_id for link in new}:
        links = by_owner[owner_id]
        own = _liaisons(people, owner_id)
        if own and links[0].owner.slug not in open_refs:
            told.append((_happening(links[0].owner.slug, links, Code.LINKS_BROKEN_OURS), Audience(own, own)))
    if ALL not in open_refs:
        staff = holders(people, Permission.EDIT_DIRECTORY)
        told.append((_happening(ALL, broken, Code.LINKS_BROKEN), Audience(staff, staff)))
    notices.tell(session, told)
    for link in new:
        link.told_at = clock.now()
    session.flush()
    return len(new)


def _happening(ref: str, links: Collection[WatchedLink], code: Code) -> Happening:
    newest = max((link.failing_since or clock.now() for link in links), default=clock.now())
    params: dict[str, object] = {"count": len(links), "body": next(iter(links)).owner.short_name}
    return Happening(
        f"links:{ref}:{newest.isoformat(timespec='seconds')}", code.value, Subject.LINKS, ref, params
    )


def _liaisons(people: Collection[Somebody], owner_id: int) -> frozenset[int]:
    return frozenset(
        one.id
        for one in people
        if any(grant.role is Role.LIAISON and grant.body_id == owner_id for grant in one.rights.grants)
    )
