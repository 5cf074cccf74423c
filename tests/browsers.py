"""Make sure that the browser tests have a Chromium: install Debian's as root, or say what to install."""

import os
import shutil
import subprocess
import sys

PACKAGES = ("chromium", "fonts-noto-color-emoji")


def main() -> int:
    """Return 0 when there is a Chromium, after installing it where that is possible."""
    if shutil.which("chromium"):
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.stderr.write(
            "Falta Chromium para las pruebas de navegador: apt-get install " + " ".join(PACKAGES) + "\n"
        )
        return 1
    sys.stdout.write("Instalando Chromium para las pruebas de navegador…\n")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *PACKAGES]):
        subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 -- fixed words
    return 0


if __name__ == "__main__":
    sys.exit(main())
