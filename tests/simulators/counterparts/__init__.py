"""Every file here is the counterpart of the network of its name, found by listing the folder.

A file defines ``counterpart()``, which opens the network's stand-in. What runs over every network unasked (the
fault table, the crash points, the drill) takes them from here, so that a new network is met by adding its file.
Moments are told by ``content_calendar.clock``: a test that moves the clock moves the stand-in's too.
"""

import pkgutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib import import_module

from scheduler.network import Network
from scheduler.networks import networks
from tests.simulators.counterpart import Counterpart


def slugs() -> list[str]:
    """The networks that have a counterpart here."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def counterpart(slug: str) -> AbstractContextManager[Counterpart]:
    """The stand-in of that network, which runs while it is open."""
    opened: AbstractContextManager[Counterpart] = import_module(f"{__name__}.{slug}").counterpart()
    return opened


def lacking(known: Mapping[str, Network] | None = None) -> list[str]:
    """The networks that publish by themselves with somebody's keys, and have no counterpart."""
    found = networks() if known is None else known
    connected = {slug for slug, each in found.items() if each.automatic and each.needs_connection}
    return sorted(connected - set(slugs()))
