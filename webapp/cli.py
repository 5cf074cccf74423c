"""The command ``resuena``: run it, prepare it, keep it."""

import json
import os
import sys

import click

from content_calendar.errors import ResuenaError
from webapp.backups.commands import backup, backup_key, backup_now, fetch_backups, restore
from webapp.cli_help import SpokenGroup
from webapp.sentences import SENTENCES
from webapp.terminal import open_database, plain, read_settings, require_ready


class _Group(SpokenGroup):
    # Every command tells a domain error as a sentence, never as a trace.
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ResuenaError as error:
            click.echo(plain(error), err=True)
            sys.exit(1)


@click.group(cls=_Group)
def main() -> None:
    """Resuena: el calendario de difusión del Sistema Nacional de Transparencia."""
    # What we write holds addresses and sealed keys: it is for the owner's eyes only.
    os.umask(0o077)


@main.command()
@click.option("--to", default="head", help="Revisión a la que se lleva la base; «head» es la más nueva.")
@click.option("--lose", is_flag=True, help="Baja aunque se borre lo que la versión anterior no conoce.")
def migrate(to: str, *, lose: bool) -> None:
    """Lleva las tablas de la base de datos a esta versión."""
    from webapp.database import migrate as bring, revision_of  # noqa: PLC0415, I001 -- Alembic loads slowly

    database = open_database(read_settings())
    bring(database, to, lose=lose)
    click.echo(f"Base de datos en la revisión {revision_of(database)}.")


@main.command()
def plant() -> None:
    """Siembra los datos con los que empieza toda instalación; se puede repetir."""
    from webapp.starting import plant as sow  # noqa: PLC0415 -- loads the models

    for name, count in sow(open_database(read_settings())).items():
        click.echo(f"{name}: {count}")


@main.command()
def web() -> None:
    """Sirve las páginas."""
    from webapp.server import serve  # noqa: PLC0415 -- loads the web server

    settings = read_settings()
    require_ready(settings)
    serve(settings)


@main.command()
def worker() -> None:
    """Publica a su hora, escucha los canales y mide."""
    from scheduler.__main__ import main as work  # noqa: PLC0415 -- loads the worker
    from webapp.mailbox import ticks  # noqa: PLC0415 -- loads who writes the letters

    # The worker alone knows no sentences: what keeps it from starting is told here, and letters are written.
    require_ready(read_settings())
    sys.exit(work(ticks))


@main.command()
@click.option("--demo", is_flag=True, help="Con un bimestre completo de muestra.")
def run(*, demo: bool) -> None:
    """Prepara la base, siembra los datos y arranca las páginas y el publicador."""
    from webapp.starting import run as start  # noqa: PLC0415 -- loads everything

    sys.exit(start(read_settings(), demo=demo))


@main.command("add-person")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role", type=click.Choice(["admin", "coordinator", "editor"]), default="admin", help="Qué puede hacer."
)
def add_person(email: str, name: str, role: str) -> None:
    """Da de alta a una persona y escribe su primera contraseña."""
    from webapp.starting import add_person as add  # noqa: PLC0415 -- loads the models

    click.echo(f"{email}: {add(open_database(read_settings()), email, name, role)}")


@main.command("set-password")
@click.argument("email")
def set_password(email: str) -> None:
    """Da a una persona una contraseña nueva y la escribe."""
    from webapp.starting import set_password as put  # noqa: PLC0415 -- loads the models

    click.echo(f"{email}: {put(open_database(read_settings()), email)}")


@main.command("try-mail")
@click.argument("email")
def try_mail(email: str) -> None:
    """Manda una carta de prueba a esa dirección, con los ajustes del correo, y dice qué pasó."""
    from webapp.trying_mail import send_trial  # noqa: PLC0415 -- loads who writes the letters

    settings = read_settings()
    send_trial(settings, email)
    click.echo(f"Salió a {email} desde {settings.mail_sender}. Revisa que haya llegado.")


@main.command("rotate-keys")
def rotate_keys() -> None:
    """Sella con una llave nueva lo que abre las cuentas y olvida la anterior. Si se corta, vuelve a ejecutarlo."""
    from content_calendar.key_rotation import rotate  # noqa: PLC0415 -- loads the models
    from content_calendar.vault import Vault  # noqa: PLC0415 -- same

    settings = read_settings()
    database = open_database(settings)
    told = rotate(database, Vault(settings.data))
    database.dispose()
    click.echo(f"Sellado otra vez: {told.sealed} de {told.of}.")
    if told.locked:
        click.echo(f"No abren y hay que conectarlas otra vez: {', '.join(told.locked)}.", err=True)
        sys.exit(1)


@main.command("check-rows")
def check_rows() -> None:
    """Repasa las salidas guardadas y escribe las que no cuadran; termina con 1 si hay alguna."""
    from scheduler.invariants import look_and_note  # noqa: PLC0415 -- loads the models

    settings = read_settings()
    require_ready(settings)
    database = open_database(settings)
    found = look_and_note(database)
    database.dispose()
    for finding in found:
        click.echo(f"{finding.publication}: {SENTENCES[finding.code]}")
    click.echo(f"Salidas que no cuadran: {len(found)}")
    sys.exit(bool(found))


@main.command("erase-due")
def erase_due() -> None:
    """Borra los datos personales cuyo plazo pasó, aunque sean muchos más que de costumbre."""
    from scheduler import retaining  # noqa: PLC0415 -- loads the models

    settings = read_settings()
    require_ready(settings)
    database = open_database(settings)
    erased = retaining.erase_due(database, settings, however_many=True)
    database.dispose()
    click.echo(f"Registros borrados: {sum(erased.values())}.")


@main.command("check-audit")
@click.option("--since", default="", help="Un sello que guardaste fuera: número:huella.")
def check_audit(since: str) -> None:
    """Repasa la cadena de la bitácora y escribe lo que alguien cambió, borró o metió; termina con 1 si hay algo."""
    from content_calendar import audit_chain  # noqa: PLC0415 -- loads the models

    settings = read_settings()
    require_ready(settings)
    database = open_database(settings)
    number, _, kept = since.partition(":")
    with database.reading() as session:
        told = audit_chain.check(session, known=(int(number), kept) if number.isdecimal() else None)
    database.dispose()
    for fault in told.faults:
        click.echo(SENTENCES[fault.code] % {"n": fault.n, "event": fault.event_id})
    click.echo(
        f"Renglones sellados: {told.sealed}. Por sellar: {told.unsealed}. Último sello: {told.sealed}:{told.head}"
    )
    sys.exit(bool(told.faults))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Un objeto JSON por renglón, para un programa.")
def doctor(*, as_json: bool) -> None:
    """Revisa la instalación y dice qué hacer con lo que no está bien; termina con 1 si algo no funciona."""
    from webapp.examining.examination import examine  # noqa: PLC0415 -- loads everything
    from webapp.examining.findings import Level  # noqa: PLC0415 -- same

    signs = {Level.OK: "bien", Level.INFO: "nota", Level.WARNING: "ojo", Level.ERROR: "MAL"}
    found = examine(read_settings(), far=True)
    for one in found:
        said = SENTENCES[one.code] % dict(one.params)
        told = {"area": one.area, "level": one.level, "code": one.code, "said": said}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{signs[one.level]:>4}  {said}")
    sys.exit(any(one.level is Level.ERROR for one in found))


main.add_command(backup)
main.add_command(restore)
main.add_command(fetch_backups)
main.add_command(backup_now)
main.add_command(backup_key)


if __name__ == "__main__":
    main()
