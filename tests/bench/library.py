"""A search in 100,000 materials, and whatever the tool-box's other parts measure; one JSON line at the end."""

import importlib
import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from assets import fingerprints
from assets.finding import Search, facets, find
from assets.fingerprint_bits import signed
from assets.labels import searchable
from assets.models import Asset, AssetKind, AssetVersion, Fingerprint
from content_calendar.clock import monotonic
from content_calendar.db import Database, new_ref
from content_calendar.models.people import Person
from tests.bench._measure import disk_folder, median, percentile, report
from webapp.database import migrate

_MATERIALS = 100_000
_BATCH = 5_000
_REPEATS = 5
_LOOKS = 60
_START = datetime(2024, 1, 1, tzinfo=UTC)
# Modules of this folder with a ``measure() -> dict[str, float]`` that are told in the same line.
_ALSO = ("_hashes",)
WORDS = (
    "transparencia", "acceso", "información", "datos", "personales", "privacidad", "municipio",
    "gobierno", "abierto", "portal", "solicitud", "respuesta", "derecho", "saber", "organismo",
    "garante", "concurso", "historieta", "juvenil", "infantil", "radio", "revista", "cápsula",
    "proactiva", "presupuesto", "contratos", "obra", "pública", "salud", "educación", "vivienda", "agua",
    "seguridad", "mujeres", "indígenas", "lenguas", "archivo", "memoria", "rendición", "cuentas",
    "corrupción", "sistema", "nacional", "comisión", "vinculación", "promoción", "difusión", "cartel",
    "infografía", "folleto", "taller", "foro", "feria", "jornada", "ciudadana", "plataforma", "recurso",
    "revisión", "aviso", "arco", "supresión", "rectificación",
)  # fmt: skip
# What people type: whole words, parts, two words, a rare one, one that is nowhere, two letters, nothing.
ASKED = (
    "transparencia", "capsul", "parencia", "gobierno abierto", "rectif datos", "IMG_00421", "supresión",
    "municipio lona", "concurso historieta", "nohaynada", "zq", "foro", "plataforma recurso", "",
)  # fmt: skip


def plant(database: Database) -> None:
    """Write the materials: words as frequent as in a language, and four rare ones in each."""
    chance = random.Random(4)  # noqa: S311 -- a plan's likeness, not a secret
    weights = [1 / (n + 1) ** 0.7 for n in range(len(WORDS))]
    syllables = [a + b for a in "bcdfglmnprst" for b in "aeiou"]
    rare = ["".join(chance.choices(syllables, k=4)) for _ in range(20_000)]
    with database.transaction() as session:
        by = Person(email="ana@snt.mx", email_folded="ana@snt.mx", name="Ana")
        session.add(by)
        session.flush()
        for start in range(0, _MATERIALS, _BATCH):
            rows, versions = [], []
            for n in range(start, start + _BATCH):
                title = " ".join(chance.choices(WORDS, weights, k=5))
                said = " ".join(chance.choices(WORDS, weights, k=14) + chance.choices(rare, k=4))
                name = f"IMG_{n:05d}.jpg"
                rows.append(
                    {
                        "id": n + 1, "ref": new_ref(), "kind": chance.choice(list(AssetKind)), "title": title,
                        "description": said, "added_by_id": by.id, "created_at": _START + timedelta(minutes=n),
                        "search": searchable([title, said, name]), "licence": "CC BY 4.0",
                    }
                )  # fmt: skip
                versions.append(
                    {
                        "asset_id": n + 1, "n": 1, "sha256": f"{n:064x}", "original_sha256": f"{n:064x}",
                        "media_type": "image/jpeg", "size": 1, "filename": name, "added_by_id": by.id,
                    }
                )  # fmt: skip
            prints = [
                {
                    "asset_id": row["id"],
                    "picture": f"{row['id']:064x}",
                    "bits": signed(chance.getrandbits(64)),
                }
                for row in rows
            ]
            session.execute(insert(Asset), rows)
            session.execute(insert(AssetVersion), versions)
            session.execute(insert(Fingerprint), prints)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def measure(database: Database) -> dict[str, float]:
    """Return how long the page of a search takes, and its facets, in thousandths of a second."""
    pages, counts, worked = [], [], []
    for text in ASKED * _REPEATS:
        with database.reading() as session:
            began, works = monotonic(), time.thread_time()
            find(session, Search(text, limit=24))
            paged = monotonic()
            worked.append((time.thread_time() - works) * 1000)
            facets(session, Search(text))
            pages.append((paged - began) * 1000)
            counts.append((monotonic() - paged) * 1000)
    return {
        "search_p50_ms": median(pages),
        "search_p50_cpu_ms": median(worked),
        "search_p95_ms": percentile(pages, 0.95),
        "facets_p50_ms": median(counts),
    }


def look_alikes(database: Database) -> dict[str, float]:
    """Return how long a material's page looks for what looks like it: first in a process, and then, in ms."""
    took = []
    for asset_id in range(1, _LOOKS + 1):
        with database.reading() as session:
            began = monotonic()
            fingerprints.look_alikes(session, asset_id)
            took.append((monotonic() - began) * 1000)
    return {"alike_first_ms": took[0], "alike_p50_ms": median(took[1:])}


def main() -> None:
    found: dict[str, object] = {"materials": _MATERIALS}
    not_yet = []
    with disk_folder() as folder:
        database = Database(f"sqlite:///{folder / 'library.db'}")
        migrate(database)
        plant(database)
        found.update(measure(database))
        found.update(look_alikes(database))
        database.dispose()
    for name in _ALSO:
        if Path(__file__).with_name(f"{name}.py").exists():
            found.update(importlib.import_module(f"tests.bench.{name}").measure())
        else:
            not_yet.append(name.strip("_"))
    report(found, not_yet)


if __name__ == "__main__":
    main()
