"""The whole examination, in the order in which it is told."""

from collections.abc import Sequence

from content_calendar.db import Database
from content_calendar.settings import Settings
from webapp.examining import entering, machine, service
from webapp.examining.findings import Area, Finding, Level


def examine(settings: Settings, *, far: bool) -> Sequence[Finding]:
    """Return how an installation is; ``far`` also speaks with the mail server, which may take some seconds.

    What depends on a database that does not answer is left out: its finding says so.
    """
    found = [*machine.of_settings(settings), *machine.of_database(settings), *machine.of_clock(settings)]
    found += entering.of_provider(settings, far=far)
    found += machine.of_storage(settings)
    found += machine.of_mail(settings) if far else ()
    if not any(one.area is Area.DATABASE and one.level is Level.ERROR for one in found):
        database = Database(settings.database, pool_size=1)
        try:
            with database.reading() as session:
                found += service.of_service(session)
                found += service.of_backups(session, settings)
                found += service.of_audit(session)
        finally:
            database.dispose()
    order = list(Area)
    return sorted(found, key=lambda one: order.index(one.area))
