"""The mailbox: lets the worker mail notices, written here, where the sentences are."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from scheduler import ally_rounds, mailing, sealing
from scheduler.filling import mailing as sweep_mailing
from scheduler.replication import correction_mailing
from scheduler.timetable import Tick
from scheduler.worker import Worker
from webapp import ally_letters, door_letters
from webapp.backups import background as night
from webapp.beside import Beside
from webapp.correction_letters import correction_writer
from webapp.letters import writer
from webapp.reports import background
from webapp.sweep_letters import sweep_writer

_EVERY = timedelta(seconds=30)
# Somebody waits at the door for it.
_DOOR_EVERY = timedelta(seconds=5)
_SEAL_EVERY = timedelta(seconds=5)


def ticks(worker: Worker) -> Sequence[Tick]:
    """Return what the worker does besides its own: mail, the allies' pack, reports, backups."""
    allies = partial(ally_rounds.tick, worker, ally_letters.writer(worker.settings))
    corrections = partial(correction_mailing.tick, worker, correction_writer(worker.settings))
    backing, reporting = Beside(), Beside()
    return [
        Tick("mail", _EVERY, partial(mailing.tick, worker, writer(worker.settings))),
        Tick("allies", _EVERY, allies),
        Tick("sweep-mail", _EVERY, partial(sweep_mailing.tick, worker, sweep_writer(worker.settings))),
        Tick("correction-mail", _EVERY, corrections),
        Tick("door-mail", _DOOR_EVERY, partial(door_letters.tick, worker)),
        Tick("seal", _SEAL_EVERY, partial(sealing.tick, worker.database)),
        Tick("backups", night.EVERY, partial(night.tick, worker, backing), backing.stop),
        Tick("reports", background.EVERY, partial(background.tick, worker, reporting), reporting.stop),
    ]
