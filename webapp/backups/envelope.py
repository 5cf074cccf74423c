"""Sealing a backup, in the format of age: https://age-encryption.org/v1. The one file that knows the library.

Sealing needs the public half alone; opening needs the recovery key, which is never kept here. What is sealed opens
without Resuena too: ``age --decrypt -i key.txt copy.zip.age > copy.zip``.
"""

from typing import IO, Protocol

from pyrage import DecryptError, EncryptError, IdentityError, RecipientError, decrypt_io, encrypt_io
from pyrage.x25519 import Identity, Recipient

from content_calendar.errors import InvalidError
from webapp.backups.archive import BackupUnreadableError

MAGIC = b"age-encryption.org/v1"
_NOT_FOR_US = "No matching keys found"


class RecoveryKeyInvalidError(InvalidError):
    """That is not a recovery key."""

    code = "recovery_key_invalid"


class RecoveryKeyWrongError(InvalidError):
    """It is a recovery key, and not the one that this was sealed for."""

    code = "recovery_key_wrong"


def make_key() -> tuple[str, str]:
    """Return a new recovery key and its public half."""
    made = Identity.generate()
    return str(made), str(made.to_public())


def public_half(secret: str) -> str:
    """Return the public half of a recovery key; raise RecoveryKeyInvalidError."""
    return str(_identity(secret).to_public())


class Writes(Protocol):
    """Something that bytes can be written to."""

    def write(self, data: bytes, /) -> int:
        """Take the bytes; return how many."""

    def flush(self) -> None:
        """Let go of what waits."""


class _Target:
    """Where the library writes; it tells an error of writing as a text, and the error itself is kept here."""

    def __init__(self, file: Writes) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self._file.flush()


def seal(source: IO[bytes], target: Writes, *recipients: str) -> None:
    """Seal what ``source`` holds, so that each of the recipients opens it by itself; raise OSError."""
    try:
        known = [Recipient.from_str(one) for one in recipients]
    except RecipientError as error:
        raise RecoveryKeyInvalidError from error
    into = _Target(target)
    try:
        encrypt_io(source, into, known)
    except EncryptError as error:
        raise into.error or OSError(str(error)) from error


def open_sealed(source: IO[bytes], target: Writes, secret: str) -> None:
    """Open what was sealed.

    Raises RecoveryKeyInvalidError, RecoveryKeyWrongError, BackupUnreadableError, or OSError for ``target``'s own.
    Each piece of 64 KB is proved before it is written: what raises may have written the pieces before it.
    """
    identity, into = _identity(secret), _Target(target)
    try:
        decrypt_io(source, into, [identity])
    except (DecryptError, OSError) as error:
        if into.error is not None:
            raise into.error from error
        if _NOT_FOR_US in str(error):
            raise RecoveryKeyWrongError(field="key") from error
        raise BackupUnreadableError(why=str(error)) from error


def _identity(secret: str) -> Identity:
    try:
        return Identity.from_str("".join(secret.split()).upper())
    except IdentityError as error:
        raise RecoveryKeyInvalidError(field="key") from error
