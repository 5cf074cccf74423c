"""The tick of follow-through: it asks, suggests and reminds, and does nothing where nothing is due."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from content_calendar import local_texts, people
from content_calendar.content import Content, as_json, hash_of
from content_calendar.db import Database
from content_calendar.models.notices import Notice
from content_calendar.models.posts import Post, PostVersion
from content_calendar.permissions import Role
from content_calendar.settings import read
from scheduler.replication import corrections, following
from scheduler.worker import new_worker
from tests.webapp.stage import Stage


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_tick_reaches_who_was_found_later_and_whose_original_changed(
    database: Database, tmp_path: Path
) -> None:
    worker = new_worker(database, read({"RESUENA_DATA": str(tmp_path)}))
    assert following.tick(worker) == 0
    with database.transaction() as session:
        stage = Stage(session)
        body, late = stage.body("uno"), stage.body("dos")
        row = stage.publication(stage.account(body), text="Hasta el 20.")
        stage.replication(row, body)
        post = session.get_one(Post, row.post_id)
        liaison = people.add(session, "lia@ejemplo.mx", "Lia")
        people.grant(session, liaison, Role.LIAISON, on=date(2020, 1, 1), body_id=late.id)
        version = session.get_one(PostVersion, post.approved_version_id)
        local_texts.save(session, post, version, late.id, liaison, "En Colima, hasta el 20.")
        corrections.begin(session, post, liaison, "La fecha", "Hasta el 20.", "Hasta el 30.")
        stage.replication(row, late)
        value = as_json(Content(("Hasta el 20, sin falta.",)))
        anew = PostVersion(
            post_id=post.id, n=2, content=value, content_hash=hash_of(value), author_id=liaison.id
        )
        session.add(anew)
        session.flush()
        post.approved_version_id = post.version_id = anew.id
    assert following.tick(worker) == 2
    with database.reading() as session:
        told = session.scalars(select(Notice.code).where(Notice.person_id == liaison.id)).all()
    assert sorted(told) == ["correction_asked", "text_suggested"]
