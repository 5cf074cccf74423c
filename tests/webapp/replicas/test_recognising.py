from collections.abc import Callable

import pytest
from sqlalchemy import select

from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from scheduler.replication import tuning
from tests.webapp.conftest import Browser, words
from webapp.replicas.recognising import KINDS, measured

Clients = Callable[..., Browser]
PAGE = "/replicas/como-reconocemos"
STANDING = {name: str(dial.default) for name, dial in tuning.DIALS.items()}


def test_whoever_sees_replications_reads_how_they_are_recognised_and_does_not_tune(
    client_as: Clients,
) -> None:
    editor = client_as("editor")
    said = words(editor.get(PAGE))
    assert "Cómo reconocemos las réplicas" in said
    assert "Guardar los ajustes" not in said
    assert editor.post(PAGE, data=STANDING).status_code == 403


def test_each_kind_that_was_measured_is_told_and_none_else() -> None:
    assert set(KINDS) == set(measured()["kinds"])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"automatic": "99"}, "Escribe un número entero de 70 a 95."),
        ({"doubtful": "muchos"}, "Escribe un número entero de 55 a 77."),
        ({"automatic": "70", "doubtful": "75"}, "Para dudar se pide menos que para estar seguros"),
    ],
)
def test_what_is_out_of_bounds_comes_back_with_what_was_typed(
    client_as: Clients, database: Database, typed: dict[str, str], said: str
) -> None:
    answer = client_as("admin").post(PAGE, data=STANDING | typed)
    assert answer.status_code == 422
    assert said in words(answer)
    with database.reading() as session:
        assert tuning.values(session)["automatic"] == tuning.DIALS["automatic"].default


def test_an_administrator_tunes_and_the_trail_tells_it(client_as: Clients, database: Database) -> None:
    answer = client_as("admin").post(PAGE, data=STANDING | {"automatic": "85"})
    assert answer.status_code == 303
    with database.reading() as session:
        assert tuning.thresholds(session).automatic == 85
        acts = session.scalars(select(AuditEvent).where(AuditEvent.act == "matching_tuned")).all()
        assert [event.details for event in acts] == [{"automatic": [78, 85]}]
