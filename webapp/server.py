"""The web server: granian, never Flask's own."""

import gc

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from content_calendar import logs
from content_calendar.settings import Settings
from webapp.app import create_app

_THREADS = 4
_RARELY = (20_000, 20, 20)


def application() -> Flask:
    """Return the application of one worker process."""
    made = create_app()
    logs.begin(made.extensions["resuena.settings"].log)
    # What was made by now stays: looking through it for what may go took a third of a large answer's time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    return made


def serve(settings: Settings) -> None:
    """Serve until told to stop; refuse at once what a worker process could not serve."""
    create_app(settings).extensions["resuena.database"].dispose()
    Granian(
        "webapp.server:application",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_workers,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
    ).serve()
