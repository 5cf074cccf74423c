"""Files in contributions: a body's pictures, documents and sounds, kept in the tool-box with where they come from.

Functions take a session and never commit. What a file must pass to be kept, and to be used afterwards (who it
shows, its consents, its licence), is the tool-box's own and no less here.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from assets import library
from assets.clearance import People
from assets.finding import Shown
from assets.labels import Label
from assets.library import Added, AssetMissingError, Taken
from assets.models import Asset, AssetVersion
from assets.models.contributed import ContributionFile
from assets.uses import posts_with
from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError
from content_calendar.models.people import Person
from content_calendar.models.plan import Contribution, ContributionStage, Theme

MOST_FILES = 10
# The more people a material shows, the more care it asks.
_CAREFUL = {People.NONE: 0, People.UNSAID: 1, People.ADULTS: 2, People.MINORS: 3}
_OPEN = frozenset({ContributionStage.ASKED, ContributionStage.RETURNED})


class TooManyFilesError(ConflictError):
    """A contribution carries at most ``most`` files."""

    code = "contribution_files_full"


class FileToldOtherwiseError(ConflictError):
    """The tool-box has the file already, and says that it shows fewer people than the body does."""

    code = "contribution_file_told_otherwise"


class ContributionClosedError(ConflictError):
    """Files are added and taken off while the body still writes; this one was sent or answered."""

    code = "contribution_closed"


def attach(session: Session, contribution: Contribution, taken: Taken, label: Label, by: Person) -> Added:
    """Keep a file that the body gives, as a material of that body and theme.

    Raises ContributionClosedError, TooManyFilesError, FileToldOtherwiseError and what ``library.add_image`` raises.
    """
    _check_open(contribution)
    if len(files_of(session, contribution.id)) >= MOST_FILES:
        raise TooManyFilesError(most=MOST_FILES)
    label = replace(label, theme_id=contribution.theme_id, body_id=contribution.body_id)
    added = library.add_image(session, taken, label, by)
    if added.duplicate and _CAREFUL[label.people] > _CAREFUL[added.asset.people]:
        raise FileToldOtherwiseError(field="file")
    link = _link(session, contribution.id, added.asset.id)
    if link is None:
        link = ContributionFile(
            contribution_id=contribution.id, asset_id=added.asset.id, version=added.version.n,
            known_before=added.duplicate, added_by_id=by.id,
        )  # fmt: skip
        session.add(link)
    link.version, link.removed_at = added.version.n, None
    session.flush()
    _record(session, "contribution_file_added", contribution, added.asset, by)
    return added


def take_off(session: Session, contribution: Contribution, asset_ref: str, by: Person) -> None:
    """Take a file off; a material that came with it and that no post shows is put away.

    Raises ContributionClosedError and AssetMissingError.
    """
    _check_open(contribution)
    asset, link = _found(session, contribution, asset_ref)
    link.removed_at = now()
    if not link.known_before and not posts_with(session, asset) and not _given_elsewhere(session, link):
        library.archive(session, asset_ref, by)
        # That it was put away with this, and not by somebody who keeps the tool-box, is how it comes back.
        link.removed_at = asset.archived_at
    session.flush()
    _record(session, "contribution_file_removed", contribution, asset, by)


def put_back(session: Session, contribution: Contribution, asset_ref: str, by: Person) -> None:
    """Undo ``take_off``; raises ContributionClosedError, TooManyFilesError and AssetMissingError."""
    _check_open(contribution)
    if len(files_of(session, contribution.id)) >= MOST_FILES:
        raise TooManyFilesError(most=MOST_FILES)
    asset, link = _found(session, contribution, asset_ref)
    if link.removed_at is None:
        return
    went_with_it = not link.known_before and asset.archived_at == link.removed_at
    link.removed_at = None
    if went_with_it:
        library.bring_back(session, asset_ref, by)
    session.flush()
    _record(session, "contribution_file_added", contribution, asset, by)


def files_of(session: Session, contribution_id: int) -> Sequence[Shown]:
    """Return the files of a contribution, the first given first; one query."""
    rows = session.execute(
        select(Asset, AssetVersion)
        .join(ContributionFile, ContributionFile.asset_id == Asset.id)
        .join(
            AssetVersion,
            (AssetVersion.asset_id == Asset.id) & (AssetVersion.n == ContributionFile.version),
        )
        .where(ContributionFile.contribution_id == contribution_id, ContributionFile.removed_at.is_(None))
        .order_by(ContributionFile.id)
    )
    return [Shown(asset, version) for asset, version in rows]


def file_of(session: Session, contribution_id: int, asset_ref: str) -> Shown:
    """Return one file of a contribution; raise AssetMissingError for any other material."""
    for one in files_of(session, contribution_id):
        if one.asset.ref == asset_ref:
            return one
    raise AssetMissingError(ref=asset_ref)


def counts(session: Session, bimester_id: int) -> dict[int, int]:
    """Return how many files each contribution of a bimester carries, those without any left out; one query."""
    rows = session.execute(
        select(ContributionFile.contribution_id, func.count())
        .join(Contribution, Contribution.id == ContributionFile.contribution_id)
        .where(Contribution.bimester_id == bimester_id, ContributionFile.removed_at.is_(None))
        .group_by(ContributionFile.contribution_id)
    )
    return {contribution_id: many for contribution_id, many in rows}  # noqa: C416 -- rows are no pairs to mypy


def origins(session: Session, asset: Asset) -> Sequence[tuple[Contribution, str]]:
    """Return the contributions that a material came with, each with its body and its theme's title, the first first."""
    rows = session.execute(
        select(Contribution, Theme.title)
        .join(ContributionFile, ContributionFile.contribution_id == Contribution.id)
        .join(Theme, Theme.id == Contribution.theme_id)
        .where(ContributionFile.asset_id == asset.id, ContributionFile.removed_at.is_(None))
        .options(joinedload(Contribution.body))
        .order_by(ContributionFile.id)
    )
    return [(contribution, title) for contribution, title in rows]


def _check_open(contribution: Contribution) -> None:
    if contribution.stage not in _OPEN:
        raise ContributionClosedError


def _link(session: Session, contribution_id: int, asset_id: int) -> ContributionFile | None:
    return session.scalars(
        select(ContributionFile).where(
            ContributionFile.contribution_id == contribution_id, ContributionFile.asset_id == asset_id
        )
    ).one_or_none()


def _found(session: Session, contribution: Contribution, asset_ref: str) -> tuple[Asset, ContributionFile]:
    asset = library.get(session, asset_ref)
    link = _link(session, contribution.id, asset.id)
    if link is None:
        raise AssetMissingError(ref=asset_ref)
    return asset, link


def _given_elsewhere(session: Session, link: ContributionFile) -> bool:
    others = select(ContributionFile.id).where(
        ContributionFile.asset_id == link.asset_id,
        ContributionFile.id != link.id,
        ContributionFile.removed_at.is_(None),
    )
    return session.scalar(others.limit(1)) is not None


def _record(session: Session, act: str, contribution: Contribution, asset: Asset, by: Person) -> None:
    audit.record(session, by.ref, act, "contribution", contribution.ref, asset=asset.ref)
