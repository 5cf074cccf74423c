"""What the first process of the pages loads before its workers come of it."""

import os
from pathlib import Path

import pytest
from flask import Flask

from content_calendar import memory
from content_calendar.settings import Settings, read
from webapp import server


class Granian:
    """Stands where the web server does, and serves nobody."""

    def __init__(self, *_given: object, **_named: object) -> None:
        pass

    def serve(self) -> None:
        """Return at once."""


@pytest.mark.parametrize(("workers", "made"), [("1", 0), ("2", 1)])
def test_only_who_has_several_workers_makes_what_they_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: str, made: int
) -> None:
    asked: list[Settings | None] = []

    def make(settings: Settings | None) -> Flask:
        asked.append(settings)
        return Flask("pages")

    monkeypatch.setattr(server, "Granian", Granian)
    monkeypatch.setattr(server, "_made", make)
    monkeypatch.setattr(server, "_inherited", [])
    monkeypatch.setattr(memory, "hold_little", lambda: None)
    monkeypatch.setattr(os, "nice", lambda _by: 0)
    server.serve(read({"RESUENA_DATA": str(tmp_path), "RESUENA_WEB_WORKERS": workers}))
    assert len(asked) == made
