"""The mailbox: lets the worker mail notices, written here, where the sentences are."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from scheduler import mailing
from scheduler.filling import mailing as sweep_mailing
from scheduler.timetable import Tick
from scheduler.worker import Worker
from webapp.letters import writer
from webapp.sweep_letters import sweep_writer

_EVERY = timedelta(seconds=30)


def ticks(worker: Worker) -> Sequence[Tick]:
    """Return what the worker does besides its own: mail what is due."""
    return [
        Tick("mail", _EVERY, partial(mailing.tick, worker, writer(worker.settings))),
        Tick("sweep-mail", _EVERY, partial(sweep_mailing.tick, worker, sweep_writer(worker.settings))),
    ]
