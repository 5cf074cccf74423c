"""The web server: granian, never Flask's own."""

import gc

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from content_calendar import logs, memory
from content_calendar.settings import Settings
from webapp.app import create_app

THREADS = 4
_RARELY = (20_000, 20, 20)
# What the first process made before its workers came of it: they share its memory instead of making it again.
_inherited: list[Flask] = []


def application() -> Flask:
    """Return the application of one worker process: what it inherited, or where nothing is inherited its own."""
    made = _inherited[0] if _inherited else _made(None)
    logs.begin(made.extensions["resuena.settings"].log)
    gc.set_threshold(*_RARELY)
    return made


def _made(settings: Settings | None) -> Flask:
    made = create_app(settings)
    made.extensions["resuena.database"].dispose()
    # What was made by now stays: looking through it for what may go took a third of a large answer's time, and
    # would write into every page of memory that is shared.
    gc.collect()
    gc.freeze()
    return made


def serve(settings: Settings) -> None:
    """Serve until told to stop; refuse at once what a worker process could not serve."""
    memory.hold_little()
    _inherited.append(_made(settings))
    Granian(
        "webapp.server:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()
