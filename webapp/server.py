"""The web server: granian, never Flask's own."""

import gc
import os

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from jinja2 import FileSystemBytecodeCache

from content_calendar import logs, memory
from content_calendar.clock import monotonic
from content_calendar.settings import Settings

THREADS = 4
_LOADING_SECONDS = 2.0
_POLITE = 5
# Rarely, and then soon all of it: what was there before the first request is frozen and costs a look nothing.
_RARELY = (20_000, 5, 5)
# What the first process made before its workers came of it: they share its memory instead of making it again.
_inherited: list[Flask] = []


def application() -> Flask:
    """Return the application of one worker process: what it inherited, or where nothing is inherited its own."""
    made = _inherited[0] if _inherited else _made(None)
    logs.begin(made.extensions["resuena.settings"].log)
    gc.set_threshold(*_RARELY)
    return made


def _made(settings: Settings | None) -> Flask:
    from webapp.app import create_app  # noqa: PLC0415 -- half of what the pages weigh, for whoever serves them alone

    made = create_app(settings)
    made.extensions["resuena.database"].dispose()
    _load_templates(made)
    # What was made by now stays: looking through it for what may go took a third of a large answer's time, and
    # would write into every page of memory that is shared.
    gc.collect()
    gc.freeze()
    return made


def _load_templates(made: Flask) -> None:
    """Load the templates for all workers alike; what an earlier start compiled is read, since compiling takes 8 s.

    A first start does not wait for the rest: each is compiled, and written down, when somebody needs it.
    """
    folder = made.extensions["resuena.settings"].data / "templates"
    folder.mkdir(mode=0o700, exist_ok=True)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    made.jinja_env.auto_reload = False
    until = monotonic() + _LOADING_SECONDS
    for name in made.jinja_env.list_templates():
        if monotonic() > until:
            return
        made.jinja_env.get_template(name)


def serve(settings: Settings) -> None:
    """Serve until told to stop; refuse at once what several worker processes could not serve.

    One worker process alone has nobody to share with: it makes the application itself, and the process that watches
    over it never loads it.
    """
    memory.hold_little()
    # Where the processor is short the worker comes first: a page may wait a moment, a publication has its second.
    os.nice(_POLITE)
    if settings.web_workers > 1:
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
