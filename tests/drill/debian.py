"""A bare Debian in a folder of its own, to install in as an administrator would."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
RELEASE = "bookworm"
_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")


def absent(*programs: str) -> str:
    """Return why nothing can be drilled here, empty when it can."""
    missing = [one for one in programs if shutil.which(one) is None]
    if missing:
        return f"{', '.join(missing)} is absent; apt-get install {' '.join(missing)}"
    return "" if os.geteuid() == 0 else "only root may make a system in a folder"


def run(*command: str | Path, stdin: str = "", quiet: bool = True) -> str:
    """Run a program to its good end and return what it wrote; end the drill with its last words otherwise."""
    done = subprocess.run(  # noqa: S603 -- the drill's own words
        [str(one) for one in command], input=stdin, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(
            f"FAILED ({done.returncode}): {' '.join(map(str, command))}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
    if not quiet:
        sys.stdout.write(done.stdout)
    return done.stdout


def build(folder: Path) -> None:
    """Lay a minimal Debian in a folder that reaches its mirrors as this machine does; nothing else is in it."""
    run("debootstrap", "--variant=minbase", RELEASE, folder)
    # Where this machine speaks through an authority of its own, so must whoever installs in the folder.
    extra = folder / "usr/local/share/ca-certificates/machine.crt"
    extra.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_BUNDLE, extra)
    (folder / "etc/pip.conf").write_text(f"[global]\ncert = {_BUNDLE}\n")
    shutil.copytree("/etc/apt/sources.list.d", folder / "etc/apt/sources.list.d", dirs_exist_ok=True)
    for given in (Path("/etc/npmrc"), Path("/etc/resolv.conf"), Path("/etc/hosts")):
        if given.exists():
            shutil.copy(given, folder / "etc" / given.name)


ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "HOME": "/root",
    "DEBIAN_FRONTEND": "noninteractive",
    "NODE_EXTRA_CA_CERTS": str(_BUNDLE),
}


@contextmanager
def mounted(folder: Path, more: Sequence[tuple[Path, str]] = ()) -> Iterator[None]:
    """Mount what a system expects in the folder, and other folders at those places; take all of it away again."""
    held: list[Path] = []
    try:
        for source, place, *options in (
            ("proc", "proc", "-t", "proc"),
            ("/dev", "dev", "--rbind"),
            *((str(one), where, "--rbind") for one, where in more),
        ):
            target = folder / place
            target.mkdir(parents=True, exist_ok=True)
            run("mount", *options, source, target)
            held.append(target)
        yield
    finally:
        for target in reversed(held):
            subprocess.run(["umount", "--recursive", "--lazy", target], check=False)  # noqa: S603, S607 -- what we mounted


def inside(folder: Path, script: str) -> str:
    """Run a script of the shell in the folder as root, each line to its good end; return what it wrote."""
    words = [f"{name}={value}" for name, value in ENVIRONMENT.items()]
    return run("env", "-i", *words, "chroot", folder, "bash", "-euo", "pipefail", stdin=script)
