"""The demonstration: what it plants is a state that the application itself could have come to."""

from pathlib import Path

import pytest
from sqlalchemy import select

from assets.models import Takedown, TakedownAnswer, UsedAs
from content_calendar.content import PostKind
from content_calendar.db import Database
from content_calendar.models.adaptations import Adaptation
from content_calendar.models.publications import Publication, PublicationPart
from content_calendar.payloads import thaw
from content_calendar.settings import read
from content_calendar.states import AdaptationState, HoldReason, PartState, PublicationState
from scheduler import invariants
from webapp.demo import plant_demo
from webapp.starting import plant


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.drill)], indirect=True
)
def test_the_demonstration_shows_each_kind_and_breaks_no_rule(database: Database, tmp_path: Path) -> None:
    settings = read({"RESUENA_DATA": str(tmp_path)})
    plant(database)
    plant_demo(database, settings)
    plant_demo(database, settings)
    with database.reading() as session:
        assert invariants.look(session) == []
        rows = session.scalars(select(Publication)).all()
        out = [row for row in rows if row.state is PublicationState.PUBLISHED]
        kinds = [thaw(row.payload, row.payload_sha256).kind for row in out]
        assert (kinds.count(PostKind.THREAD), kinds.count(PostKind.QUOTE)) == (1, 1)
        thread = out[kinds.index(PostKind.THREAD)]
        parts = session.scalars(
            select(PublicationPart)
            .where(PublicationPart.publication_id == thread.id)
            .order_by(PublicationPart.n)
        ).all()
        assert [part.state for part in parts] == [PartState.PUBLISHED] * 3
        moments = [part.published_at for part in parts if part.published_at]
        assert moments == sorted(set(moments))
        assert {row.hold_reason for row in rows} >= {HoldReason.ALIKE, HoldReason.BY_HAND, HoldReason.LATE}
        tasks = session.scalars(select(Takedown)).all()
        assert len({task.owner_id for task in tasks}) >= 4
        assert {task.used_as for task in tasks} >= {UsedAs.PUBLICATION, UsedAs.DOWNLOAD, UsedAs.REPLICA}
        assert [task.answer for task in tasks if task.answer] == [TakedownAnswer.NOT_USED]
        forms = session.scalars(select(Adaptation.state).order_by(Adaptation.id)).all()
        assert forms == [AdaptationState.APPROVED, AdaptationState.IN_REVIEW]
