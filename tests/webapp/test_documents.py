"""The page of the networks is made from what each says of itself."""

from datetime import timedelta
from typing import ClassVar

import pytest

from scheduler.network import Network, Pace
from scheduler.networks import networks
from scheduler.networks.rehearsal import Rehearsal
from scheduler.powers import Price
from webapp import documents


def rows() -> dict[str, list[str]]:
    lines = [line for line in documents.network_table().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert len({len(row) for row in cells}) == 1
    return {row[1].strip("`"): row for row in cells[2:]}


def test_every_network_has_its_row_and_what_was_only_simulated_says_so() -> None:
    assert set(rows()) == set(networks())
    for slug, network in networks().items():
        simulated = "**simulated, not verified live**" in rows()[slug]
        assert simulated == (network.verified.value == "simulated")


class Dear(Rehearsal):
    """A tenth network, which costs."""

    slug: ClassVar[str] = "dear"
    name: ClassVar[str] = "Cara"
    pace: ClassVar[Pace] = Pace(timedelta(seconds=90), 300, timedelta(hours=3))
    identical_window: ClassVar[timedelta] = timedelta(days=1)
    look_mills: ClassVar[int] = 5
    price_source: ClassVar[str] = "https://example.org/precios"

    def price(self, text: str, images: int = 0) -> Price:
        return Price((200 if "https://" in text else 15) + 5 * images, 15 + 5 * images)


def test_a_tenth_network_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    dear: Network = Dear()
    monkeypatch.setattr(documents, "networks", lambda: {"dear": dear})
    (row,) = rows().values()
    assert row[0] == "Cara"
    assert {"300 in 3 h, 90 s apart", "24 h", "nothing leaves"} <= set(row)
    cost = "0.015 USD, with a link 0.200 USD, each alternative text 0.005 USD"
    assert f"{cost} ([source](https://example.org/precios))" in row
