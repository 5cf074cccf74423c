"""``/api/v1``: pages that neither miss nor repeat, reach, and errors as problem+json."""

from collections.abc import Callable

import pytest

from content_calendar.db import Database
from tests.conftest import CountQueries
from tests.webapp.conftest import Browser
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
PATHS = ("posts", "bodies", "publications", "replications")


def fill(database: Database, n: int, mark: str = "a") -> list[int]:
    with database.transaction() as session:
        stage = Stage(session)
        for i in range(n):
            body = stage.body(f"c{mark}{i}")
            stage.replication(stage.publication(stage.account(body)), body)
        return [body.id for body in stage.bodies]


@pytest.mark.parametrize("path", PATHS)
def test_every_row_comes_once_however_small_the_pages(
    client_as: ClientAs, database: Database, path: str
) -> None:
    fill(database, 5)
    browser = client_as("coordinator")
    seen: list[str] = []
    following = f"/api/v1/{path}?limit=2"
    while following:
        said = browser.client.get(following).get_json()
        seen += [item.get("ref") or item["slug"] for item in said["items"]]
        following = said["next"]
    assert len(seen) == len(set(seen)) == 5


def test_a_liaison_reads_its_own_replications_and_no_publications(
    client_as: ClientAs, database: Database
) -> None:
    ids = fill(database, 3)
    client = client_as("liaison", body_id=ids[0]).client
    said = client.get("/api/v1/replications").get_json()
    assert [item["body"] for item in said["items"]] == ["ca0"]
    refused = client.get("/api/v1/publications")
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=-1", "after=" + "9" * 30])
def test_a_page_that_cannot_be_is_a_problem(client_as: ClientAs, query: str) -> None:
    answer = client_as("coordinator").client.get(f"/api/v1/posts?{query}")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.get_json()["status"] == 422


@pytest.mark.parametrize("path", PATHS)
def test_the_number_of_questions_does_not_grow_with_the_rows(
    client_as: ClientAs, database: Database, count_queries: CountQueries, path: str
) -> None:
    client = client_as("coordinator").client
    fill(database, 2)
    with count_queries() as few:
        client.get(f"/api/v1/{path}")
    fill(database, 9, "b")
    with count_queries() as many:
        client.get(f"/api/v1/{path}")
    assert len(many) == len(few)
