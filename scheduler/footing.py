"""Footing: what a worker makes once, made before its first tick, so that no publication waits for it."""

import gc

from sqlalchemy.orm import configure_mappers

from scheduler.networks import networks

_RARELY = (20_000, 20, 20)


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
