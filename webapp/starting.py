"""From nothing to a running Resuena: tables, seeds, the first person, and both processes."""

import os
import sys
from pathlib import Path

import click
from sqlalchemy import func, select

from assets.collecting import plant as plant_collections
from content_calendar import audit, people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.people import Person
from content_calendar.permissions import Role
from content_calendar.seeds import plant as plant_seeds
from content_calendar.settings import Settings
from webapp import watching
from webapp.account.passwords import make
from webapp.database import migrate
from webapp.frame import ROLES
from webapp.session import hash_password

FIRST = "admin@resuena.local"
_ENTRY_FILE = "primera-entrada.txt"


def plant(database: Database) -> dict[str, int]:
    """Plant what every installation starts with; return how many rows of each kind are new."""
    with database.transaction() as session:
        return {**plant_seeds(session, now().date()).counts, "collections": plant_collections(session)}


def add_person(database: Database, email: str, name: str, role: str) -> str:
    """Add a person with a role over everything; return the first password."""
    password = make()
    with database.transaction() as session:
        person = people.add(session, email, name, hash_password(password))
        people.grant(session, person, Role(role), on=now().date())
    return password


def set_password(database: Database, email: str) -> str:
    """Give a person a new password and return it; their sessions end."""
    password = make()
    with database.transaction() as session:
        person = people.find_by_email(session, email)
        if person is None:
            raise people.PersonNotFoundError(email=email)
        person.password_hash = hash_password(password)
        people.end_sessions(session, person)
        audit.record(session, "", "password_reset", "person", person.ref)
    return password


def first_person(database: Database, data: Path) -> str:
    """Make the first administrator of an installation without people; return how to enter.

    The password is kept in the data folder, for the owner's eyes only, so that it can be told again.
    """
    file = data / _ENTRY_FILE
    with database.reading() as session:
        nobody = not session.scalar(select(func.count()).select_from(Person))
    if nobody:
        password = add_person(database, FIRST, "Administración", Role.ADMIN.value)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(f"{FIRST}\n{password}\n")
    if not file.exists():
        return f"Entra con tu correo y tu contraseña (si la olvidaste: resuena set-password {FIRST})."
    lines = file.read_text(encoding="utf-8").splitlines()
    entries = []
    with database.reading() as session:
        for email, password in zip(lines[::2], lines[1::2], strict=False):
            person = people.find_by_email(session, email)
            roles = people.rights(session, person.id, now().date()).roles() if person else ()
            entries.append(
                f"  {email}  {password}  ({', '.join(ROLES[role] for role in roles) or 'ya no entra'})"
            )
    told = ["Entra con:", *entries, f"(guardado en {file}; bórralo cuando cambies las contraseñas)"]
    if len(entries) == 1:
        told.append("Nadie aprueba lo que escribió: da de alta a otra persona en Sistema, Personas.")
    return "\n".join(told)


def prepare(settings: Settings, *, demo: bool) -> tuple[Database, str]:
    """Bring the database to a state that can be served; return it and how to enter."""
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    click.echo("Preparando la base de datos…")
    migrate(database)
    plant(database)
    told = first_person(database, settings.data)
    if demo:
        from webapp.demo import plant_demo  # noqa: PLC0415 -- only a demonstration needs it

        click.echo("Sembrando el bimestre de muestra (unos segundos, solo la primera vez)…")
        plant_demo(database, settings)
        told = first_person(database, settings.data)
    return database, told


def run(settings: Settings, *, demo: bool = False) -> int:
    """Prepare, and become the process that starts the pages and the worker and watches over them (``watching``).

    Returns 1 when another program has the port; otherwise it does not return.
    """
    if watching.is_taken(settings.host, settings.port):
        click.echo(
            f"El puerto {settings.port} está ocupado. Elige otro: make run PORT={settings.port + 1}", err=True
        )
        return 1
    database, told = prepare(settings, demo=demo)
    database.dispose()
    environment = {
        **os.environ,
        "RESUENA_DATA": str(settings.data.absolute()),
        "RESUENA_PORT": str(settings.port),
    }
    if demo:
        # What is only looked at opens with a password, unless whoever shows it says otherwise.
        environment.setdefault("RESUENA_SECOND_FACTOR", "later")
    # All that preparing loaded goes; how to enter passes through a pipe, which nobody sees in a list of processes.
    reads, writes = os.pipe()
    os.set_inheritable(reads, True)  # noqa: FBT003 -- the function's own way
    with os.fdopen(writes, "w", encoding="utf-8") as pipe:
        pipe.write(told)
    command = [sys.executable, "-m", "webapp.watching", settings.host, str(settings.port), str(reads)]
    return os.execve(sys.executable, command, environment)  # noqa: S606 -- our own program
