"""Whose addresses a person may see and change: their bodies', or the commission's too."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from content_calendar import webhooks
from content_calendar.models.webhooks import Webhook
from content_calendar.permissions import Permission, Scope
from content_calendar.vault import Vault
from content_calendar.webhooks import WebhookMissingError
from scheduler.listening.addresses import FetchPolicy
from webapp.dashboards.reach import bodies_within, body_within, scope_of
from webapp.session import db, settings, viewer

_P = Permission
_PORT = 80


def speaks_for_commission() -> bool:
    """Return whether the person's right is over everything, and not over one body or region."""
    return viewer().can(_P.MAKE_KEYS, Scope(0, None))


def within() -> Sequence[Webhook]:
    """Return the addresses within the person's reach."""
    bodies = [one.id for one in bodies_within(_P.MAKE_KEYS)]
    return webhooks.listed(db(), bodies, commission=speaks_for_commission())


def reached(ref: str) -> Webhook:
    """Return an address within the person's reach; raise WebhookMissingError, for another's as for none."""
    found = webhooks.find(db(), ref)
    mine = speaks_for_commission() if found.body is None else viewer().can(_P.MAKE_KEYS, scope_of(found.body))
    if not mine:
        raise WebhookMissingError(ref=ref)
    return found


def owner(slug: str) -> int | None:
    """Return the body that an address is to be of; None, the commission, without a slug.

    Raises BodyUnknownError and ForbiddenError.
    """
    if not slug and speaks_for_commission():
        return None
    own = bodies_within(_P.MAKE_KEYS)
    if not slug and len(own) == 1:
        return own[0].id
    return body_within(_P.MAKE_KEYS, slug).id


def vault() -> Vault:
    """Return this installation's vault."""
    return Vault(settings().data)


def may_be_insecure(url: str) -> bool:
    """Return whether an administrator named that host and port: a system of their own house may do without https."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or _PORT
    except ValueError:
        return False
    policy = FetchPolicy.of(tuple(settings().feed_allow), "")
    return parts.hostname is not None and policy.allows(parts.hostname, port)
