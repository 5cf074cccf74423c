"""A body's own site, recognised by its key: no person, no session, and no cookie."""

from assets import machine_keys
from assets.models import ToolboxKey
from webapp.session import database, db


def recognised(token: str) -> ToolboxKey:
    """Return the key of a token, and note that it was used; raises KeyMissingError."""
    found = machine_keys.opened(db(), token)
    if machine_keys.is_stale(found):
        with database().transaction() as session:
            machine_keys.touch(session, found.id)
    return found
