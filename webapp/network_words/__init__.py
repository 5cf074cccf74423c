"""What people are told of one network only, a file for each that needs words of its own; found by listing the folder.

A file ``<slug>.py`` may define ``SENTENCES``, of the codes that its network's file makes up, such as why a permission
of its own is asked (``Permission.why``) or what is done beforehand (``AsksBeforehand.beforehand``); and ``KEYS``, the
name and the help of each field that only it asks for (``credential_fields``, ``app_fields``).
"""

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import TypeVar

_Said = TypeVar("_Said")


def network_sentences() -> dict[str, str]:
    """Return the sentences of every file here, by code; ValueError when two files give one code."""
    return _joined(getattr(one, "SENTENCES", {}) for one in _files())


def network_keys() -> dict[str, tuple[str, str]]:
    """Return name and help of each field, by its name; ValueError when two files give one name."""
    return _joined(getattr(one, "KEYS", {}) for one in _files())


def _files() -> Iterator[ModuleType]:
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        yield import_module(f"{__name__}.{module.name}")


def _joined(several: Iterator[Mapping[str, _Said]]) -> dict[str, _Said]:
    found: dict[str, _Said] = {}
    for one in several:
        if twice := found.keys() & one.keys():
            raise ValueError(twice)
        found.update(one)
    return found
