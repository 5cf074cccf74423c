"""What bodies and the people they share with are given: approved versions, and no others."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assets import adapting, library
from assets.labels import Label
from content_calendar import adaptation_reviews, adaptations, posts
from content_calendar.adaptations import Original, Written
from content_calendar.db import Database
from content_calendar.models.adaptations import AdaptationForm, AdaptationText
from content_calendar.models.people import Person
from content_calendar.models.posts import Post
from tests.webapp.api.test_openapi import faults
from tests.webapp.conftest import Browser, words
from tests.webapp.toolbox.test_machines import Site
from tests.webapp.toolbox.test_packs import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ClientAs = Callable[..., Browser]


def _write(database: Database, find: Callable[[Session], Original], language: str, *, approved: bool) -> None:
    with database.transaction() as session:
        writer, reviewer = session.scalars(select(Person).order_by(Person.id)).all()[:2]
        original = find(session)
        texts = {key: f"{language} {key}" for key in original.texts}
        made = adaptations.begin(
            session, original, writer, language, AdaptationForm.WHOLE, Written(texts, "Citlali")
        )
        adaptation_reviews.ask(session, made, original, writer, reviewer.ref)
        if approved:
            seen = adaptations.text_of(session, made).content_hash
            adaptation_reviews.approve(session, made, original, reviewer, seen)


def test_a_site_is_told_the_approved_versions_of_a_material_and_whether_they_still_fit(
    client_as: ClientAs, database: Database, app: Flask
) -> None:
    world = World(client_as, database)
    _write(database, lambda s: adapting.original_of(library.get(s, world.asset)), "nah", approved=True)
    _write(database, lambda s: adapting.original_of(library.get(s, world.asset)), "yua", approved=False)
    site = Site(world, "materials")
    told = site.get(f"/api/v1/materiales/{world.asset}").get_json()
    document = app.test_client().get("/api/v1/openapi.json").get_json()
    assert faults(document, "/materiales/{ref}", told) == []
    (version,) = told["versions"]
    assert (version["language"], version["form"], version["title"]) == ("nah", "whole", "nah title")
    assert (version["credit"], version["current"], version["file"]) == ("Citlali", True, None)
    with database.transaction() as session:
        by = session.scalars(select(Person)).first()
        assert by is not None
        library.relabel(session, world.asset, Label(alt_text="Otra cosa", title="Otra"), by)
        session.flush()
    (version,) = site.get(f"/api/v1/materiales/{world.asset}").get_json()["versions"]
    assert version["current"] is False


def test_a_share_page_shows_a_posts_approved_versions_and_no_draft(
    client_as: ClientAs, database: Database, app: Flask
) -> None:
    world = World(client_as, database)

    with database.transaction() as session:
        shared = session.scalars(select(Post)).one()
        shared.version_id = shared.approved_version_id

    def original(session: Session) -> Original:
        return adaptations.of_post(posts.find(session, world.post))

    _write(database, original, "nah", approved=True)
    _write(database, original, "yua", approved=False)
    page = words(app.test_client().get(world.share(world.liaison)))
    assert "Versión en náhuatl" in page
    assert "nah part.1 nah part.2" in page
    assert "ALT nah alt" in page
    assert "yua" not in page
    pack = world.pull(world.liaison)
    (name,) = (name for name in pack.namelist() if name.startswith("otras-lenguas/"))
    assert name == "otras-lenguas/version-en-nahuatl.txt"
    assert "nah part.1" in pack.read(name).decode()
    assert "Versión en náhuatl" in pack.read("index.html").decode()
    assert "nah part.1" in pack.read("LEEME.txt").decode()
    # The control: made of other words than those that are shared, it is not shown.
    with database.transaction() as session:
        session.execute(update(AdaptationText).values(original_hash="0" * 64))
    assert "náhuatl" not in words(app.test_client().get(world.share(world.liaison)))
