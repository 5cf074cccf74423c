"""Find every code that the house can raise or store: errors by their classes, others by their marks."""

import importlib
import pkgutil

import assets
import content_calendar
import scheduler
import webapp
from content_calendar.errors import ResuenaError

ROOMS = (content_calendar, assets, scheduler, webapp)
LEFT_OUT = ("webapp.migrations", "webapp.frontend", "webapp.server", "webapp.translations.__main__")


def load_everything() -> None:
    """Import every module of the house, so that every class exists."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.startswith(LEFT_OUT) and not module.name.endswith("__main__"):
                importlib.import_module(module.name)


def every_code() -> set[str]:
    """Return the code of every domain error."""
    load_everything()
    codes, waiting = set(), [ResuenaError]
    while waiting:
        kind = waiting.pop()
        codes.add(kind.code)
        waiting += kind.__subclasses__()
    return codes
