"""The copy in a bucket, of a real S3 server on loopback: it follows the folder, and comes back from it whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from content_calendar.backups import NoBackupBucketError
from content_calendar.settings import read
from tests.assets.test_object_storage import s3_address
from webapp.backups import bucket

__all__ = ["s3_address"]
NIGHT, MATERIAL = "resuena-20261123T090000Z.zip.age", "materials-0a/originals/ab/abcd.age"


def lying(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_bucket_follows_the_folder_and_brings_everything_back(
    tmp_path: Path,
    s3_address: str,
) -> None:
    settings = read(
        {
            "RESUENA_DATA": str(tmp_path / "data"),
            "RESUENA_BACKUP_STORAGE": f"s3://materiales/respaldos-{tmp_path.name}",
            "RESUENA_STORAGE_ENDPOINT": s3_address,
            "RESUENA_STORAGE_KEY": "llave",
            "RESUENA_STORAGE_SECRET": "secreta",
        }
    )
    for name, said in ((NIGHT, b"una noche"), (MATERIAL, b"un cartel" * 100_000)):
        path = settings.backups / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(said)
    (settings.backups / "resuena-20261124T090000Z.zip.part").write_bytes(b"a medias")
    assert (bucket.mirror(settings), bucket.mirror(settings)) == (2, 0)
    whole = {name: said for name, said in lying(settings.backups).items() if name.endswith(".age")}
    assert bucket.fetch(settings, tmp_path / "back") == 2
    assert lying(tmp_path / "back") == whole
    assert bucket.fetch(settings, tmp_path / "back") == 0
    (settings.backups / NIGHT).unlink()
    bucket.mirror(settings)
    assert bucket.fetch(settings, tmp_path / "later") == 1
    with pytest.raises(NoBackupBucketError):
        bucket.mirror(replace(settings, backup_storage=""))
