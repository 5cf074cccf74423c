"""Finding materials: parts of words, accents, facets; the same on both databases."""

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from assets import finding
from assets.finding import Search, facets, find
from assets.labels import searchable
from assets.models import Asset, AssetKind, AssetVersion, Collection, CollectionItem
from content_calendar.db import Database
from content_calendar.models.people import Person
from tests.conftest import CountQueries
from tests.content_calendar.makers import make_person


def planted(session: Session, *titles: str, **said: object) -> list[Asset]:
    by = session.scalar(select(Person.id)) or make_person(session).id
    made = []
    for title in titles:
        asset = Asset(
            **{"kind": AssetKind.IMAGE, "title": title, "search": searchable([title]), "added_by_id": by}
            | said
        )
        session.add(asset)
        session.flush()
        session.add(
            AssetVersion(
                asset_id=asset.id, n=1, sha256="0" * 64, original_sha256="0" * 64, media_type="image/png",
                size=1, added_by_id=by,
            )
        )  # fmt: skip
        made.append(asset)
    session.flush()
    return made


def found(session: Session, asked: str) -> list[str]:
    return [one.asset.title for one in find(session, Search(asked)).shown]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("cápsula", ["Cápsulas de radio"]),
        ("CAPSUL", ["Cápsulas de radio"]),
        ("psula", ["Cápsulas de radio"]),
        ("de", ["Kit de transparencia", "Cápsulas de radio"]),
        ("kit d", ["Kit de transparencia"]),
        ("i", ['100% "claro"_\' OR 1', "Kit de transparencia", "Cápsulas de radio"][1:]),
        ("radio kit", []),
        ('"claro"', ['100% "claro"_\' OR 1']),
        ("100%", ['100% "claro"_\' OR 1']),
        ("r_n", []),
        ("' OR", ['100% "claro"_\' OR 1']),
        ("trans*", []),
        ("cla\x00ro", ['100% "claro"_\' OR 1']),
    ],
)
def test_parts_of_words_are_found_without_accents_and_no_sign_is_an_order(
    session: Session, asked: str, titles: list[str]
) -> None:
    planted(session, "Cápsulas de radio", "Kit de transparencia", '100% "claro"_\' OR 1')
    assert found(session, asked) == titles


def test_the_index_follows_what_changes_and_what_goes(session: Session) -> None:
    first, second = planted(session, "Historieta", "Cartel")
    first.search = "radio"
    session.flush()
    assert (found(session, "historieta"), found(session, "radio")) == ([], ["Historieta"])
    session.execute(delete(AssetVersion).where(AssetVersion.asset_id == second.id))
    session.execute(delete(Asset).where(Asset.id == second.id))
    assert found(session, "cartel") == []


def test_what_keeps_the_index_is_there_after_every_migration(database: Database) -> None:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'asset'"
        if database.is_sqlite
        else "SELECT indexname FROM pg_indexes WHERE indexname = 'ix_asset_search_parts'"
    )
    with database.reading() as session:
        assert len(session.scalars(text(names)).all()) == (3 if database.is_sqlite else 1)


def test_facets_count_what_is_found_in_two_queries_however_much_it_is(
    session: Session, count_queries: CountQueries
) -> None:
    one, two = planted(session, "Cartel azul", "Cartel rojo", licence="CC BY 4.0")
    planted(session, "Cartel verde", kind=AssetKind.PDF, language="nah")
    planted(session, "Otra cosa")
    shelf = Collection(name="Concursos")
    session.add(shelf)
    session.flush()
    session.add_all(CollectionItem(collection_id=shelf.id, asset_id=asset.id) for asset in (one, two))
    session.flush()
    with count_queries() as sent:
        counted = facets(session, Search("cartel"))
    assert len(sent) == 2
    assert counted.kind == {AssetKind.IMAGE: 2, AssetKind.PDF: 1}
    assert counted.licence == {"CC BY 4.0": 2, "": 1}
    assert counted.language == {"es": 2, "nah": 1}
    assert counted.collection_id == {shelf.id: 2}
    assert find(session, Search("cartel", collection_id=shelf.id)).total == 2
    assert find(session, Search(language="nah")).total == 1
    assert find(session, Search(licence="CC BY 4.0", text="rojo")).total == 1


def test_more_than_is_worth_counting_is_told_as_more(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(session, *(f"Cartel {n}" for n in range(5)))
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)
    page = find(session, Search("cartel"))
    assert (len(page.shown), page.total, page.uncounted) == (5, 3, True)
