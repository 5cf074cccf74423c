"""Make sure that the tests have the real servers they talk to: each other file in this folder is one.

A file offers ``install()``, which returns nothing, or a sentence that says what is missing and what to do.
"""

import pkgutil
import sys
from importlib import import_module
from pathlib import Path


def main() -> int:
    """Return 0 when every counterpart is there, after installing those that were not."""
    missing = []
    for found in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if found.name == "__main__":
            continue
        install = getattr(import_module(f"tests.counterparts.{found.name}"), "install", None)
        missing.append(install() if install is not None else "")
    sys.stderr.write("".join(f"{sentence}\n" for sentence in missing if sentence))
    return 1 if any(missing) else 0


if __name__ == "__main__":
    sys.exit(main())
