"""Install as docs/installing.md says, in a bare Debian: ``python -m tests.drill.installing``, as root.

Each block of the page is run in order, as it stands. Three things are not as at an administrator's: the repository is
this one; systemd is not the first process there, so that ``systemctl`` runs each unit's own ``ExecStart``, as its user
and with its ``EnvironmentFile``; and services live in a network namespace, so that their ports are nobody else's.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.drill.debian import ROOT, absent, build, inside, mounted, run

PAGE = ROOT / "docs" / "installing.md"
_BLOCK = re.compile(r"^```sh ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NETWORK = "resuena-drill"
_SYSTEMCTL = r"""#!/bin/bash
# Stands in for systemd, which is not the first process here.
act=$1; shift; [ "${1:-}" = --now ] && shift
for unit in "$@"; do
  name=${unit%.service}; file=/etc/systemd/system/$name.service; pid=/run/$name.pid
  case "$act $name" in
    "start postgresql") pg_ctlcluster 15 main start ;;
    "reload nginx") nsenter --net=/run/netns/NETWORK nginx ;;
    "enable resuena-"*|"start resuena-"*)
      user=$(sed -n 's/^User=//p' $file); command=$(sed -n 's/^ExecStart=//p' $file)
      ( set -a; . "$(sed -n 's/^EnvironmentFile=//p' $file)"; set +a
        cd "$(sed -n 's/^WorkingDirectory=//p' $file)"
        exec nsenter --net=/run/netns/NETWORK setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs -- \
          $command >>/var/log/$name.log 2>&1 ) & echo $! >$pid ;;
    "stop resuena-"*)
      kill -TERM "$(cat $pid)"; limit=$(sed -n 's/^TimeoutStopSec=//p' $file)
      for ((n = 0; n < limit * 10; n++)); do kill -0 "$(cat $pid)" 2>/dev/null || break; sleep 0.1; done
      if kill -0 "$(cat $pid)" 2>/dev/null; then echo "$name did not stop in ${limit} s" >&2; exit 1; fi ;;
    *) echo "nobody knows: systemctl $act $name" >&2; exit 1 ;;
  esac
done
"""
_KNOCK = """
import json, ssl, sys, time, urllib.request
trusting = ssl.create_default_context(); trusting.check_hostname = False; trusting.verify_mode = ssl.CERT_NONE
def ask(url):
    request = urllib.request.Request(url, headers={"Host": "resuena.example.mx"})
    with urllib.request.urlopen(request, context=trusting, timeout=10) as answer:
        return answer.status, {name.lower() for name in answer.headers}, answer.read().decode()
until = time.time() + 180
while True:
    try:
        health = json.loads(ask("http://127.0.0.1:8000/salud")[2])
        if health["well"]: break
    except OSError: pass
    if time.time() > until: sys.exit("pages and worker are not well after 180 s")
    time.sleep(1)
status, headers, page = ask("https://127.0.0.1/entrar")
assert status == 200 and "Resuena" in page, status
assert "strict-transport-security" in headers, headers
print(json.dumps(health))
"""


def blocks(kinds: tuple[str, ...]) -> list[str]:
    """Return the page's blocks of commands of those kinds, in order; the kind of most is empty."""
    return [text for kind, text in _BLOCK.findall(PAGE.read_text(encoding="utf-8")) if kind.strip() in kinds]


def _prepare(folder: Path) -> None:
    stub = folder / "usr/local/bin/systemctl"
    stub.write_text(_SYSTEMCTL.replace("NETWORK", _NETWORK))
    stub.chmod(0o755)
    # No service starts by itself while packages are installed.
    policy = folder / "usr/sbin/policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)


def _certificate(folder: Path) -> None:
    place = "/etc/letsencrypt/live/resuena.example.mx"
    inside(
        folder,
        f"mkdir -p {place}\nopenssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=resuena.example.mx "
        f"-keyout {place}/privkey.pem -out {place}/fullchain.pem 2>/dev/null\n",
    )


def _knock() -> str:
    return run("ip", "netns", "exec", _NETWORK, sys.executable, "-c", _KNOCK).strip()


def main() -> None:
    """Install, knock, upgrade, go back; end with 1 at the first command that fails."""
    if why := absent("debootstrap", "ip", "git"):
        sys.stdout.write(f"NOT DRILLED: installing in a bare Debian: {why}\n")
        return
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="resuena-debian-") as place:
        folder, source = Path(place) / "debian", Path(place) / "source"
        run("git", "clone", "--quiet", ROOT, source)
        build(folder)
        run("ip", "netns", "add", _NETWORK)
        try:
            run("ip", "netns", "exec", _NETWORK, "ip", "link", "set", "lo", "up")
            with mounted(folder, [(source, "src"), (Path("/run/netns"), "run/netns")]):
                _prepare(folder)
                try:
                    count = _follow(folder)
                except SystemExit:
                    _last_words(folder)
                    raise
        finally:
            _end(folder)
            subprocess.run(["ip", "netns", "delete", _NETWORK], check=False)  # noqa: S603, S607 -- ours
    told = {"commands": count, "seconds": round(time.monotonic() - begun)}
    sys.stdout.write(f"installing: {json.dumps(told)}\n")


def _follow(folder: Path) -> int:
    """Run the page's commands: the installation, then the upgrade and the way back; return how many there were."""
    first, later = blocks(("",)), blocks(("versión",))
    if not first:
        sys.exit("FAILED: the page holds no commands")
    for text in first:
        if "nginx -t" in text:
            _certificate(folder)
        told = inside(
            folder, "git config --global --add safe.directory '*' 2>/dev/null || true\n" + _said(text)
        )
        sys.stdout.write("".join(f"  {line}\n" for line in told.splitlines()[-3:]))
    sys.stdout.write(f"installed: {_knock()}\n")
    # A person keeps the recovery key and types it; here it waits in a file.
    inside(folder, "resuena backup-key > /tmp/llave.txt && chmod 644 /tmp/llave.txt")
    for name, text in zip(("upgraded", "gone back"), later, strict=True):
        inside(folder, _said(text))
        sys.stdout.write(f"{name}: {_knock()}\n")
    return sum(len(text.strip().splitlines()) for text in first + later)


def _last_words(folder: Path) -> None:
    for log in sorted((folder / "var/log").glob("resuena-*.log")):
        sys.stdout.write(f"== {log.name}\n{log.read_text(errors='replace')[-3000:]}\n")


def _said(text: str) -> str:
    return text.replace("DIRECCION-DEL-REPOSITORIO", "/src").replace(
        "restore --replace", "restore --replace --key-file /tmp/llave.txt"
    )


def _end(folder: Path) -> None:
    """End what was started in the folder, and nothing else: its root tells which it is."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "root").readlink() == folder:
                subprocess.run(["kill", "-KILL", process.name], check=False)  # noqa: S603, S607 -- its root is our folder
        except OSError:  # it ended meanwhile
            continue


if __name__ == "__main__":
    main()
