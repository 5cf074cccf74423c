"""Every file here is a network, found by listing the folder. To add one, add a file.

A file defines ``NETWORK``, an instance of the contract in ``scheduler/network.py``; its name is the slug. What only it
makes us say to people, such as why a permission of its own is asked, is in ``webapp/network_words/<slug>.py``.
"""

import pkgutil
from functools import cache
from importlib import import_module

from content_calendar.errors import NotFoundError
from scheduler.network import Network


class UnknownNetworkError(NotFoundError):
    """No file of this folder has that name."""

    code = "unknown_network"


@cache
def networks() -> dict[str, Network]:
    """Return every network by its slug, in alphabetical order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        network: Network = import_module(f"{__name__}.{module.name}").NETWORK
        found[network.slug] = network
    return found


def network(slug: str) -> Network:
    """Return the network of that slug; raise UnknownNetworkError when there is no such file."""
    try:
        return networks()[slug]
    except KeyError:
        raise UnknownNetworkError(slug=slug) from None


def network_for(slug: str, *, connected: bool) -> Network:
    """Return the network that publishes for an account of network ``slug``.

    Where there is no file for it, or no credentials, that is the one that leaves it to a person.
    """
    found = networks().get(slug)
    if found is not None and (connected or not found.needs_connection):
        return found
    return next(each for each in networks().values() if not each.automatic)


def new_key(slug: str) -> str:
    """Return a client key for a new part of an account of network ``slug``, whoever will publish it."""
    return network_for(slug, connected=True).new_key()
