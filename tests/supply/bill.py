"""The bill of materials: everything that an installation runs and did not come from us, as CycloneDX 1.6.

Made from the two locks alone (``requirements-run.lock``, ``webapp/frontend/package-lock.json``), with no clock and no
chance in it: the same locks give the same bytes. https://cyclonedx.org/docs/1.6/json/
"""

import base64
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)

Component = dict[str, Any]


def of_python(lock: str) -> Iterator[Component]:
    """Yield each package that is pinned; its hashes are those of the index's files."""
    pins = list(_PINNED.finditer(lock))
    for n, pin in enumerate(pins):
        block = lock[pin.start() : pins[n + 1].start() if n + 1 < len(pins) else len(lock)]
        name, version = pin.group(1).lower().replace("_", "-"), pin.group(2)
        purl = f"pkg:pypi/{name}@{version}"
        hashes = sorted(set(re.findall(r"sha256:([0-9a-f]{64})", block)))
        yield {
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "properties": [{"name": "resuena:file-sha256", "value": one} for one in hashes],
        }  # fmt: skip


def of_npm(lock: dict[str, Any]) -> Iterator[Component]:
    """Yield each package that reaches the pages; what only tests need is left out."""
    for place, one in lock["packages"].items():
        if not place or one.get("dev"):
            continue
        name, version = place.rpartition("node_modules/")[2], one["version"]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        algorithm, _, digest = one["integrity"].partition("-")
        yield {
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "licenses": [{"license": {"name": one["license"]}}] if one.get("license") else [],
            "hashes": [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": base64.b64decode(digest).hex()}],
        }  # fmt: skip


def bill(root: Path) -> str:
    """Return the bill as JSON; the same text for the same locks."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    python = (root / "requirements-run.lock").read_text(encoding="utf-8")
    npm = (root / "webapp/frontend/package-lock.json").read_text(encoding="utf-8")
    components = sorted([*of_python(python), *of_npm(json.loads(npm))], key=lambda one: str(one["bom-ref"]))
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    told = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, ours + python + npm)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": ours, "name": project["name"], "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": components,
        "dependencies": [{"ref": ours, "dependsOn": [one["bom-ref"] for one in components]}],
    }  # fmt: skip
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def faults_of(text: str) -> list[str]:
    """Return what CycloneDX's own schema says against a bill."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415 -- a development's library
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415 -- same

    said = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    return [] if said is None else [str(said)[:300]]


def check(root: Path) -> list[str]:
    """Return the bill's faults, having made it."""
    return faults_of(bill(root))


def write(root: Path) -> Path:
    """Write the bill into build/ and return where."""
    path = root / "build" / "resuena.cdx.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(bill(root), encoding="utf-8")
    return path
