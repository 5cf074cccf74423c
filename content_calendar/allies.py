"""Allies: people and organisations that spread our word, registered one by one or as a list, changed, looked up.

Their data are personal: the trail holds references only, and nothing of them is ever published.
"""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.db import new_ref
from content_calendar.directory import fold
from content_calendar.errors import ConflictError, InvalidError, NotFoundError
from content_calendar.models.allies import (
    Ally,
    AllyConsent,
    AllyEcho,
    AllyKind,
    AllyLetter,
    AllyRefusal,
    ConsentStanding,
)
from content_calendar.models.audiences import Audience
from content_calendar.models.directory import Body
from content_calendar.models.people import Person

LONGEST_NAME = 200
LONGEST_NOTE = 2_000
LONGEST_LINK = 500
MOST_LINKS = 10
_LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s.<>,;:\"]+(\.[^@\s.<>,;:\"]+)+")
# The country as a place of a body; an ally that works everywhere has none.
_COUNTRY = "MX"


class AllyNotFoundError(NotFoundError):
    """There is no ally of that reference, it was erased, or it is of another region."""

    code = "ally_not_found"


class AllyNameMissingError(InvalidError):
    """An ally has a name."""

    code = "ally_name_missing"


class AllyTooLongError(InvalidError):
    """What is said in ``field`` is too long. ``limit`` is in characters."""

    code = "ally_too_long"


class AllyKindMissingError(InvalidError):
    """An ally is a person or an organisation."""

    code = "ally_kind_missing"


class AllyEmailInvalidError(InvalidError):
    """That is no e-mail address. ``email`` is what was given."""

    code = "ally_email_invalid"


class AllyStateUnknownError(InvalidError):
    """There is no such state. ``said`` is what was given."""

    code = "ally_state_unknown"


class AllySectorUnknownError(InvalidError):
    """There is no such sector. ``said`` is what was given."""

    code = "ally_sector_unknown"


class AllyLinkInvalidError(InvalidError):
    """A network is said by its link. ``said`` is what was given."""

    code = "ally_link_invalid"


class AllyLinksTooManyError(InvalidError):
    """An ally has a few networks. ``limit`` is how many."""

    code = "ally_links_too_many"


class AllyKnownError(ConflictError):
    """That ally is registered already. ``ref`` says which."""

    code = "ally_known"


class AllyRefusedError(ConflictError):
    """Whoever has that address had themselves erased."""

    code = "ally_refused"


@dataclass(frozen=True)
class AllyFields:
    """What somebody knows of an ally; ``state_iso`` is empty for one that works in the whole country."""

    kind: AllyKind | None
    name: str
    contact_name: str = ""
    email: str = ""
    state_iso: str = ""
    sector: Audience | None = None
    links: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True)
class Place:
    """A state, with the region that the directory has it in."""

    state_iso: str
    name: str
    region_id: int | None


@dataclass(frozen=True)
class Wanted:
    """Which allies are asked for; ``within`` are the states one may see, None for everywhere."""

    within: Collection[str] | None = None
    states: Collection[str] | None = None
    sector: Audience | None = None
    consent: ConsentStanding | None = None
    text: str = ""


@dataclass(frozen=True)
class TakenIn:
    """What became of a list: which are new, and how many were known or had asked to be erased."""

    batch_ref: str
    added: Sequence[Ally] = field(default_factory=tuple)
    known: int = 0
    refused: int = 0


def places(session: Session) -> Mapping[str, Place]:
    """Return the states by their code, in the order of their names, in one query."""
    rows = session.execute(
        select(Body.state_iso, Body.state_name, Body.region_id)
        .where(Body.state_iso != _COUNTRY)
        .order_by(Body.state_name, Body.valid_from, Body.id)
    )
    found: dict[str, Place] = {}
    for state_iso, name, region_id in rows:
        # Of several bodies that followed each other, the last one that is in a region tells it.
        before = found.get(state_iso)
        kept = before.region_id if before and region_id is None else region_id
        found[state_iso] = Place(state_iso, name, kept)
    return found


def checked(fields: AllyFields, known: Collection[str]) -> AllyFields:
    """Return what was said, cleaned; ``known`` are the states' codes. Raises InvalidError with its field."""
    if fields.kind is None:
        raise AllyKindMissingError(field="kind")
    name, contact = " ".join(fields.name.split()), " ".join(fields.contact_name.split())
    if not name:
        raise AllyNameMissingError(field="name")
    for where, said, limit in (
        ("name", name, LONGEST_NAME),
        ("contact_name", contact, LONGEST_NAME),
        ("note", fields.note.strip(), LONGEST_NOTE),
    ):
        if len(said) > limit:
            raise AllyTooLongError(field=where, limit=limit)
    email = fields.email.strip()
    if email and (len(email) > _LONGEST_EMAIL or not email.isascii() or not _EMAIL.fullmatch(email)):
        raise AllyEmailInvalidError(field="email", email=email[:80])
    if fields.state_iso and fields.state_iso not in known:
        raise AllyStateUnknownError(field="state_iso", said=fields.state_iso[:80])
    links = list(dict.fromkeys(one.strip() for one in fields.links if one.strip()))
    if len(links) > MOST_LINKS:
        raise AllyLinksTooManyError(field="links", limit=MOST_LINKS)
    for link in links:
        if not _is_link(link):
            raise AllyLinkInvalidError(field="links", said=link[:80])
    return AllyFields(
        fields.kind, name, contact, email, fields.state_iso, fields.sector, tuple(links), fields.note.strip()
    )


def _is_link(said: str) -> bool:
    try:
        parts = urlsplit(said)
    except ValueError:
        return False
    shown = said.isprintable() and " " not in said and len(said) <= LONGEST_LINK
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and shown


def identity_of(fields: AllyFields) -> str:
    """Return what makes an ally the same one: the address or, without one, the name and the state."""
    if fields.email:
        return f"mail:{fields.email.casefold()}"
    # A long name would not fit, and two long ones that begin alike are two.
    return "name:" + hashlib.sha256(f"{fold(fields.name)}\n{fields.state_iso}".encode()).hexdigest()


def register(
    session: Session, fields: AllyFields, by: Person, *, mark: str = "", again: bool = False
) -> Ally:
    """Register an ally; nothing may be mailed to them yet.

    ``mark`` is the address's keyed mark; ``again`` says that whoever had themselves erased asked to come back.
    Raises InvalidError with its field, AllyKnownError and AllyRefusedError.
    """
    fields = checked(fields, places(session))
    if mark and again:
        session.execute(delete(AllyRefusal).where(AllyRefusal.mark == mark))
    elif mark and session.get(AllyRefusal, mark) is not None:
        raise AllyRefusedError
    known = session.scalars(select(Ally).where(Ally.identity == identity_of(fields))).one_or_none()
    if known is not None:
        raise AllyKnownError(ref=known.ref, name=known.name)
    made = _new(fields, by)
    session.add(made)
    session.flush()
    audit.record(session, by.ref, "ally.registered", "ally", made.ref)
    return made


def _new(fields: AllyFields, by: Person, batch_ref: str = "") -> Ally:
    assert fields.kind is not None  # noqa: S101 -- what was checked has a kind
    return Ally(
        ref=new_ref(),
        kind=fields.kind,
        name=fields.name,
        contact_name=fields.contact_name,
        email=fields.email,
        identity=identity_of(fields),
        state_iso=fields.state_iso,
        sector=fields.sector,
        links=list(fields.links),
        note=fields.note,
        registered_by_id=by.id,
        batch_ref=batch_ref,
    )


def take_in(session: Session, rows: Sequence[tuple[AllyFields, str]], by: Person) -> TakenIn:
    """Register a whole list that was checked, each with its address's mark, in a few questions.

    Who is known stays as they are, and who had themselves erased stays away: the same list twice adds nobody.
    """
    unlike: dict[str, tuple[AllyFields, str]] = {}
    for fields, mark in rows:
        unlike.setdefault(identity_of(fields), (fields, mark))
    known = set(session.scalars(select(Ally.identity).where(Ally.identity.in_(unlike))))
    marks = {mark for _, mark in unlike.values() if mark}
    refused = set(session.scalars(select(AllyRefusal.mark).where(AllyRefusal.mark.in_(marks))))
    batch = new_ref()
    fresh = [
        _new(fields, by, batch)
        for identity, (fields, mark) in unlike.items()
        if identity not in known and mark not in refused
    ]
    session.add_all(fresh)
    session.flush()
    if fresh:
        audit.record(session, by.ref, "ally.list_taken_in", "ally_list", batch, count=len(fresh))
    left = len(rows) - len(fresh)
    away = sum(mark in refused for _, mark in unlike.values())
    return TakenIn(batch, fresh, left - away, away)


def take_back(session: Session, batch_ref: str, by: Person) -> int:
    """Take a list back: those of it with whom nothing has happened yet; return how many that were."""
    untouched = [~exists().where(table.ally_id == Ally.id) for table in (AllyConsent, AllyLetter, AllyEcho)]
    gone = session.scalars(
        delete(Ally)
        .where(Ally.batch_ref == batch_ref, Ally.batch_ref != "", Ally.erased_at.is_(None), *untouched)
        .returning(Ally.id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        audit.record(session, by.ref, "ally.list_taken_back", "ally_list", batch_ref, count=len(gone))
    return len(gone)


def change(session: Session, ally: Ally, fields: AllyFields, by: Person, *, mark: str = "") -> None:
    """Change what is known of an ally; ``mark`` is the new address's.

    Raises InvalidError with its field, AllyKnownError, and AllyRefusedError.
    """
    fields = checked(fields, places(session))
    identity = identity_of(fields)
    if mark and session.get(AllyRefusal, mark) is not None:
        raise AllyRefusedError
    known = session.scalars(select(Ally).where(Ally.identity == identity, Ally.id != ally.id)).one_or_none()
    if known is not None:
        raise AllyKnownError(ref=known.ref, name=known.name)
    assert fields.kind is not None  # noqa: S101 -- what was checked has a kind
    ally.kind, ally.name, ally.contact_name = fields.kind, fields.name, fields.contact_name
    ally.email, ally.identity, ally.state_iso = fields.email, identity, fields.state_iso
    ally.sector, ally.links, ally.note = fields.sector, list(fields.links), fields.note
    session.flush()
    audit.record(session, by.ref, "ally.changed", "ally", ally.ref)


def find(session: Session, ref: str, within: Collection[str] | None = None) -> Ally:
    """Return the ally of that reference, of the states ``within``; raise AllyNotFoundError."""
    found = session.scalars(select(Ally).where(Ally.ref == ref, Ally.erased_at.is_(None))).one_or_none()
    if found is None or (within is not None and found.state_iso not in within):
        raise AllyNotFoundError(ref=ref)
    return found


def listed(session: Session, wanted: Wanted, limit: int = 2_000) -> list[Ally]:
    """Return the allies that are asked for, by name, in one query; a text is looked for whatever its accents."""
    query = select(Ally).where(Ally.erased_at.is_(None)).order_by(func.lower(Ally.name), Ally.id).limit(limit)
    for some in (wanted.within, wanted.states):
        if some is not None:
            query = query.where(Ally.state_iso.in_(some))
    if wanted.sector is not None:
        query = query.where(Ally.sector == wanted.sector)
    if wanted.consent is not None:
        query = query.where(Ally.consent == wanted.consent)
    said = fold(wanted.text)
    return [
        one for one in session.scalars(query) if said in fold(f"{one.name} {one.contact_name} {one.email}")
    ]


def counts(session: Session, within: Collection[str] | None = None) -> Mapping[ConsentStanding, int]:
    """Return how many allies stand in each standing of their consent."""
    query = select(Ally.consent, func.count()).where(Ally.erased_at.is_(None)).group_by(Ally.consent)
    if within is not None:
        query = query.where(Ally.state_iso.in_(within))
    return dict(session.execute(query).all())
