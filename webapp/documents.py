"""The pages of ``docs/`` that are made from the code: ``write`` them, ``check`` that they are true."""

import sys
from pathlib import Path

from content_calendar.permissions import RIGHTS, Permission, Role
from content_calendar.settings import SETTINGS
from content_calendar.states import PART, POST, PUBLICATION, Machine
from scheduler.networks import networks

DOCS = Path(__file__).resolve().parents[1] / "docs"
_MADE = "<!-- Made from the code by `python -m webapp.documents write`; a check compares. -->\n"


def _diagram(machine: Machine) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for event, (sources, target) in machine.table.items():
        lines += [f"    {source} --> {target}: {event}" for source in sorted(sources)]
    return "\n".join([*lines, "```"])


def _first_paragraph(text: str | None) -> str:
    return (text or "").strip()


def states() -> str:
    """Return the page of the three state machines."""
    parts = [
        _MADE,
        "# States\n",
        "One function writes them: `content_calendar.moves.move`, a compare-and-swap.\n",
    ]
    for title, machine in (
        ("A post", POST),
        ("A publication", PUBLICATION),
        ("A part of a publication", PART),
    ):
        words = type(next(iter(machine.table.values()))[1])
        described = "\n".join(
            f"- {line.strip()}" for line in (words.__doc__ or "").splitlines()[1:] if ": " in line
        )
        parts += [f"## {title}\n", described + "\n" if described else "", _diagram(machine) + "\n"]
    return "\n".join(part for part in parts if part)


def settings() -> str:
    """Return the page of the settings."""
    rows = [f"| `{one.name}` | `{one.default or ' '}` | {one.purpose} |" for one in SETTINGS]
    head = ["| variable | default | for |", "| --- | --- | --- |"]
    text = "Read once at start; a value that cannot be used, or a name that does not exist, stops the start by name.\n"
    return "\n".join([_MADE, "# Settings\n", text, *head, *rows, ""])


def rights() -> str:
    """Return the page of who may do what."""
    head = "| right | " + " | ".join(Role) + " |"
    rows = [
        f"| `{permission}` | "
        + " | ".join("yes" if permission in RIGHTS[role] else "" for role in Role)
        + " |"
        for permission in Permission
    ]
    text = "A liaison's rights reach one body, a regional coordination's one region, the others' all.\n"
    return "\n".join([_MADE, "# Rights\n", text, head, "| --- |" + " --- |" * len(Role), *rows, ""])


def network_table() -> str:
    """Return the page of what each network can do."""
    rows = [
        f"| {one.name} | `{slug}` | {one.protection.value} | {'yes' if one.automatic else 'by a person'} | "
        f"{'yes' if one.needs_connection else 'no'} |"
        for slug, one in networks().items()
    ]
    head = [
        "| network | file | protection | publishes by itself | needs keys |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([_MADE, "# Networks\n", *head, *rows, ""])


PAGES = {"states.md": states, "settings.md": settings, "rights.md": rights, "networks.md": network_table}


def main(what: str) -> int:
    """Write the pages, or return 1 when one does not say what the code says."""
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page().rstrip() + "\n"
        if what == "write":
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    sys.stdout.write(f"documents: {', '.join(stale) + ' not true' if stale else 'true'}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
