"""Everything is lost and restored from the night's backup: all of it comes back, and nothing is sent twice."""

from pathlib import Path

import pytest

from content_calendar.db import Database
from tests.drill.disaster import run

N = 6


def test_after_a_restore_nothing_is_sent_twice_and_nothing_is_lost(
    database: Database, tmp_path: Path
) -> None:
    found = run(database, tmp_path / "drill", N)
    told = found.line()
    assert found.sent_after_backup == N // 3, told
    assert (found.twice, found.integrity, found.materials) == (0, "ok", 1), told
    assert (found.published, found.waiting) == (N, 0), told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_control_a_copy_that_is_simply_put_back_sends_again_what_it_has_forgotten(
    database: Database, tmp_path: Path
) -> None:
    assert run(database, tmp_path / "drill", N, forgetful=True).twice == N // 3
