"""The files that an installation is made of say what the code knows: names, commands, folders, spans."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

from content_calendar.settings import PREFIX, read
from tests.drill.installing import blocks
from webapp import app as application
from webapp import watching
from webapp.cli import main

ROOT = Path(__file__).parents[2]
HERE = ROOT / "docs" / "installing"
UNITS = ("resuena-web.service", "resuena-worker.service")
PAGES = (ROOT / "docs" / "installing.md", ROOT / "docs" / "CONTRIBUTING.md", ROOT / "docs" / "SECURITY.md")


def text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


def environment(name: str) -> dict[str, str]:
    lines = [line for line in text(name).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("name", ["resuena.env", "example.env"])
def test_the_files_of_settings_name_settings_that_exist_and_can_be_read(name: str) -> None:
    settings = read({key: value for key, value in environment(name).items() if key.startswith(PREFIX)})
    assert settings.https
    assert settings.proxies == 1


def test_what_the_image_copies_and_runs_exists() -> None:
    dockerfile = text("Dockerfile").replace("\\\n", " ")
    allowed = {line[1:] for line in text("Dockerfile.dockerignore").splitlines() if line.startswith("!")}
    assert {name for name in allowed if not (ROOT / name).exists()} == set()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    install = makefile.partition("\ninstall:\n")[2].partition("\n\n")[0]
    needed = {"requirements.lock", "requirements-run.lock", "webapp/frontend/build.py"}
    assert needed <= set(re.findall(r"[\w./-]+", install))
    assert {name.split("/")[0] for name in needed} | {"Makefile", "pyproject.toml", "README.md"} <= allowed
    given = dict(re.findall(r"\b(RESUENA_[A-Z_]+)=(\S+)", dockerfile))
    assert read(given).data == Path("/var/lib/resuena")
    assert re.search(r'^ENTRYPOINT \["resuena"\]$', dockerfile, re.MULTILINE)
    assert 'CMD ["web"]' in dockerfile
    assert "USER 10001" in dockerfile
    assert "/vivo" in re.findall(r"HEALTHCHECK.*", dockerfile)[0]
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?", dockerfile, re.MULTILINE)
    assert stages == [("${BASE}", "build"), ("${BASE}", "")]


def test_the_compose_file_is_one_and_keeps_its_promises() -> None:
    # Anchors and merges are YAML's own; what is left must be the compose specification's.
    told = yaml.safe_load(text("compose.yaml"))
    services = told["services"]
    assert PyCompose.from_json(json.dumps(told)).service_names()
    assert set(services) == {"db", "migrate", "plant", "web", "worker"}
    for name, one in services.items():
        if name == "db":
            continue
        assert one["command"][0] in main.commands
        assert (one["read_only"], one["cap_drop"]) == (True, ["ALL"])
        assert one["security_opt"] == ["no-new-privileges:true"]
        given = {key: str(value) for key, value in one["environment"].items()}
        assert read(given).data == Path("/var/lib/resuena")
    # The pages are reached from this machine only.
    assert {name: one["ports"] for name, one in services.items() if "ports" in one} == {
        "web": ["127.0.0.1:8000:8000"]
    }
    assert int(services["worker"]["stop_grace_period"].removesuffix("s")) > watching.STOP_SECONDS
    # The control: the specification's reader finds a word that it does not know.
    with pytest.raises(ValueError, match="comand"):
        PyCompose.from_json(json.dumps({**told, "services": {"web": {"image": "a", "comand": "b"}}}))


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_a_command_that_exists_and_waits_as_long_as_it_needs(name: str) -> None:
    unit = dict(re.findall(r"^(\w+)=(.*)$", text(name), re.MULTILINE))
    program, command = unit["ExecStart"].split()
    assert (program, command in main.commands) == ("/opt/resuena/bin/resuena", True)
    assert unit["Restart"] == "on-failure"
    if command == "worker":
        assert int(unit["TimeoutStopSec"]) > watching.STOP_SECONDS
    assert environment("resuena.env")["RESUENA_DATA"] == f"/var/lib/{unit['StateDirectory']}"


def analysed(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 -- the test's own words
        ["systemd-analyze", *map(str, words)],  # noqa: S607 -- wherever it stands
        capture_output=True,
        text=True,
        check=False,
    )


def test_systemd_knows_each_line_of_the_units_and_calls_them_well_kept(tmp_path: Path) -> None:
    """Nothing of systemd runs: its own checker reads the files (systemd-analyze(1))."""
    for name in UNITS:
        # The checker asks that the program exists.
        (tmp_path / name).write_text(text(name).replace("/opt/resuena/bin/resuena", "/bin/true"))
    try:
        said = analysed("verify", *(tmp_path / name for name in UNITS))
    except FileNotFoundError:
        pytest.skip("NOT TESTED: systemd-analyze is absent; apt-get install systemd")
    assert (said.returncode, [line for line in said.stderr.splitlines() if "resuena" in line]) == (0, [])
    for name in UNITS:
        done = analysed("security", "--offline=true", "--threshold=20", "--no-pager", tmp_path / name)
        # 0 is best and 10 worst; the threshold is in tenths. A unit that says nothing is at 9.6.
        assert done.returncode == 0, done.stdout[-400:]


def test_the_proxies_take_the_largest_upload() -> None:
    most = max(application.LARGEST_REQUEST, (read({}).video_megabytes << 20) + application.LARGEST_FORM)
    for name, pattern in (
        ("nginx.conf", r"client_max_body_size (\d+)m;"),
        ("Caddyfile", r"max_size (\d+)MB"),
    ):
        (megabytes,) = re.findall(pattern, text(name))
        unit = 1 << 20 if name == "nginx.conf" else 10**6
        assert int(megabytes) * unit >= most, name


def test_every_command_that_the_page_tells_exists() -> None:
    told = [
        line
        for kind in ("", "versión", "contenedores", "correo")
        for one in blocks((kind,))
        for line in one.splitlines()
    ]
    assert len(told) > 40
    words = [
        shlex.split(line, comments=True)
        for line in told
        if line.startswith(("resuena ", "docker compose run"))
    ]
    commands = {line[1] if line[0] == "resuena" else line[5] for line in words}
    assert commands <= set(main.commands)
    assert {"migrate", "plant", "add-person", "doctor", "try-mail", "backup-now", "restore"} <= commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_pages_link_to_exists(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), target
