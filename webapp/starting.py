"""From nothing to a running Resuena: tables, seeds, the first person, and both processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import click
from sqlalchemy import func, select

from assets.collecting import plant as plant_collections
from content_calendar import audit, people
from content_calendar.clock import monotonic, now
from content_calendar.db import Database
from content_calendar.models.people import Person
from content_calendar.permissions import Role
from content_calendar.seeds import plant as plant_seeds
from content_calendar.settings import Settings
from webapp.account.passwords import make
from webapp.database import migrate
from webapp.frame import ROLES
from webapp.session import hash_password

FIRST = "admin@resuena.local"
_ENTRY_FILE = "primera-entrada.txt"
_READY_SECONDS = 60
# A call that is under way may last this long; ending it sooner would leave a doubt.
STOP_SECONDS = 90


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
    """Prepare, start the pages and the worker, tell how to enter, and stop both when told to.

    Returns the exit status: 0 when it was told to stop, otherwise that of the process that ended.
    """
    if _taken(settings.host, settings.port):
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
    processes = [
        subprocess.Popen([sys.executable, "-m", "webapp.cli", name], env=environment)  # noqa: S603 -- our own program
        for name in ("web", "worker")
    ]
    stop = _Stop()
    click.echo("Arrancando las páginas y el publicador…")
    try:
        if _wait_until_ready(settings, processes, stop):
            click.echo(
                f"\nResuena está en http://{settings.host}:{settings.port}/\n{told}\nPara salir: Ctrl+C\n"
            )
        return _watch(processes, stop)
    finally:
        _end(processes)


class _Stop:
    # Set by the signal that asks us to stop.
    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _wait_until_ready(settings: Settings, processes: list[subprocess.Popen[bytes]], stop: _Stop) -> bool:
    until = monotonic() + _READY_SECONDS
    while monotonic() < until and not stop.asked and all(process.poll() is None for process in processes):
        try:
            with urllib.request.urlopen(f"http://{settings.host}:{settings.port}/entrar", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # the server is another process: there is nothing to wait on
    return False


def _watch(processes: list[subprocess.Popen[bytes]], stop: _Stop) -> int:
    while not stop.asked:
        for process in processes:
            status = process.poll()
            if status is not None:
                return status or 1
        time.sleep(0.2)  # two children to watch, and signals end the sleep
    return 0


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
