"""Sistema: what each network charged this month, and the ceiling that an administrator sets."""

from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest

from content_calendar import budget
from content_calendar.budget import Cost
from content_calendar.db import Database
from scheduler.networks import networks
from scheduler.powers import Price
from tests.webapp.conftest import Browser, words
from tests.webapp.stage import Stage

ClientAs = Callable[..., Browser]
SLUG = "rehearsal"


@pytest.fixture(autouse=True)
def priced() -> Iterator[None]:
    """A network that charges, whatever the others do."""
    kind = type(networks()[SLUG])
    with (
        patch.object(kind, "look_mills", 5, create=True),
        patch.object(kind, "price_source", "https://red.example/precios", create=True),
        patch.object(kind, "price", lambda _self, _text: Price(15, 15), create=True),
    ):
        yield


def test_an_administrator_sees_what_was_spent_and_sets_a_ceiling(
    client_as: ClientAs, database: Database
) -> None:
    with database.transaction() as session:
        stage = Stage(session)
        row = stage.publication(stage.account(stage.body("uno")))
        budget.charge(session, [Cost(row.id, 1, row.account_id, SLUG, "post", 1_215)])
    browser = client_as("admin")
    before = words(browser.get("/sistema"))
    assert "1.215 USD" in before
    assert "sin tope" in before
    field = f"ceiling-{SLUG}"
    answer = browser.post(f"/sistema/tope/{SLUG}", {field: "24.50"}, follow=True)
    assert "es de 24.50 USD al mes." in words(answer)
    answer = browser.post(f"/sistema/tope/{SLUG}", {field: "1,000"}, follow=True)
    assert "es de 1,000.00 USD al mes. Antes era de 24.50 USD." in words(answer)
    refused = browser.post(f"/sistema/tope/{SLUG}", {field: "24,50"})
    assert refused.status_code == 422
    assert "Escribe dólares con punto" in words(refused)
    assert 'value="24,50"' in refused.get_data(as_text=True)
    assert "ya no tiene tope de gasto. Antes era de 1,000.00 USD." in words(
        browser.post(f"/sistema/tope/{SLUG}", {field: ""}, follow=True)
    )


def test_only_an_administrator_sets_it_and_only_where_something_is_charged(client_as: ClientAs) -> None:
    assert client_as("coordinator").post(f"/sistema/tope/{SLUG}", {f"ceiling-{SLUG}": "1"}).status_code == 403
    assert client_as("admin").post("/sistema/tope/nadie", {"ceiling-nadie": "1"}).status_code == 404
