"""Imports of a bimester's sheet: kept while they wait, judged, and put into the calendar whole or not at all.

What is put in are drafts: an import approves nothing. ``taking_back.py`` undoes one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, with_polymorphic

from content_calendar import audit
from content_calendar.bimesters import bimester_span
from content_calendar.clock import now
from content_calendar.errors import ConflictError, NotFoundError
from content_calendar.models.directory import Account, Body, Owner
from content_calendar.models.exchange import ImportAct, ImportActKind, ImportStage, SheetImport
from content_calendar.models.people import Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.sheet_cells import Days
from content_calendar.sheet_posts import known_posts, known_spans
from content_calendar.sheet_rows import Judged, judge, read
from content_calendar.sheet_values import Known, KnownAccount, KnownBody, KnownCampaign, KnownTheme

KEPT = timedelta(days=14)
MOST_LISTED = 20
LONGEST_NAME = 200
_BODIES = with_polymorphic(Owner, [Body], flat=True)

Cells = Sequence[tuple[int, Mapping[str, str]]]


class ImportNotFoundError(NotFoundError):
    """There is no such import, or it waited too long."""

    code = "import_not_found"


class ImportChangedError(ConflictError):
    """Another file took the sheet's place after this person opened it, or the same rows came in meanwhile."""

    code = "import_changed"


class ImportOverError(ConflictError):
    """The import no longer waits: it was made, taken back or put away."""

    code = "import_over"


@dataclass(frozen=True)
class Surroundings:
    """What the edge knows and the plan does not.

    ``zone`` is the commission's; ``zones`` are the names of all, ``networks`` the networks' names by slug;
    ``fits`` is what ``Known`` says.
    """

    zone: str
    zones: Mapping[str, str]
    networks: Mapping[str, str]
    fits: Callable[[str, str], tuple[str, int] | None]


def begin(
    session: Session,
    person: Person,
    bimester: tuple[int, int],
    filename: str,
    cells: Cells,
    unread: Sequence[str] = (),
) -> SheetImport:
    """Keep what was read of a sheet; what waited too long is thrown away. Raises UnknownBimesterError."""
    bimester_span(*bimester)
    at = now()
    session.execute(
        delete(SheetImport).where(
            SheetImport.stage.in_((ImportStage.WAITING, ImportStage.DROPPED)), SheetImport.expires_at < at
        )
    )
    made = SheetImport(
        year=bimester[0], number=bimester[1], filename=filename[:LONGEST_NAME], person_id=person.id,
        cells=[[n, dict(said)] for n, said in cells], unread=list(unread), expires_at=at + KEPT,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(session, person.ref, "import_begun", "sheet_import", made.ref, rows=len(cells))
    return made


def find(session: Session, ref: str) -> SheetImport:
    """Return an import; raise ImportNotFoundError."""
    found = session.scalars(select(SheetImport).where(SheetImport.ref == ref)).one_or_none()
    if found is None or (found.stage is ImportStage.WAITING and found.expires_at <= now()):
        raise ImportNotFoundError(ref=ref)
    return found


def listed(session: Session, year: int, number: int) -> Sequence[SheetImport]:
    """Return the last imports of a bimester that were not put away, the newest first."""
    query = (
        select(SheetImport)
        .where(
            SheetImport.year == year, SheetImport.number == number, SheetImport.stage != ImportStage.DROPPED
        )
        .where((SheetImport.stage != ImportStage.WAITING) | (SheetImport.expires_at > now()))
    )
    return session.scalars(query.order_by(SheetImport.id.desc()).limit(MOST_LISTED)).all()


def hold(session: Session, ref: str) -> SheetImport:
    """Return an import that nobody else changes until the transaction ends; raise ImportNotFoundError."""
    found = find(session, ref)
    session.refresh(found, with_for_update=True)
    return found


def require(one: SheetImport, edition: int) -> None:
    """Raise ImportOverError for an import that waits no more, ImportChangedError for another ``edition``."""
    if one.stage is not ImportStage.WAITING:
        raise ImportOverError
    if one.edition != edition:
        raise ImportChangedError


def correct(
    session: Session,
    one: SheetImport,
    edition: int,
    cells: Mapping[tuple[int, str], str],
    removed: frozenset[int],
) -> None:
    """Write cells of a held import anew, by row and column, and take rows out.

    Two people may correct one sheet: each one's cells are written. Raises ImportOverError, and ImportChangedError
    when another file took its place.
    """
    require(one, edition)
    rows = []
    for n, said in one.cells:
        if n not in removed:
            changed = {column: text for (row, column), text in cells.items() if row == n}
            rows.append([n, {column: text for column, text in (said | changed).items() if text.strip()}])
    one.cells = rows
    one.expires_at = now() + KEPT
    session.flush()


def replace_sheet(
    session: Session, one: SheetImport, edition: int, filename: str, cells: Cells, unread: Sequence[str]
) -> None:
    """Put a corrected file in the place of a held import's. Raises ImportOverError and ImportChangedError."""
    require(one, edition)
    one.edition += 1
    one.filename, one.unread = filename[:LONGEST_NAME], list(unread)
    one.cells = [[n, dict(said)] for n, said in cells]
    one.expires_at = now() + KEPT
    session.flush()


def drop(session: Session, one: SheetImport, person: Person) -> None:
    """Put a held sheet that waits away. Raises ImportOverError."""
    require(one, one.edition)
    one.stage, one.cells = ImportStage.DROPPED, []
    session.flush()
    audit.record(session, person.ref, "import_dropped", "sheet_import", one.ref)


def judged(session: Session, one: SheetImport, around: Surroundings) -> tuple[Judged, Known]:
    """Return what the sheet would do, and what is wrong with it: about fourteen queries, however long it is."""
    known = known_to(session, one.year, one.number, around)
    rows = read([(n, said) for n, said in one.cells], known)
    posts = known_posts(session, [row.key for row in rows if row.key and not row.place])
    return judge(rows, known, posts), known


def known_to(session: Session, year: int, number: int, around: Surroundings) -> Known:
    """Return all that a bimester's sheet is read against: five queries."""
    first, last = bimester_span(year, number)
    # What an import made and its undoing put away is as if it had never been.
    undone = exists().where(
        ImportAct.theme_id == Theme.id,
        ImportAct.kind == ImportActKind.THEME_MADE,
        SheetImport.id == ImportAct.import_id,
        SheetImport.stage == ImportStage.UNDONE,
    )
    themes = session.execute(
        select(Theme.ref, Theme.title, Theme.archived_at)
        .where(Theme.archived_at.is_(None) | ~undone)
        .order_by(Theme.id)
    )
    campaigns = session.execute(select(Campaign.slug, Campaign.name, Campaign.starts_on, Campaign.ends_on))
    return Known(
        year=year, number=number, days=Days(first, last), zone=around.zone, zones=around.zones, now=now(),
        themes=[KnownTheme(ref, title, at is not None) for ref, title, at in themes],
        accounts=_accounts(session, around.networks),
        bodies=_bodies(session),
        campaigns=[KnownCampaign(*row) for row in campaigns],
        spans=known_spans(session, year, number),
        fits=around.fits,
    )  # fmt: skip


def _accounts(session: Session, networks: Mapping[str, str]) -> list[KnownAccount]:
    rows = session.execute(
        select(
            Account.ref, Account.network, Account.handle, Account.url, Account.connected_at, Account.valid_to
        ).order_by(Account.valid_to.is_not(None), Account.id)
    )
    return [
        KnownAccount(
            ref, network, networks.get(network, network), handle, url,
            usable=connected is not None, retired=valid_to is not None,
        )
        for ref, network, handle, url, connected, valid_to in rows
    ]  # fmt: skip


def _bodies(session: Session) -> list[KnownBody]:
    found = []
    for one in session.scalars(select(_BODIES).order_by(_BODIES.id)):
        names = [one.slug, one.short_name, one.name]
        if isinstance(one, Body):
            names.append(one.state_name)
        found.append(KnownBody(one.slug, tuple(names), one.valid_to))
    return found
