import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest

from assets.storage import DiskStorage, FileMissingError, Shelf

DATA = b"lo que se comparte" * 1000
NAME = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def storage(tmp_path: Path) -> DiskStorage:
    return DiskStorage(tmp_path / "materials")


def all_files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_what_is_put_is_found_by_its_own_hash(storage: DiskStorage, tmp_path: Path) -> None:
    assert storage.put(Shelf.SERVED, BytesIO(DATA)) == NAME
    with storage.open(Shelf.SERVED, NAME) as kept:
        assert kept.read() == DATA
    assert all_files(tmp_path) == [f"materials/served/sha256/{NAME[:2]}/{NAME[2:4]}/{NAME}"]


def test_originals_lie_apart_from_what_is_served(storage: DiskStorage) -> None:
    storage.put(Shelf.ORIGINALS, BytesIO(DATA))
    assert storage.exists(Shelf.ORIGINALS, NAME)
    assert not storage.exists(Shelf.SERVED, NAME)
    with pytest.raises(FileMissingError):
        storage.open(Shelf.SERVED, NAME)


def test_putting_the_same_again_leaves_one_file_and_makes_it_young(
    storage: DiskStorage, tmp_path: Path
) -> None:
    storage.put(Shelf.SERVED, BytesIO(DATA))
    [path] = [tmp_path / name for name in all_files(tmp_path)]
    os.utime(path, (0, 0))
    [old] = storage.files(Shelf.SERVED)
    storage.put(Shelf.SERVED, BytesIO(DATA))
    [young] = storage.files(Shelf.SERVED)
    assert (young.sha256, young.size) == (NAME, len(DATA))
    assert young.put_at > old.put_at
    assert len(all_files(tmp_path)) == 1


def test_a_damaged_file_is_mended_by_putting_it_again(storage: DiskStorage, tmp_path: Path) -> None:
    storage.put(Shelf.SERVED, BytesIO(DATA))
    (tmp_path / all_files(tmp_path)[0]).write_bytes(b"damaged")
    storage.put(Shelf.SERVED, BytesIO(DATA))
    with storage.open(Shelf.SERVED, NAME) as kept:
        assert kept.read() == DATA


def test_many_who_put_the_same_at_once_do_not_disturb_each_other(
    storage: DiskStorage, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: storage.put(Shelf.SERVED, BytesIO(DATA)), range(64)))
    assert names == {NAME}
    assert len(all_files(tmp_path)) == 1


def test_a_source_that_breaks_leaves_nothing(storage: DiskStorage, tmp_path: Path) -> None:
    class Breaking(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            chunk = super().read(10 if self.tell() < 50 else 0)
            if not chunk:
                raise ConnectionResetError
            assert size
            return chunk

    with pytest.raises(ConnectionResetError):
        storage.put(Shelf.SERVED, Breaking(DATA))
    assert all_files(tmp_path) == []


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "/etc/passwd", NAME.upper(), NAME + "\n", NAME[:-1], "é" * 64]
)
def test_no_name_leads_out_of_the_folder(storage: DiskStorage, name: str) -> None:
    storage.put(Shelf.SERVED, BytesIO(DATA))
    with pytest.raises(FileMissingError):
        storage.open(Shelf.SERVED, name)
    assert not storage.exists(Shelf.SERVED, name)
    storage.delete(Shelf.SERVED, name)
    assert storage.exists(Shelf.SERVED, NAME)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(storage: DiskStorage) -> None:
    storage.put(Shelf.SERVED, BytesIO(DATA))
    storage.delete(Shelf.SERVED, NAME)
    storage.delete(Shelf.SERVED, NAME)
    assert not storage.exists(Shelf.SERVED, NAME)
    assert list(storage.files(Shelf.SERVED)) == []
