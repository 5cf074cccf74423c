"""Written consents: kept with their document, withdrawn, and what they mean for a material's use."""

import hashlib
import io
import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import consents
from assets.clearance import ConsentBy, People
from assets.consents import Kept, Told, checked
from assets.finding import Search, find
from assets.library import AssetMissingError, clearance_of
from assets.models import Asset, AssetKind, AssetVersion, Consent
from assets.storage import DiskStorage, Shelf
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.posts import PostMedia
from content_calendar.states import PublicationState
from tests.conftest import CountQueries
from tests.scheduler.scene import Time, account, person, planned

PDF = b"%PDF-1.7\n1 0 obj"
MEXICO = ZoneInfo("America/Mexico_City")
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
TODAY = date(2026, 3, 10)
GUARDIANS = Told(ConsentBy.GUARDIANS, "Niña de rojo")


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "materials")


@pytest.fixture
def editor(session: Session) -> Person:
    return person(session)


def material(session: Session, by: Person, people: People = People.MINORS) -> Asset:
    asset = Asset(kind=AssetKind.IMAGE, title="Foro", licence="CC BY 4.0", people=people, added_by_id=by.id)
    session.add(asset)
    session.flush()
    sha256 = hashlib.sha256(asset.ref.encode()).hexdigest()
    session.add(
        AssetVersion(
            asset_id=asset.id, n=1, sha256=sha256, original_sha256=sha256, media_type="image/png", size=1,
            added_by_id=by.id,
        )
    )  # fmt: skip
    session.flush()
    return asset


def add(session: Session, asset: Asset, by: Person, told: Told = GUARDIANS) -> Consent:
    return consents.add(session, asset.ref, told, Kept("0" * 64), by)


def told_of(session: Session, asset: Asset) -> list[str]:
    answer = clearance_of(session, [asset.ref], NOON, MEXICO)[asset.ref]
    return [one.code for one in answer.reasons]


def test_a_consent_clears_until_it_is_withdrawn_and_again_when_that_was_a_mistake(
    session: Session, editor: Person
) -> None:
    asset = material(session, editor)
    assert told_of(session, asset) == ["minors_without_consent"]
    made = add(session, asset, editor)
    assert told_of(session, asset) == []
    for _ in range(2):
        consents.withdraw(session, asset.ref, made.ref, editor)
    assert told_of(session, asset) == ["consent_withdrawn"]
    consents.restore(session, asset.ref, made.ref, editor)
    assert told_of(session, asset) == []
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [one.act for one in events] == ["consent.added", "consent.withdrawn", "consent.restored"]
    assert not any("rojo" in str(one.details) for one in events)


def test_a_new_consent_of_the_same_person_stands_in_however_the_name_is_typed(
    session: Session, editor: Person
) -> None:
    asset = material(session, editor, People.ADULTS)
    made = add(session, asset, editor, Told(ConsentBy.PERSON, "Ana López"))
    consents.withdraw(session, asset.ref, made.ref, editor)
    add(session, asset, editor, Told(ConsentBy.PERSON, "ANA LOPEZ"))
    assert told_of(session, asset) == []
    assert {one.whom for one in consents.listed(session, asset.id)} == {"Ana López"}


def test_the_document_is_kept_as_it_came_on_a_shelf_of_its_own(
    session: Session, storage: DiskStorage, editor: Person
) -> None:
    asset = material(session, editor)
    kept = consents.take_in(storage, PDF)
    made = consents.add(session, asset.ref, GUARDIANS, kept, editor)
    assert not storage.exists(Shelf.SERVED, kept.sha256)
    served = consents.open_file(session, storage, asset.ref, made.ref)
    with served.stream as stream:
        assert stream.read() == PDF
    assert (served.media_type, served.filename) == ("application/pdf", f"{made.ref}.pdf")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<html>", consents.ConsentFileKindError),
        (b"", consents.ConsentFileKindError),
        (PDF.ljust(consents.MOST_BYTES + 1), consents.ConsentFileTooLargeError),
    ],
)
def test_a_document_that_is_none_is_refused(
    storage: DiskStorage, data: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        consents.take_in(storage, data)
    assert list(storage.files(Shelf.CONSENTS)) == []


def test_what_is_said_of_a_consent_is_checked() -> None:
    assert checked(Told(ConsentBy.PERSON, "  Ana \n López ", TODAY), TODAY) == Told(
        ConsentBy.PERSON, "Ana López", TODAY
    )
    with pytest.raises(consents.ConsentEndedAlreadyError):
        checked(Told(ConsentBy.PERSON, "", TODAY - timedelta(days=1)), TODAY)
    with pytest.raises(consents.WhomTooLongError):
        checked(Told(ConsentBy.PERSON, "a" * 201), TODAY)


def test_a_consent_belongs_to_its_material(session: Session, storage: DiskStorage, editor: Person) -> None:
    one, other = material(session, editor), material(session, editor)
    made = add(session, one, editor)
    for act in (consents.withdraw, consents.restore):
        with pytest.raises(consents.ConsentMissingError):
            act(session, other.ref, made.ref, editor)
    with pytest.raises(consents.ConsentMissingError):
        consents.open_file(session, storage, other.ref, made.ref)
    with pytest.raises(AssetMissingError):
        consents.add(session, "nothing", GUARDIANS, Kept("0" * 64), editor)


def test_what_lists_show_is_what_is_cleared_whatever_the_consents(
    session: Session, editor: Person, count_queries: CountQueries
) -> None:
    """Each set of at most two consents of each kind of material; clearing costs one query for them all."""
    kinds = [
        {"by": by, "whom": whom, "ends_on": ends_on, "withdrawn_at": withdrawn_at}
        for by in ConsentBy
        for whom in ("Ana", "Beto")
        for ends_on, withdrawn_at in ((None, None), (date(2026, 3, 9), None), (TODAY, None), (None, NOON))
    ]
    refs = []
    for people in People:
        for some in [(), *((one,) for one in kinds), *itertools.combinations(kinds[:6] + kinds[8:12], 2)]:
            asset = material(session, editor, people)
            refs.append(asset.ref)
            session.add_all(
                Consent(asset_id=asset.id, file_sha256="0" * 64, added_by_id=editor.id, **one) for one in some
            )
    session.flush()
    with count_queries() as asked:
        answers = clearance_of(session, refs, NOON, MEXICO)
    assert len(asked) == 1
    shown = find(session, Search(cleared_at=(NOON, TODAY), limit=1000)).shown
    assert {one.asset.ref for one in shown} == {ref for ref, answer in answers.items() if answer.ok}
    assert 0 < len(shown) < len(refs)


def test_the_posts_that_are_still_to_go_out_with_it_are_told(session: Session, editor: Person) -> None:
    asset = material(session, editor)
    with Time().ruling() as time:
        rows = [
            planned(session, account(session, "rehearsal"), time.at + timedelta(hours=n)) for n in (1, 2, 3)
        ]
    rows[2].state = PublicationState.PUBLISHED
    for row in rows:
        session.add(
            PostMedia(post_id=row.post_id, position=1, asset_ref=asset.ref, asset_version=1, sha256="0" * 64)
        )
    session.flush()
    found, total = consents.posts_to_go_out(session, asset.ref, 1)
    assert (len(found), total) == (1, 2)
    assert consents.posts_to_go_out(session, "nothing", 5) == ([], 0)


def test_a_picture_is_a_document_too(storage: DiskStorage) -> None:
    for head in (b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP"):
        kept = consents.take_in(storage, head + b"0" * 20)
        with storage.open(Shelf.CONSENTS, kept.sha256) as stream:
            assert io.BytesIO(stream.read()).getvalue().startswith(head)
