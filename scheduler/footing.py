"""Footing: what a worker makes once, made before its first tick, so that no publication waits for it."""

import gc
import sys

from sqlalchemy.orm import configure_mappers

from scheduler.networks import networks

_RARELY = (20_000, 20, 20)
# How long a sender may keep the desk from going on, in seconds: whoever writes to SQLite keeps everybody else from it,
# and by itself Python lets a thread work on for ten times as long.
_TURN_SECONDS = 0.0005


def find() -> None:
    """Bring in the networks' files and make ready what is made once in a process.

    What was made by now stays as long as the process: looking through it, again and again, for what may go took an
    eighth of publishing's time (the ``gc`` module's documentation, ``freeze``).
    """
    configure_mappers()
    networks()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_RARELY)
    sys.setswitchinterval(_TURN_SECONDS)
