"""What every storage holds to, in a folder and in a bucket of a real S3 server on loopback."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import SEEK_END, BytesIO
from pathlib import Path

import pytest
import requests

from assets.object_storage import ObjectStorage, chosen
from assets.storage import DiskStorage, FileMissingError, Shelf, Storage
from content_calendar import clock
from content_calendar.errors import SettingError
from content_calendar.settings import read

DATA = b"lo que se comparte" * 400_000
NAME = hashlib.sha256(DATA).hexdigest()
_SERVE = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
server.stop()
"""


@pytest.fixture(scope="module")
def s3_address() -> Iterator[str]:
    """A real S3 server of this test's own, in a process of its own."""
    with subprocess.Popen(  # noqa: S603 -- our own program
        [sys.executable, "-W", "ignore", "-c", _SERVE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        port = server.stdout.readline().strip() if server.stdout else ""
        address = f"http://127.0.0.1:{port}"
        requests.put(f"{address}/materiales", timeout=20).raise_for_status()
        yield address
        if server.stdin:
            server.stdin.close()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    told = {"RESUENA_DATA": str(tmp_path)}
    if request.param == "bucket":
        told |= {
            "RESUENA_STORAGE": f"s3://materiales/{tmp_path.name}",
            "RESUENA_STORAGE_ENDPOINT": request.getfixturevalue("s3_address"),
            "RESUENA_STORAGE_KEY": "llave",
            "RESUENA_STORAGE_SECRET": "secreta",
        }
    return chosen(read(told))


def test_the_settings_choose_a_folder_or_a_bucket(storage: Storage, request: pytest.FixtureRequest) -> None:
    kinds = {"folder": DiskStorage, "bucket": ObjectStorage}
    assert isinstance(storage, kinds[request.node.callspec.params["storage"]])


def test_what_is_put_is_found_by_its_own_hash_and_read_from_anywhere(storage: Storage) -> None:
    assert storage.put(Shelf.SERVED, BytesIO(DATA)) == NAME
    assert storage.exists(Shelf.SERVED, NAME)
    with storage.open(Shelf.SERVED, NAME) as kept:
        assert kept.read() == DATA
        assert kept.seek(0, SEEK_END) == len(DATA)
        kept.seek(5_000_000)
        assert (kept.read(7), kept.tell()) == (DATA[5_000_000:5_000_007], 5_000_007)
    [only] = storage.files(Shelf.SERVED)
    assert (only.sha256, only.size) == (NAME, len(DATA))
    assert only.put_at.tzinfo is not None


def test_shelves_lie_apart_and_what_is_deleted_is_gone(storage: Storage) -> None:
    storage.put(Shelf.ORIGINALS, BytesIO(b"a"))
    name = storage.put(Shelf.ORIGINALS, BytesIO(b"a"))
    assert not storage.exists(Shelf.SERVED, name)
    with pytest.raises(FileMissingError):
        storage.open(Shelf.SERVED, name)
    assert [one.sha256 for one in storage.files(Shelf.ORIGINALS)] == [name]
    for _ in range(2):
        storage.delete(Shelf.ORIGINALS, name)
    assert list(storage.files(Shelf.ORIGINALS)) == []


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", NAME.upper(), NAME + "\n"])
def test_no_name_but_a_hash_is_asked_for(storage: Storage, name: str) -> None:
    assert not storage.exists(Shelf.SERVED, name)
    storage.delete(Shelf.SERVED, name)
    with pytest.raises(FileMissingError):
        storage.open(Shelf.SERVED, name)


def test_a_source_that_breaks_leaves_nothing(storage: Storage) -> None:
    class Breaking(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(min(10, size or 0))

    with pytest.raises(ConnectionResetError):
        storage.put(Shelf.SERVED, Breaking(DATA))
    assert list(storage.files(Shelf.SERVED)) == []


def test_a_place_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(SettingError):
        read({"RESUENA_STORAGE": "ftp://cubeta"})


def test_what_was_put_again_is_not_discarded_and_what_is_old_is(storage: Storage) -> None:
    name = storage.put(Shelf.SERVED, BytesIO(b"a"))
    assert not storage.discard(Shelf.SERVED, name, clock.now() - timedelta(days=1))
    assert storage.exists(Shelf.SERVED, name)
    later = clock.now() + timedelta(days=1)
    assert storage.discard(Shelf.SERVED, name, later)
    assert not storage.exists(Shelf.SERVED, name)
    assert not storage.discard(Shelf.SERVED, name, later)


def test_a_pack_asks_a_bucket_nothing_of_the_files_that_rows_name(tmp_path: Path) -> None:
    told = {"RESUENA_DATA": str(tmp_path), "RESUENA_STORAGE": "s3://materiales"}
    nowhere = chosen(read({**told, "RESUENA_STORAGE_ENDPOINT": "http://127.0.0.1:1"}))
    assert not nowhere.lacks(Shelf.SERVED, NAME)
    assert nowhere.lacks(Shelf.SERVED, "..")
    folder = DiskStorage(tmp_path / "materials")
    assert folder.lacks(Shelf.SERVED, NAME)
    folder.put(Shelf.SERVED, BytesIO(DATA))
    assert not folder.lacks(Shelf.SERVED, NAME)
