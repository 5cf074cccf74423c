"""Keep the catalogues: ``extract`` new sentences, ``compile`` them, ``check`` that none lacks its English."""

import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from webapp.cli import main as main_command
from webapp.cli_help import sentences

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).resolve().parent
LOCALES = ("en",)
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "N_": None}
_METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
    ("templates/**.txt", "jinja2.ext:babel_extract"),
]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.do"}}
_BEGAN = datetime(2026, 11, 22, tzinfo=UTC)
_PLACE = re.compile(r"%\(\w+\)")


def _path(locale: str) -> Path:
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def found() -> Catalog:
    """Return every sentence of the pages and the code, sorted, without line numbers."""
    catalog = Catalog(charset="utf-8", header_comment="# Sentences of Resuena; the ids are Spanish.")
    for _name, _line, message, comments, context in extract_from_dir(
        str(ROOT), method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS, comment_tags=("Nota:",)
    ):
        catalog.add(message, None, [], auto_comments=comments, context=context)
    for sentence in sentences(main_command):
        catalog.add(sentence)
    return catalog


def read(locale: str) -> Catalog:
    """Return a locale's catalogue as it is kept."""
    if not _path(locale).exists():
        return Catalog(locale=locale)
    with _path(locale).open("rb") as file:
        return read_po(file, locale=locale)


def extract() -> None:
    """Add new sentences to each catalogue, and drop those that nobody says any more."""
    template = found()
    for locale in LOCALES:
        catalog = read(locale)
        catalog.update(template, no_fuzzy_matching=True, update_header_comment=False)
        catalog.obsolete.clear()
        # A date that changes with every run would be a difference that says nothing.
        catalog.creation_date = catalog.revision_date = _BEGAN
        _path(locale).parent.mkdir(parents=True, exist_ok=True)
        with _path(locale).open("wb") as file:
            write_po(file, catalog, sort_output=True, omit_header=False, width=110, include_previous=False)


def compile_all() -> None:
    """Write the binary catalogues, those that are older than their source."""
    for locale in LOCALES:
        target = _path(locale).with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= _path(locale).stat().st_mtime:
            continue
        binary = BytesIO()
        write_mo(binary, read(locale))
        target.write_bytes(binary.getvalue())


def _texts(value: object) -> list[str]:
    return [str(part) for part in value] if isinstance(value, (tuple, list)) else [str(value or "")]


def _faults(message: Message) -> list[str]:
    source = _texts(message.id)
    said = _texts(message.string)
    if not all(said):
        return [f"no translation: {source[0]}"]
    wanted = {place for text in source for place in _PLACE.findall(text)}
    given = {place for text in said for place in _PLACE.findall(text)}
    return [f"other places than the source: {source[0]}"] if not given <= wanted or (wanted - given) else []


def check() -> list[str]:
    """Return what is missing or wrong, a line each."""
    template = {message.id for message in found() if message.id}
    faults = []
    for locale in LOCALES:
        catalog = read(locale)
        known = {message.id for message in catalog if message.id}
        faults += [
            f"{locale}: not in the catalogue: {_texts(one)[0]}" for one in sorted(template - known, key=str)
        ]
        faults += [f"{locale}: nobody says: {_texts(one)[0]}" for one in sorted(known - template, key=str)]
        faults += [f"{locale}: {fault}" for message in catalog if message.id for fault in _faults(message)]
    return faults


def main(what: str) -> int:
    """Do ``extract``, ``compile`` or ``check``; return the exit status."""
    if what == "extract":
        extract()
    elif what == "compile":
        compile_all()
    else:
        faults = check()
        sys.stdout.write("".join(f"{fault}\n" for fault in faults))
        sys.stdout.write(f"translations: {len(faults)} faults\n")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
