"""What a network says of the keys a person gave, or of the permission it was asked for. Nothing is stored here.

No transaction may be open: a network may take seconds to answer, or never answer.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from content_calendar.connecting import Access
from content_calendar.errors import InvalidError
from content_calendar.models.directory import CredentialMethod
from scheduler.network import AccountAccess, MayNotPublishError, Network, NetworkError, RefusedError
from scheduler.networks import networks
from scheduler.powers import AuthorizesInBrowser, ChecksKeys, Opened, OpensSeveral, RenewsAccess, TellsLimits

logger = logging.getLogger(__name__)


class KeysRefusedError(InvalidError):
    """The network does not take these keys. ``network`` is its name."""

    code = "keys_refused"


class PublishesNothingError(InvalidError):
    """What was given opens the account, and does not let one publish there. ``network`` is its name."""

    code = "access_publishes_nothing"


class KeysUncheckedError(InvalidError):
    """The network did not answer, so nobody knows what the keys open. ``network`` is its name."""

    code = "keys_unchecked"


class CodeRefusedError(InvalidError):
    """The network does not take the code that it gave itself a moment ago. ``network`` is its name."""

    code = "connect_code_refused"


class CodeUncheckedError(InvalidError):
    """The network did not answer what its code is worth. ``network`` is its name."""

    code = "connect_code_unchecked"


class NotAmongThemError(InvalidError):
    """The permission opens several accounts, and the one to connect is not among them. ``network`` is its name."""

    code = "connect_not_among_them"


def authorizer_of(slug: str) -> AuthorizesInBrowser | None:
    """Return the network of that slug if a person can allow us on its own page."""
    found: object = networks().get(slug)
    return found if isinstance(found, AuthorizesInBrowser) else None


def checker_of(slug: str) -> ChecksKeys | None:
    """Return the network of that slug if keys can be tried there."""
    found: object = networks().get(slug)
    return found if isinstance(found, ChecksKeys) else None


def renews(slug: str) -> bool:
    """Return whether what opens an account there is renewed by itself."""
    return isinstance(networks().get(slug), RenewsAccess)


def probe(network: Network, access: AccountAccess) -> Opened:
    """Return whose account the stored keys open, asked right now; nothing is changed.

    Raises KeysRefusedError, KeysUncheckedError, PublishesNothingError.
    """
    checks = checker_of(network.slug)
    if checks is None:
        return Opened(access.secrets)
    return _asked(
        network.name, lambda: checks.check_keys(access), refused=KeysRefusedError, silent=KeysUncheckedError
    )


def by_keys(network: Network, access: AccountAccess) -> Access:
    """Return what opens the account from now on, the keys tried where the network lets one try.

    Raises KeysRefusedError, KeysUncheckedError, PublishesNothingError; nothing else, and nothing that holds a key.
    """
    return _opened(network, access, probe(network, access), CredentialMethod.KEYS)


def by_permission(
    network: Network,
    access: AccountAccess,
    app: Mapping[str, str],
    redirect_uri: str,
    code: str,
    verifier: str,
) -> Access:
    """Return what the code of the network's page is worth; ``access`` opens nothing yet.

    Raises CodeRefusedError, CodeUncheckedError, NotAmongThemError, PublishesNothingError.
    """
    page = authorizer_of(network.slug)
    if page is None:
        raise CodeRefusedError(network=network.name)
    found = _asked(
        network.name,
        lambda: page.exchange(app, redirect_uri, code, verifier, access.base_url),
        refused=CodeRefusedError,
        silent=CodeUncheckedError,
    )
    several: object = network
    if isinstance(several, OpensSeveral):
        choose, all_of_them = several.open_one, replace(access, secrets=found.secrets)
        one = _asked(
            network.name,
            lambda: choose(all_of_them),
            refused=NotAmongThemError,
            silent=CodeUncheckedError,
        )
        # One that has no key of its own ends with the permission that opened it.
        found = replace(one, expires_at=one.expires_at or found.expires_at)
    return _opened(network, access, found, CredentialMethod.OAUTH)


def _asked(
    name: str, ask: Callable[[], Opened], *, refused: type[InvalidError], silent: type[InvalidError]
) -> Opened:
    try:
        found = ask()
    except MayNotPublishError:
        raise PublishesNothingError(network=name) from None
    except RefusedError:
        raise refused(network=name) from None
    except NetworkError:
        raise silent(network=name) from None
    except Exception as error:  # noqa: BLE001 -- see below
        # Not the trace nor the message, which could hold a key.
        logger.error("what %s answered to a connection was not foreseen: %s", name, type(error).__name__)  # noqa: TRY400 -- see above
        raise silent(network=name) from None
    return found


def _opened(network: Network, access: AccountAccess, found: Opened, method: CredentialMethod) -> Access:
    secrets = dict(found.secrets or access.secrets)
    now = replace(
        access,
        secrets=secrets,
        remote_id=found.remote_id or access.remote_id,
        handle=found.handle or access.handle,
    )
    return Access(secrets, method, found.expires_at, found.remote_id, found.handle, _limits(network, now))


def _limits(network: Network, access: AccountAccess) -> Mapping[str, int] | None:
    """Return what the account's server allows; None when it does not tell, and then the cautious limits stand."""
    if not isinstance(network, TellsLimits):
        return None
    try:
        return network.limits(access)
    except Exception as error:  # noqa: BLE001 -- the cautious limits are always right
        logger.warning("%s did not tell its limits: %s", network.name, type(error).__name__)
        return {}
