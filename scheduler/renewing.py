"""Renewing what opens an account before it ends, where a renewal token is good for one use.

One worker renews an account at a time: it takes the lease on the credential's row (owner, generation, until,
by the database's clock), closes its transaction, calls the network once, and stores the new pair at once,
fenced by the generation. Meanwhile the others go on with what still opens, or wait. Who begins to renew and
is heard of no more leaves a doubt: the token may be used up, and using it twice would end the whole family,
so it is never used again; the account waits for a person, unless the late answer still comes.
"""

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.app_registrations import AppNotRegisteredError, registration
from content_calendar.models.directory import Account, Credential, CredentialMethod
from content_calendar.states import HoldReason
from content_calendar.vault import Sealed, Vault, VaultLockedError, hold_credential
from scheduler import crash_points
from scheduler.network import AccountAccess, Network, NetworkError, RefusedError, UnavailableError
from scheduler.networks import networks
from scheduler.powers import Opened, RenewsAccess, RenewsAgain
from scheduler.worker import Worker

logger = logging.getLogger(__name__)

# Longer than a call can last, its trickling answer and the tries to store it included.
LEASE = timedelta(seconds=120)
# After a network that could not be reached.
PAUSE = timedelta(seconds=30)
# Access that ends sooner would end on the way.
_LAST = timedelta(seconds=60)
_LOOK_AGAIN_S, _LOOKS = 0.1, 100
_STORE_TRIES, _STORE_PAUSE_S = 6, 1.0

DOUBT, REFUSED = "renewal_in_doubt", "renewal_refused"
# With these the token is not used again: a person connects the account anew.
SPENT = frozenset({DOUBT, REFUSED})


class AccessEndedError(RefusedError):
    """What opened the account has ended; only a person can open it again."""

    code = "access_ended"


class RenewalDoubtError(AccessEndedError):
    """It was to be renewed, and no answer came: the renewal token may be used up."""

    code = "renewal_in_doubt"


class RenewalRefusedError(AccessEndedError):
    """The network did not renew it."""

    code = "renewal_refused"


class NotRenewedYetError(UnavailableError):
    """It has ended and is being renewed, or the network could not be reached to renew it: later."""

    code = "not_renewed_yet"


@dataclass(frozen=True)
class _Stored:
    """A credential as it was read, opened. ``leased`` tells that a lease, or a pause, lasts."""

    account_id: int
    account_ref: str
    access: AccountAccess
    network: Network | None
    method: CredentialMethod
    expires_at: datetime | None
    lease_gen: int
    lease_owner: str
    leased: bool
    said_code: str

    def still_opens(self) -> bool:
        return self.expires_at is None or self.expires_at > clock.now() + _LAST


def needed(network: Network | None, expires_at: datetime | None, now: datetime) -> bool:
    """Return whether what opens an account of that network is to be renewed before it is used."""
    if expires_at is None:
        return False
    renews = _renewing(network)
    return renews is not None and expires_at - now < renews.renew_before


def _renewing(network: object) -> RenewsAccess | None:
    return network if isinstance(network, RenewsAccess) else None


def _again(network: object) -> bool:
    return isinstance(network, RenewsAgain)


def opened(worker: Worker, account_id: int) -> dict[str, str]:
    """Return what opens the account now, renewed first when it is time; no transaction may be open.

    Raises RefusedError with HoldReason.ACCESS when only a person can open it, UnavailableError when it has
    ended and cannot be renewed right now, VaultLockedError.
    """
    for _ in range(_LOOKS):
        stored = _read(worker, account_id)
        if not needed(stored.network, stored.expires_at, clock.now()):
            return dict(stored.access.secrets)
        if stored.said_code in SPENT:
            return _go_on(stored, stored.said_code)
        turn = None if stored.leased else _take(worker, stored)
        if turn is not None and _renew(worker, stored, turn):
            return dict(_read(worker, account_id).access.secrets)
        if turn is None and stored.still_opens():
            return dict(stored.access.secrets)
        if turn is None and stored.leased and not stored.lease_owner:
            break  # a pause: the network could not be reached
        if turn is None:
            threading.Event().wait(_LOOK_AGAIN_S)
    raise NotRenewedYetError(retry_at=clock.now() + PAUSE)


def _go_on(stored: _Stored, code: str) -> dict[str, str]:
    """Return what still opens, although it cannot be renewed; raise why it cannot when it has ended."""
    if stored.still_opens():
        return dict(stored.access.secrets)
    raise (RenewalDoubtError if code == DOUBT else RenewalRefusedError)(hold=HoldReason.ACCESS)


def _read(worker: Worker, account_id: int) -> _Stored:
    with worker.database.reading() as session:
        row = session.execute(
            select(Credential, Account)
            .join(Account, Account.id == Credential.account_id)
            .where(Credential.account_id == account_id)
        ).one_or_none()
        if row is None:
            raise AccessEndedError(hold=HoldReason.ACCESS)
        kept, account = row
        secrets = worker.vault.open(account.ref, Sealed(kept.sealed, kept.key_name))
        leased = kept.lease_until is not None and kept.lease_until > clock.db_now(session)
        base_url = worker.settings.network_urls.get(account.network, "")
        return _Stored(
            account.id,
            account.ref,
            AccountAccess(account.handle, account.remote_id or "", secrets, base_url),
            networks().get(account.network),
            kept.method,
            kept.expires_at,
            kept.lease_gen,
            kept.lease_owner,
            leased,
            kept.said_code,
        )


def _take(worker: Worker, seen: _Stored) -> int | None:
    """Take the lease on what was seen; return its generation, None when it is not ours to renew now.

    A lease that ran out with its owner unheard of becomes a doubt here.
    """
    with worker.database.transaction() as session:
        at = clock.db_now(session)
        kept = hold_credential(session, seen.account_id)
        if kept is None or kept.lease_gen != seen.lease_gen or kept.said_code in SPENT:
            return None
        if kept.lease_until is not None and kept.lease_until > at:
            return None
        if kept.lease_owner and not _again(seen.network):
            _say(session, seen.account_id, seen.lease_gen, DOUBT)
            return None
        generation = kept.lease_gen + 1
        kept.lease_owner, kept.lease_gen, kept.lease_until = worker.name, generation, at + LEASE
        session.flush()
    crash_points.reached("renewal_begun")
    return generation


def _renew(worker: Worker, stored: _Stored, generation: int) -> bool:
    """Call the network once, no transaction open, and write down what came of it; return whether it is renewed."""
    try:
        answer = _call(stored.network, _asked(worker, stored))
    except RefusedError as error:
        _note(worker, stored.account_id, generation, REFUSED)
        logger.warning("account %s was not renewed: %s", stored.account_ref, error.code)
    except (UnavailableError, VaultLockedError) as error:
        # Certainly not used up: it is tried again after a pause.
        _note(worker, stored.account_id, generation, "", pause=PAUSE)
        logger.warning("account %s is renewed later: %s", stored.account_ref, error.code)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the token may be used up
        if _again(stored.network):
            _note(worker, stored.account_id, generation, "", pause=PAUSE)
        else:
            _note(worker, stored.account_id, generation, DOUBT)
        said = error.code if isinstance(error, NetworkError) else type(error).__name__
        logger.error("the renewal of account %s is in doubt: %s", stored.account_ref, said)  # noqa: TRY400 -- a trace could hold a token
    else:
        crash_points.reached("renewal_answered")
        _keep(worker, stored, generation, answer)
        crash_points.reached("renewal_stored")
        return True
    return False


def _asked(worker: Worker, stored: _Stored) -> AccountAccess:
    """Return the account's access with what the installation is registered by, where it was allowed on a page."""
    access, secrets = stored.access, dict(stored.access.secrets)
    if stored.method is CredentialMethod.OAUTH and stored.network is not None:
        with worker.database.reading() as session, suppress(AppNotRegisteredError):
            secrets |= registration(session, worker.vault, stored.network.slug)
    return AccountAccess(access.handle, access.remote_id, secrets, access.base_url)


def _call(network: Network | None, access: AccountAccess) -> Opened:
    renews = _renewing(network)
    if renews is None:
        raise TypeError(network)
    answer = renews.renew(access)
    if not answer.secrets:
        raise ValueError("a renewal without secrets")
    return answer


def _keep(worker: Worker, stored: _Stored, generation: int, answer: Opened) -> None:
    """Store the new pair at once; a database that is away for a moment must not cost it."""
    for tried in range(1, _STORE_TRIES + 1):
        try:
            with worker.database.transaction() as session:
                kept = store_renewed(session, worker.vault, stored.account_id, generation, answer)
            break
        except OperationalError:
            if tried == _STORE_TRIES:
                raise
            threading.Event().wait(_STORE_PAUSE_S)
    if not kept:
        logger.warning("account %s was connected anew while it was renewed", stored.account_ref)


def store_renewed(session: Session, vault: Vault, account_id: int, generation: int, answer: Opened) -> bool:
    """Store what the network gave, if the renewal of that generation still counts; return whether it does.

    A doubt does not end it: a late answer is the answer.
    """
    kept = hold_credential(session, account_id)
    if kept is None or kept.lease_gen != generation:
        return False
    account = session.get_one(Account, account_id)
    sealed = vault.seal(account.ref, answer.secrets)
    kept.sealed, kept.key_name = sealed.data, sealed.key_name
    kept.expires_at, kept.renewed_at = answer.expires_at, clock.now()
    kept.lease_owner, kept.lease_until, kept.said_code = "", None, ""
    session.flush()
    return True


def _note(
    worker: Worker, account_id: int, generation: int, code: str, pause: timedelta = timedelta(0)
) -> None:
    with worker.database.transaction() as session:
        _say(session, account_id, generation, code, clock.db_now(session) + pause if pause else None)


def _say(
    session: Session, account_id: int, generation: int, code: str, until: datetime | None = None
) -> None:
    """End the lease of that generation, and say why; the generation stays, for an answer that comes late."""
    values = {"lease_owner": "", "lease_until": until, "said_code": code}
    session.execute(
        update(Credential)
        .where(Credential.account_id == account_id, Credential.lease_gen == generation)
        .values(values)
    )
