"""The epoch: how an installation notices that its database is an older one that was put back.

The database's epoch grows with every sending, in the transaction that begins it, and is written to a file
outside the database before the network is called. A database whose epoch is behind the file's, or of
another origin, was restored: it has forgotten what was sent since its backup.
"""

import fcntl
import os
import secrets
import threading
import zlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from content_calendar.bulk import Prepared
from content_calendar.models.jobs import Installation

_ROW = 1
# What an epoch fills of a line of its file: the column that holds it has 40 letters. A space, eight digits, the end.
_SAID = 48
_LINE = _SAID + 10
# Built once: every batch of sendings lets the epoch grow.
_HELD = Prepared(select(Installation.epoch).where(Installation.id == _ROW).with_for_update())
_GROW = Prepared(
    update(Installation.__table__)  # type: ignore[arg-type] # a model's table is a Table
    .where(Installation.__table__.c.id == _ROW)
    .values(epoch=bindparam("grown"))
)


@dataclass(frozen=True)
class Epoch:
    """Where it began, and how many sendings it has seen."""

    origin: str
    count: int

    def __str__(self) -> str:
        return f"{self.origin}.{self.count}"

    @classmethod
    def read(cls, said: str) -> "Epoch":
        """Return the epoch that ``said`` names; one without a count has seen nothing."""
        origin, _, count = said.strip().partition(".")
        return cls(origin, int(count) if count.isdecimal() else 0)


class EpochFile:
    """The file that remembers the newest epoch that this machine has seen.

    Two lines of one length, each with its checksum: a later epoch is written over the older of the two, so that the
    other one stands whatever happens meanwhile. That costs a third of a new file under the same name, which the file
    system has to write down too, and it happens before each batch of sendings.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "epoch"
        self._lock = threading.Lock()

    def read(self) -> Epoch | None:
        """Return the epoch it remembers, None when it remembers none."""
        try:
            return _newest(self.path.read_bytes())[0]
        except FileNotFoundError:
            return None

    def keep(self, epoch: Epoch) -> None:
        """Remember ``epoch``, unless a later one of the same origin is remembered already."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # The lock of threads, and that of processes: another worker of this machine may keep a later one.
        with self._lock, self.path.with_name("epoch.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            try:
                file = self.path.open("r+b", buffering=0)
            except FileNotFoundError:
                self._replace(epoch)
                return
            with file:
                seen, older = _newest(file.read())
                if seen is None or seen.origin != epoch.origin or older is None:
                    if seen is None or seen.origin != epoch.origin or seen.count < epoch.count:
                        self._replace(epoch)
                elif seen.count < epoch.count:
                    os.pwrite(file.fileno(), _line(epoch), older * _LINE)
                    os.fdatasync(file.fileno())

    def _replace(self, epoch: Epoch) -> None:
        draft = self.path.with_name(f"epoch.{os.getpid()}.draft")
        with draft.open("wb") as file:
            file.write(_line(epoch) * 2)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)


def _line(epoch: Epoch) -> bytes:
    said = str(epoch).ljust(_SAID).encode("ascii")
    return b"%s %08x\n" % (said, zlib.crc32(said))


def _newest(held: bytes) -> tuple[Epoch | None, int | None]:
    """Return the newest epoch of a file, and which of its two lines may be written over; None: it has no two."""
    lines = [held[at : at + _LINE] for at in range(0, len(held), _LINE)]
    whole = {n: Epoch.read(line[:_SAID].decode("ascii")) for n, line in enumerate(lines) if _is_whole(line)}
    if not whole:  # as it was written once: one epoch and nothing else
        said = held.decode("ascii", "replace").strip()
        return (Epoch.read(said) if said and len(held) < _LINE else None), None
    newest = max(whole, key=lambda n: whole[n].count)
    return whole[newest], 1 - newest


def _is_whole(line: bytes) -> bool:
    return len(line) == _LINE and line[_SAID + 1 : -1] == b"%08x" % zlib.crc32(line[:_SAID])


def new_epoch() -> Epoch:
    """Return the beginning of a new epoch."""
    return Epoch(secrets.token_hex(8), 0)


def installation(session: Session) -> Installation:
    """Return the installation's row, made when there is none."""
    found = session.get(Installation, _ROW)
    if found is None:
        try:
            with session.begin_nested():
                session.add(Installation(id=_ROW, epoch=str(new_epoch())))
        except IntegrityError:  # another process was faster
            pass
        found = session.get_one(Installation, _ROW)
    return found


def advance(session: Session, by: int = 1) -> Epoch:
    """Let the database's epoch grow by so many sendings; return it. The caller keeps it in the file, once committed."""
    connection = session.connection()
    held = _HELD(connection, {})
    seen = Epoch.read(held[0][0] if held else installation(session).epoch)
    grown = Epoch(seen.origin, seen.count + by)
    _GROW(connection, {"grown": str(grown)})
    if (loaded := session.identity_map.get(identity_key(Installation, _ROW))) is not None:
        session.expire(loaded, ["epoch"])
    return grown


def is_restored(session: Session, seen: Epoch | None, *, others_work: bool) -> bool:
    """Tell whether this database is an older one than the file has ``seen``.

    The file is read before the transaction begins, since another thread may advance both meanwhile. Without
    a file we cannot know, and look; but a database that never sent anything has nothing to forget, and one
    that other workers work with is the living one: then this is only a new machine. A file that holds the
    epoch before this one is of a machine that has not heard of the restore yet, and only has to learn it.
    """
    known = session.get(Installation, _ROW)
    if known is None:
        return False
    epoch = Epoch.read(known.epoch)
    if seen is None:
        return epoch.count > 0 and not others_work
    if seen.origin == epoch.origin:
        return epoch.count < seen.count
    return seen.origin != Epoch.read(known.retired_epoch).origin


def renew(session: Session) -> Epoch:
    """Begin a new epoch, as a restored database does once its doubts are written down; return it."""
    begun, row = new_epoch(), installation(session)
    row.retired_epoch, row.epoch = row.epoch, str(begun)
    session.flush()
    return begun
