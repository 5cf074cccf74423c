"""The commands of backups: ``backup``, ``backup-now``, ``backup-key``, ``fetch-backups``, ``restore``."""

import sys
from pathlib import Path
from time import sleep

import click

from content_calendar.db import Database
from content_calendar.settings import Settings
from webapp.cli_help import SpokenCommand
from webapp.terminal import open_database, read_settings, require_ready


@click.command(cls=SpokenCommand)
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Guarda la base y los materiales en un archivo sin cifrar; las llaves no van en él."""
    from webapp.backups.archive import backup as save  # noqa: PLC0415 -- loads the models

    settings = read_settings()
    click.echo(save(open_database(settings), settings.data, file).summary())


@click.command("backup-now", cls=SpokenCommand)
def backup_now() -> None:
    """Hace ahora el respaldo cifrado de cada noche; termina con 1 si no se pudo."""
    from content_calendar import backups  # noqa: PLC0415 -- loads the models
    from content_calendar.models.backups import RunStage  # noqa: PLC0415 -- same
    from webapp.sentences import SENTENCES  # noqa: PLC0415 -- with them

    settings = read_settings()
    require_ready(settings)
    database = open_database(settings)
    with database.transaction() as session:
        backups.ask(session)
    _make_waiting(database, settings)
    with database.reading() as session:
        last = backups.runs(session)[0]
    database.dispose()
    if last.stage is not RunStage.DONE:
        click.echo(SENTENCES.get(last.said_code, SENTENCES["error"]) % last.said_params, err=True)
        sys.exit(1)
    click.echo(
        f"{settings.backups / last.name}: {last.rows} filas, {last.materials} materiales ({last.copied} nuevos), "
        f"{last.size // 1024} KiB. Se abrió y se restauró en una base de prueba."
    )
    if last.said_code:
        click.echo(SENTENCES[last.said_code] % last.said_params, err=True)


def _make_waiting(database: Database, settings: Settings) -> None:
    """Make the backup that waits; one in other hands is waited for, and taken up once those have let go."""
    from content_calendar import backups  # noqa: PLC0415 -- loads the models
    from webapp.backups import making  # noqa: PLC0415 -- same

    told = False
    while not making.make_waiting(database, settings):
        with database.reading() as session:
            if backups.under_way(session) is None:
                return
        if not told:
            click.echo(
                "Ya se está haciendo uno: se espera a que termine (5 minutos a lo más si se cortó).", err=True
            )
        told = True
        sleep(1)


@click.command("backup-key", cls=SpokenCommand)
def backup_key() -> None:
    """Hace la llave de recuperación y la escribe, esta única vez; con ella se abren los respaldos desde ahora."""
    from content_calendar import backups  # noqa: PLC0415 -- loads the models
    from webapp.backups import envelope  # noqa: PLC0415 -- same

    settings = read_settings()
    require_ready(settings)
    database = open_database(settings)
    secret, recipient = envelope.make_key()
    with database.transaction() as session:
        backups.adopt_key(session, recipient, "")
    database.dispose()
    click.echo(
        "Guárdala fuera de este servidor: no se vuelve a mostrar, y sin ella los respaldos no se abren.",
        err=True,
    )
    click.echo(secret)


@click.command("fetch-backups", cls=SpokenCommand)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def fetch_backups(folder: Path) -> None:
    """Trae los respaldos de la cubeta a una carpeta; siguen cifrados."""
    from webapp.backups import bucket  # noqa: PLC0415 -- loads the storage

    click.echo(f"Archivos traídos: {bucket.fetch(read_settings(), folder)}.")


@click.command(cls=SpokenCommand)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Borra lo que haya en la base.")
@click.option(
    "--key-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Archivo con la llave de recuperación; sin él se pregunta.",
)
def restore(file: Path, *, replace: bool, key_file: Path | None) -> None:
    """Recupera un respaldo; lo que debía salir se busca en las redes antes de enviar nada."""
    from webapp.backups import restoring  # noqa: PLC0415 -- loads the models
    from webapp.backups.archive import restore as bring_back  # noqa: PLC0415 -- same

    settings = read_settings()
    database = open_database(settings)
    if not restoring.is_sealed(file):
        click.echo(bring_back(database, settings.data, file, replace=replace).summary())
        return
    secret = key_file.read_text() if key_file else click.prompt("Llave de recuperación", hide_input=True)
    told = restoring.restore_sealed(database, settings, file, secret, replace=replace)
    database.dispose()
    click.echo(
        f"{told.report.rows} filas de {told.report.tables} tablas y {told.materials.files} materiales. "
        "Al arrancar, lo que ya debía haber salido se busca en las redes antes de enviar nada."
    )
    if told.materials.damaged:
        click.echo(f"Materiales que no se pudieron abrir: {', '.join(told.materials.damaged)}", err=True)
        sys.exit(1)
