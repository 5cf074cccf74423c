"""Build the image from its Dockerfile and run it as compose.yaml says: ``python -m tests.drill.image``, as root.

There is no registry to ask: the base is a bare Debian of the same release, laid by debootstrap. buildah builds, without
a daemon; what runs is the image's own tree, read only, as its own user, in a network of its own.
"""

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.drill.debian import ENVIRONMENT, ROOT, absent, build, run

BASE, IMAGE = "localhost/debian-bare", "localhost/resuena-drill"
# What builds, and what fetches: none of it is in what runs.
UNWANTED = ("gcc", "cc", "g++", "make", "pip", "pip3", "npm", "node", "git")
_USER = "10001"
# $1: the tree, $2: the volume, $3: the file of the environment, $4: the program that knocks, as the image says it.
_RUN = r"""
tree=$1; volume=$2; mapfile -t words < "$3"; knock=$4
mount --bind "$tree" "$tree"; mount -o remount,bind,ro "$tree"
mount -t tmpfs tmpfs "$tree/tmp"; mount -t proc proc "$tree/proc"; mount --rbind /dev "$tree/dev"
mount --bind "$volume" "$tree/var/lib/resuena"; ip link set lo up
inside() { chroot --userspec=USER:USER "$tree" env -i "${words[@]}" "$@"; }
inside resuena migrate
inside resuena plant >/dev/null
inside sh -c 'touch /opt/resuena/written' 2>/dev/null && { echo "the tree can be written"; exit 1; }
begin() { exec chroot --userspec=USER:USER "$tree" env -i "${words[@]}" resuena "$1" >"$volume/$1.log" 2>&1; }
begin web & web=$!
begin worker & worker=$!
health='import json, sys, urllib.request as u; sys.exit(not json.load(u.urlopen("http://127.0.0.1:8000/salud"))["well"])'
for ((n = 0; n < 180; n++)); do
  inside python3 -c "$knock" 2>/dev/null && inside python3 -c "$health" 2>/dev/null && break; sleep 1
done
inside python3 -c "$knock"; inside python3 -c "$health"
begun=$SECONDS
kill -TERM $worker $web
wait $worker
wait $web
echo "stopped in $((SECONDS - begun)) s"
""".replace("USER", _USER)


class _Shop:
    # buildah with a store of its own, gone with the drill.
    def __init__(self, place: Path) -> None:
        self._words = (
            "buildah",
            "--storage-driver",
            "vfs",
            "--root",
            place / "store",
            "--runroot",
            place / "run",
        )

    def __call__(self, *words: str | Path) -> str:
        return run(*self._words, *words).strip()


def _image(place: Path) -> tuple[Path, dict[str, Any]]:
    """Build the image; return where its tree is mounted and what it says of itself."""
    shop, tree, source = _Shop(place), place / "debian", place / "source"
    build(tree)
    run("git", "clone", "--quiet", ROOT, source)
    made = shop("from", "scratch")
    shop("add", "--quiet", made, tree, "/")
    bundle = ENVIRONMENT["NODE_EXTRA_CA_CERTS"]
    shop("config", "--env", f"PIP_CERT={bundle}", "--env", f"NODE_EXTRA_CA_CERTS={bundle}", made)
    shop("commit", "--quiet", made, BASE)
    folder = source / "docs/installing"
    shop(
        "bud", "--isolation", "chroot", "--format", "docker", "--network", "host", "--build-arg", f"BASE={BASE}",
        "--ignorefile", folder / "Dockerfile.dockerignore", "-f", folder / "Dockerfile", "-t", IMAGE, source,
    )  # fmt: skip
    said: dict[str, Any] = json.loads(shop("inspect", "--type", "image", IMAGE))["Docker"]["config"]
    return Path(shop("mount", shop("from", IMAGE))), said


def _look(tree: Path, said: dict[str, Any]) -> None:
    """End the drill when the image holds or says what it should not."""
    extra = [
        name
        for name in UNWANTED
        for folder in ("usr/bin", "opt/resuena/bin")
        if (tree / folder / name).exists()
    ]
    wanted = {"User": _USER, "StopSignal": "SIGTERM", "Entrypoint": ["resuena"], "Cmd": ["web"]}
    wrong = {key: said.get(key) for key, value in wanted.items() if said.get(key) != value}
    if extra or wrong or not said.get("Healthcheck"):
        sys.exit(f"FAILED: the image holds {extra}, and says {wrong}")


def main() -> None:
    """Build, look, run, stop; end with 1 at the first thing that fails."""
    if why := absent("debootstrap", "buildah", "unshare", "git"):
        sys.stdout.write(f"NOT DRILLED: the image: {why}\n")
        return
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="resuena-image-") as name:
        place = Path(name)
        tree, said = _image(place)
        _look(tree, said)
        volume, words = place / "volume", place / "environment"
        volume.mkdir()
        run("chown", f"{_USER}:{_USER}", volume)
        words.write_text(
            "\n".join(one for one in said["Env"] if not one.startswith(("PIP_", "NODE_"))) + "\n"
        )
        program = said["Healthcheck"]["Test"][-1]
        told = run("unshare", "--mount", "--net", "bash", "-euc", _RUN, "drill", tree, volume, words, program)
        size = int(run("du", "--summarize", "--block-size=1M", tree).split()[0])
    seen = {"megabytes": size, "seconds": round(time.monotonic() - begun), "told": told.splitlines()}
    sys.stdout.write(f"image: {json.dumps(seen)}\n")


if __name__ == "__main__":
    main()
