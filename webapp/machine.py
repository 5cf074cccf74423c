"""A body's own site, recognised by its key: no person, no session, and no cookie."""

from assets import machine_keys
from assets.models import ToolboxKey
from webapp.session import database


def recognised(token: str) -> ToolboxKey:
    """Return the key of a token, and note that it was used; raises KeyMissingError."""
    # Apart from the request's own transaction, which may write: noting the use would wait for it for ever.
    with database().reading() as session:
        found = machine_keys.opened(session, token)
        session.expunge_all()
    if machine_keys.is_stale(found):
        with database().transaction() as session:
            machine_keys.touch(session, found.id)
    return found
