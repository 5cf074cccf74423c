"""A person on the way to a network's own page and back: RFC 7636 (PKCE) and RFC 6749 section 10.12 (state).

The state travels through the browser; only its hash is stored. It is good once, for a few minutes, for the
person who began and for the account it was begun for. The verifier never leaves the vault until the way back.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from content_calendar import clock
from content_calendar.errors import ConflictError, ForbiddenError
from content_calendar.models.directory import Account, ConnectAttempt
from content_calendar.models.people import Person
from content_calendar.vault import Sealed, Vault

LIFE = timedelta(minutes=10)
_KEPT = timedelta(days=1)


class AttemptUnknownError(ConflictError):
    """Nobody began this way here."""

    code = "connect_attempt_unknown"


class AttemptUsedError(ConflictError):
    """It was walked to its end before. ``handle`` is the account's name."""

    code = "connect_attempt_used"


class AttemptOldError(ConflictError):
    """It was begun too long ago. ``handle`` is the account's name, ``minutes`` how long it would have been good."""

    code = "connect_attempt_old"


class AttemptOfAnotherError(ForbiddenError):
    """Somebody else began it."""

    code = "connect_attempt_of_another"


@dataclass(frozen=True)
class Begun:
    """What travels through the browser: the state, and the challenge that only the verifier answers."""

    state: str = field(repr=False)
    challenge: str


@dataclass(frozen=True)
class Back:
    """Somebody who came back: for which account, with what the exchange needs."""

    account_id: int
    verifier: str = field(repr=False)
    redirect_uri: str


def begin(session: Session, vault: Vault, account: Account, person: Person, redirect_uri: str) -> Begun:
    """Write down that the person goes to the network's page for the account; what is long over is forgotten."""
    at = clock.db_now(session)
    session.execute(delete(ConnectAttempt).where(ConnectAttempt.created_at < at - _KEPT))
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    hashed = _hash(state)
    sealed = vault.seal(_bond(hashed, account), {"verifier": verifier, "redirect_uri": redirect_uri})
    session.add(
        ConnectAttempt(
            state_hash=hashed,
            account_id=account.id,
            person_id=person.id,
            sealed=sealed.data,
            key_name=sealed.key_name,
            created_at=at,
        )
    )
    session.flush()
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return Begun(state, base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"))


def account_of(session: Session, state: str) -> str:
    """Return the reference of the account that a way was begun for, whoever asks; empty when nobody began it."""
    query = select(Account.ref).join(ConnectAttempt, ConnectAttempt.account_id == Account.id)
    return session.scalar(query.where(ConnectAttempt.state_hash == _hash(state))) or ""


def take(session: Session, vault: Vault, state: str, person: Person, network: str) -> Back:
    """Use up the way back, once; to be committed whatever comes of the exchange.

    Raises AttemptUnknownError, AttemptUsedError, AttemptOldError, AttemptOfAnotherError, VaultLockedError.
    """
    hashed = _hash(state)
    attempt = session.get(ConnectAttempt, hashed)
    account = session.get(Account, attempt.account_id) if attempt else None
    if attempt is None or account is None or account.network != network:
        raise AttemptUnknownError
    if attempt.person_id != person.id:
        raise AttemptOfAnotherError(handle=account.handle)
    if attempt.created_at < clock.db_now(session) - LIFE:
        raise AttemptOldError(handle=account.handle, minutes=int(LIFE.total_seconds()) // 60)
    taken = session.execute(
        update(ConnectAttempt)
        .where(ConnectAttempt.state_hash == hashed, ConnectAttempt.used_at.is_(None))
        .values(used_at=clock.db_now(session))
        .returning(ConnectAttempt.state_hash)
    ).all()
    if not taken:
        raise AttemptUsedError(handle=account.handle)
    kept = vault.open(_bond(hashed, account), Sealed(attempt.sealed, attempt.key_name))
    return Back(account.id, kept["verifier"], kept["redirect_uri"])


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _bond(state_hash: str, account: Account) -> str:
    return f"attempt:{state_hash}:{account.ref}"
