"""The simulated X as a process of its own: its faults come out the same under the same seed."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.simulators.x_faults import FaultPlan, read_rates
from tests.simulators.x_server import XServer

ROOT = Path(__file__).parents[2]
KEYS = {"Authorization": 'OAuth oauth_token="42-ficha"'}


@contextmanager
def started(*said: str) -> Iterator[XServer]:
    command = [sys.executable, "-m", "tests.simulators.x_server", *said]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 -- our own words
        assert process.stdout is not None
        try:
            yield XServer(json.loads(process.stdout.readline())["url"])
        finally:
            process.terminate()


def post(server: XServer, text: str) -> int:
    """Publish without the engine; return the answer's status, 0 for none."""
    try:
        return requests.post(
            f"{server.url}/2/tweets", json={"text": text}, headers=KEYS, timeout=10
        ).status_code
    except requests.ConnectionError:
        return 0


def test_a_process_tells_its_address_and_meets_its_plan() -> None:
    with started("--seed", "7", "--faults", "lost_answer=0.3,delayed=0.3", "--delay", "0.2") as server:
        answers = {text: post(server, text) for text in map(str, range(20))}
        told = server.told()
        assert 0 < sum(told["faults"].values()) == list(answers.values()).count(0)
        assert {one["what"]: one["times"] for one in told["asked"]} == {f"42/{n}": 1 for n in range(20)}
        deadline = time.monotonic() + 10
        while server.told()["pending"] and time.monotonic() < deadline:
            pass
        assert {post["text"] for post in server.posts()} == set(answers)
        assert all(post["requests"] == 1 for post in server.posts())


def test_a_seed_draws_the_same_faults_in_any_order() -> None:
    rates = read_rates("lost_answer=0.2,5xx_before=0.2,/2/users:html=0.5")
    texts = [str(n) for n in range(200)]

    def drawn(seed: int, order: list[str]) -> dict[str, list[str]]:
        plan = FaultPlan(seed, rates)
        return {text: [plan.draw("/2/tweets", text) for _ in range(3)] for text in order}

    assert drawn(1, texts) == drawn(1, texts[::-1])
    assert drawn(1, texts) != drawn(2, texts)
    kinds = [kind for each in drawn(1, texts).values() for kind in each]
    assert 60 < kinds.count("lost_answer") < 180
    assert set(kinds) == {"", "lost_answer", "5xx_before"}


def test_a_fault_that_nobody_knows_is_not_planned() -> None:
    with pytest.raises(ValueError, match="lost_anser"):
        read_rates("lost_anser=0.5")
