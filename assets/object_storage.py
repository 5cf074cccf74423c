"""A storage in a bucket of any S3-compatible service, and which storage the settings choose."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import obstore
from obstore.exceptions import NotFoundError as NoObjectError
from obstore.store import ObjectStore, S3Store

from assets.storage import DiskStorage, FileMissingError, Shelf, Storage, StoredFile, is_name
from content_calendar.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config  # they exist for the type checker alone

_CHUNK = 1 << 20
# What fits in memory is not written to a disk first.
_SPOOLED = 4 << 20
_SCHEME = "s3://"


class ObjectStorage:
    """A storage in a bucket: ``<prefix>/<shelf>/sha256/abcd…``. The service keeps what it has answered for."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, shelf: Shelf, source: BinaryIO) -> str:
        """Keep what ``source`` holds under its own hash, known only at its end; it waits in a file till then."""
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(max_size=_SPOOLED) as waiting:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                waiting.write(chunk)
            waiting.seek(0)
            name = digest.hexdigest()
            obstore.put(self._store, _key(shelf, name), cast("BinaryIO", waiting))
        return name

    def open(self, shelf: Shelf, sha256: str) -> BinaryIO:
        """Return the file, read from the service piece by piece; raise FileMissingError when there is none."""
        if not is_name(sha256):
            raise FileMissingError(shelf=shelf.value, sha256=sha256)
        try:
            reader = obstore.open_reader(self._store, _key(shelf, sha256), buffer_size=_CHUNK)
        except (NoObjectError, FileNotFoundError):
            raise FileMissingError(shelf=shelf.value, sha256=sha256) from None
        return cast("BinaryIO", io.BufferedReader(_Object(reader), _CHUNK))

    def exists(self, shelf: Shelf, sha256: str) -> bool:
        """Return whether the file is there."""
        if not is_name(sha256):
            return False
        try:
            obstore.head(self._store, _key(shelf, sha256))
        except (NoObjectError, FileNotFoundError):
            return False
        return True

    def lacks(self, shelf: Shelf, sha256: str) -> bool:  # noqa: ARG002 -- as every storage is asked
        """Return whether this is no name of a file. The rows are believed: a pack asks of hundreds, each a request.

        The nightly sweep lists the bucket and tells which files are gone.
        """
        return not is_name(sha256)

    def delete(self, shelf: Shelf, sha256: str) -> None:
        """Remove the file; one that is not there is already removed."""
        if is_name(sha256):
            with suppress(NoObjectError, FileNotFoundError):
                obstore.delete(self._store, _key(shelf, sha256))

    def discard(self, shelf: Shelf, sha256: str, put_before: datetime) -> bool:
        """Remove the file if it was last put before that moment, looked up now; return whether it was.

        Between the look and the removal lies one request: a bucket has no lock. Whoever puts the file then sees it
        named by a row that lacks its file, in the next sweep.
        """
        if not is_name(sha256):
            return False
        try:
            put_at = obstore.head(self._store, _key(shelf, sha256))["last_modified"]
        except (NoObjectError, FileNotFoundError):
            return False
        if put_at >= put_before:
            return False
        self.delete(shelf, sha256)
        return True

    def clear_unfinished(self, begun_before: datetime) -> int:  # noqa: ARG002 -- as every storage is asked
        """Remove nothing: what was not put whole is not in a bucket, and its pieces end by the bucket's own rule."""
        return 0

    def files(self, shelf: Shelf) -> Iterator[StoredFile]:
        """Yield every file of the shelf, in no order."""
        for some in obstore.list(self._store, f"{shelf.value}/sha256/"):
            for one in some:
                name = one["path"].rpartition("/")[2]
                if is_name(name):
                    yield StoredFile(name, one["size"], one["last_modified"])


class _Object(io.RawIOBase):
    """An object of a bucket as Python's own kind of file."""

    def __init__(self, reader: Any) -> None:  # noqa: ANN401 -- the library's reader has no public name
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 -- any writable buffer, as RawIOBase has it
        piece = bytes(self._reader.read(len(buffer)))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())


def _key(shelf: Shelf, sha256: str) -> str:
    return f"{shelf.value}/sha256/{sha256}"


def chosen(settings: Settings) -> Storage:
    """Return the storage that the settings choose: a folder of the data, or a bucket."""
    if not settings.storage:
        return DiskStorage(settings.data / "materials")
    return ObjectStorage(store_of(settings, settings.storage))


def store_of(settings: Settings, address: str) -> ObjectStore:
    """Return what speaks with a bucket, ``s3://bucket/folder``, by the settings of the storage."""
    return _store(
        address, settings.storage_endpoint, settings.storage_region, settings.storage_key,
        settings.storage_secret,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _store(address: str, endpoint: str, region: str, key: str, secret: str) -> ObjectStore:
    """Return the one store of a bucket, whose connections are kept."""
    bucket, _, prefix = address.removeprefix(_SCHEME).partition("/")
    told: S3Config = {"region": region}
    if endpoint:
        told["endpoint"] = endpoint
    if key:
        told["access_key_id"], told["secret_access_key"] = key, secret
    patience: ClientConfig = {"allow_http": endpoint.startswith("http://"), "timeout": "60s"}
    return S3Store(bucket, prefix=prefix.strip("/") or None, config=told, client_options=patience)
