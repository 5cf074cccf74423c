import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace as changed
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from assets import library
from assets.clearance import People
from assets.finding import Search, find
from assets.labels import AltTextMissingError, Label
from assets.library import Added, Taken, Use, add_image, chosen, clearance_of, get, take_in
from assets.models import Asset, AssetUse, UseKind
from assets.pictures import PictureTooManyPixelsError
from assets.storage import DiskStorage, FileMissingError, Shelf
from content_calendar.db import Database
from content_calendar.models.people import AuditEvent, Person
from tests.assets import corpus

MEXICO = ZoneInfo("America/Mexico_City")
NOON = datetime(2026, 3, 10, 18, tzinfo=UTC)
LABEL = Label(
    alt_text="Una mujer firma una solicitud", title="Solicitud", people=People.ADULTS, licence="CC BY 4.0"
)


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "materials")


@pytest.fixture
def editor(session: Session) -> Person:
    return a_person(session)


def a_person(session: Session) -> Person:
    person = Person(email="e@example.mx", email_folded="e@example.mx", name="Elena")
    session.add(person)
    session.flush()
    return person


def kept(text: str) -> Taken:
    """What ``take_in`` returns, without the cost of a picture: for what the rows alone decide."""
    name = hashlib.sha256(text.encode()).hexdigest()
    return Taken(f"{text}.png", name, name[::-1], name, "image/png", 9, 3, 3)


def audited(session: Session) -> list[tuple[str, str]]:
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(one.act, one.subject_ref) for one in events]


def test_a_picture_is_added_and_served_without_what_it_told(
    session: Session, storage: DiskStorage, editor: Person
) -> None:
    upload = corpus.photo(6)
    added = add_image(session, take_in(storage, upload, "IMG_1.jpg"), LABEL, editor)
    assert not added.duplicate
    assert (added.version.n, added.version.width, added.version.height) == (1, 200, 300)
    ref = added.asset.ref
    for thumbnail in (False, True):
        served = library.open_served(session, storage, ref, 1, thumbnail=thumbnail)
        with served.stream as stream:
            data = stream.read()
        assert hashlib.sha256(data).hexdigest() == served.sha256
        assert not [word for word in corpus.CANARIES if word in data]
        assert (served.media_type, served.filename) == ("image/jpeg", "IMG_1.jpg")
    with storage.open(Shelf.ORIGINALS, added.version.original_sha256) as original:
        assert original.read() == upload
    assert not storage.exists(Shelf.SERVED, added.version.original_sha256)
    assert audited(session) == [("asset.added", ref)]


def test_a_refused_picture_keeps_nothing(storage: DiskStorage) -> None:
    with pytest.raises(PictureTooManyPixelsError):
        take_in(storage, corpus.bomb())
    assert [*storage.files(Shelf.ORIGINALS), *storage.files(Shelf.SERVED)] == []


def test_a_picture_without_alternative_text_is_not_added(session: Session, editor: Person) -> None:
    with pytest.raises(AltTextMissingError):
        add_image(session, kept("a"), changed(LABEL, alt_text=" "), editor)
    assert session.scalar(select(func.count()).select_from(Asset)) == 0


def test_the_same_file_again_is_told_to_be_there_already(
    session: Session, storage: DiskStorage, editor: Person
) -> None:
    first = add_image(session, take_in(storage, corpus.photo()), LABEL, editor)
    again = add_image(session, take_in(storage, corpus.photo()), changed(LABEL, alt_text="Otra"), editor)
    assert (again.asset.id, again.version.n, again.duplicate) == (first.asset.id, 1, True)
    assert again.asset.alt_text == LABEL.alt_text
    with library.open_served(session, storage, first.asset.ref, 1).stream as stream:
        downloaded = stream.read()
    assert add_image(session, take_in(storage, downloaded), LABEL, editor).duplicate


def test_a_picture_that_was_put_away_may_be_added_anew(session: Session, editor: Person) -> None:
    first = add_image(session, kept("a"), LABEL, editor)
    library.archive(session, first.asset.ref, editor)
    library.archive(session, first.asset.ref, editor)
    second = add_image(session, kept("a"), LABEL, editor)
    assert not second.duplicate
    assert [act for act, _ in audited(session)] == ["asset.added", "asset.archived", "asset.added"]
    with pytest.raises(library.AssetArchivedError):
        library.replace(session, first.asset.ref, kept("b"), "", editor)


def test_a_new_version_leaves_the_old_one_to_those_who_chose_it(session: Session, editor: Person) -> None:
    added = add_image(session, kept("a"), LABEL, editor)
    ref = added.asset.ref
    second = library.replace(session, ref, kept("b"), " Fecha corregida ", editor)
    assert (second.version.n, second.version.change, second.duplicate) == (2, "Fecha corregida", False)
    assert library.replace(session, ref, kept("b"), "", editor).duplicate
    assert [version.n for version in get(session, ref).versions] == [1, 2]
    picked = chosen(session, [(ref, 1), (ref, 2), (ref, 3)])
    assert {pick: shown.version.sha256 for pick, shown in picked.items()} == {
        (ref, 1): kept("a").sha256,
        (ref, 2): kept("b").sha256,
    }
    assert [shown.version.n for shown in find(session).shown] == [2]


def test_a_label_can_be_mended_and_only_what_changed_is_told(session: Session, editor: Person) -> None:
    ref = add_image(session, kept("a"), LABEL, editor).asset.ref
    library.relabel(session, ref, LABEL, editor)
    library.relabel(session, ref, changed(LABEL, alt_text="Una persona firma"), editor)
    assert get(session, ref).alt_text == "Una persona firma"
    assert find(session, Search("mujer")).total == 0
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert last is not None
    assert last.details == {"changed": ["alt_text"]}
    assert len(audited(session)) == 2


def test_what_does_not_exist_is_said_so(session: Session, storage: DiskStorage, editor: Person) -> None:
    ref = add_image(session, kept("a"), LABEL, editor).asset.ref
    for ask in (
        lambda: get(session, "nothing"),
        lambda: library.open_served(session, storage, ref, 2),
        lambda: library.archive(session, "nothing", editor),
        lambda: library.record_use(session, ref, 7, Use(UseKind.DOWNLOADED)),
    ):
        with pytest.raises(library.AssetMissingError):
            ask()
    with pytest.raises(FileMissingError):
        library.open_served(session, storage, ref, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {"Protección", "Niñez"}),
        ("proteccion", {"Protección"}),
        ("PROTEC dat", {"Protección"}),
        ("ninez", {"Niñez"}),
        ("protección niñez", set()),
        ("100%", {"Niñez"}),
        ("%", {"Niñez"}),
        ("_", set()),
        ("cartel-b", {"Niñez"}),
    ],
)
def test_materials_are_found_by_parts_of_words_whatever_their_accents(
    session: Session, editor: Person, text: str, found: set[str]
) -> None:
    add_image(session, kept("a"), Label("Cartel de datos personales", "Protección"), editor)
    add_image(session, kept("cartel-b"), Label("El 100% de las escuelas", "Niñez"), editor)
    page = find(session, Search(text))
    assert {shown.asset.title for shown in page.shown} == found
    assert page.total == len(found)


def statements(session: Session) -> list[str]:
    session.flush()
    said: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: said.append(given[2]))
    return said


def test_a_page_costs_two_queries_however_many_there_are(session: Session, editor: Person) -> None:
    for n in range(30):
        add_image(session, kept(f"picture {n}"), changed(LABEL, title=f"Cartel {n}"), editor)
    said = statements(session)
    page = find(session, Search("cartel", limit=20, offset=20))
    assert [page.total, len(page.shown), len(said)] == [30, 10, 2]
    assert [shown.asset.title for shown in page.shown][-1] == "Cartel 0"


def test_what_may_be_used_is_asked_in_one_query(session: Session, editor: Person) -> None:
    def added(text: str, **said: object) -> str:
        return add_image(session, kept(text), changed(LABEL, **said), editor).asset.ref  # type: ignore[arg-type] # fields of a label

    good, minors = added("a"), added("b", people=People.MINORS)
    expired, early = added("c", expires_on=date(2026, 3, 9)), added("d", embargo_until=NOON + timedelta(1))
    unsaid = added("e", people=People.UNSAID, licence="")
    away = added("f")
    library.archive(session, away, editor)
    said = statements(session)
    answers = clearance_of(session, [good, minors, expired, early, unsaid, away, "nothing"], NOON, MEXICO)
    assert len(said) == 1
    assert {ref for ref, clearance in answers.items() if clearance.ok} == {good, unsaid}
    assert {ref: [reason.code for reason in answers[ref].reasons] for ref in answers} == {
        good: ["consent_missing"],
        minors: ["minors_without_consent"],
        expired: ["asset_expired", "consent_missing"],
        early: ["asset_embargoed", "consent_missing"],
        unsaid: ["people_unsaid", "licence_missing"],
        away: ["asset_archived", "consent_missing"],
        "nothing": ["asset_missing"],
    }
    assert answers[early].reasons[0].params == (("until", NOON + timedelta(1)),)
    assert clearance_of(session, [], NOON, MEXICO) == {}


def test_a_use_counts_once_and_every_download_counts(session: Session, editor: Person) -> None:
    ref = add_image(session, kept("a"), LABEL, editor).asset.ref
    for _ in range(2):
        library.record_use(session, ref, 1, Use(UseKind.COMPOSED, person_id=editor.id))
        library.record_use(session, ref, 1, Use(UseKind.DOWNLOADED, person_id=editor.id))
    kinds = sorted(use.kind for use in session.scalars(select(AssetUse)))
    assert kinds == [UseKind.COMPOSED, UseKind.DOWNLOADED, UseKind.DOWNLOADED]


def test_one_who_clicks_twice_adds_one_picture(database: Database) -> None:
    with database.transaction() as session:
        editor = a_person(session)
    together = Barrier(4)

    def click(_: int) -> Added:
        together.wait()
        with database.transaction() as session:
            return add_image(session, kept("a"), LABEL, editor)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(click, range(4)))
    assert sorted(answer.duplicate for answer in answers) == [False, True, True, True]
    assert len({answer.asset.id for answer in answers}) == 1


def test_versions_that_arrive_together_take_different_numbers(database: Database) -> None:
    with database.transaction() as session:
        editor = a_person(session)
        ref = add_image(session, kept("a"), LABEL, editor).asset.ref
    together = Barrier(4)

    def bring(n: int) -> int:
        together.wait()
        with database.transaction() as session:
            return library.replace(session, ref, kept(f"version {n}"), "", editor).version.n

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(bring, range(4))) == [2, 3, 4, 5]
