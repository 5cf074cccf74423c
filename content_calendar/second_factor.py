"""The second factor: codes of an application (RFC 6238), and recovery codes for the day it is lost.

A code is taken once, and one span of thirty seconds early or late (ASVS 5.0, 6.5.1, 6.5.5; RFC 6238, 5.2). The secret
is sealed by the vault and bound to its person; recovery codes are random and kept as their hashes (6.5.2).
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

import pyotp
from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import ConflictError, InvalidError
from content_calendar.models.factors import DoorLetter, DoorLetterKind, Passkey, RecoveryCode, TimeCode
from content_calendar.models.people import Person
from content_calendar.permissions import Rights, Role
from content_calendar.vault import Sealed, Vault

STEP_SECONDS = 30
RECOVERY_CODES = 10
_DRIFT = 1
_ISSUER = "Resuena"
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
# Sixteen of thirty-one letters: 79 bits, too many to guess even from the hash.
_LETTERS, _GROUP = 16, 4


class CodeWrongError(InvalidError):
    """Not the code that the application shows now, or one that was taken before."""

    code = "code_wrong"


class LastFactorError(ConflictError):
    """Somebody whose role asks for a second factor keeps at least one."""

    code = "last_factor"


def bond_of(person: Person) -> str:
    """Return what a person's secret is sealed for."""
    return f"totp:{person.ref}"


def is_owed(rights: Rights) -> bool:
    """Return whether these roles ask for a second factor: all but a liaison's do."""
    return bool(rights.roles() - {Role.LIAISON})


def has_codes(session: Session, person_id: int) -> bool:
    """Return whether the person has an application that shows codes."""
    asked = exists().where(TimeCode.person_id == person_id, TimeCode.confirmed_at.is_not(None))
    return bool(session.scalar(select(asked)))


def is_set_up(session: Session, person_id: int) -> bool:
    """Return whether the person has a second factor of any kind."""
    return has_codes(session, person_id) or bool(
        session.scalar(select(exists().where(Passkey.person_id == person_id)))
    )


def everybody_with_one(session: Session) -> frozenset[int]:
    """Return the people who have a second factor."""
    codes = select(TimeCode.person_id).where(TimeCode.confirmed_at.is_not(None))
    return frozenset(session.scalars(codes.union(select(Passkey.person_id))))


def begin(session: Session, vault: Vault, person: Person) -> tuple[str, str]:
    """Make a secret that counts once a code of it is shown; return it and the address for the QR code."""
    row = session.get(TimeCode, person.id)
    if row is not None and row.confirmed_at is not None:
        raise LastFactorError
    if row is None:
        secret = pyotp.random_base32()
        sealed = vault.seal(bond_of(person), {"secret": secret})
        session.add(TimeCode(person_id=person.id, sealed=sealed.data, key_name=sealed.key_name))
        session.flush()
    else:
        secret = _secret(vault, person, row)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=_ISSUER)


def confirm(session: Session, vault: Vault, person: Person, code: str) -> None:
    """Let the application count, proved by a code that it shows; raise CodeWrongError."""
    row = session.get(TimeCode, person.id)
    if row is None or row.confirmed_at is not None or not _takes(session, vault, person, row, code):
        raise CodeWrongError(field="code")
    row.confirmed_at = now()
    session.flush()
    audit.record(session, person.ref, "factor_added", "person", person.ref, kind="codes")


def opens(session: Session, vault: Vault, person: Person, code: str) -> bool:
    """Take a code of the application, or a recovery code; each is taken once."""
    code = "".join(code.split()).replace("-", "").casefold()
    row = session.get(TimeCode, person.id)
    if row is not None and row.confirmed_at is not None and _takes(session, vault, person, row, code):
        return True
    return _takes_recovery(session, person, code)


def _secret(vault: Vault, person: Person, row: TimeCode) -> str:
    return vault.open(bond_of(person), Sealed(row.sealed, row.key_name))["secret"]


def _takes(session: Session, vault: Vault, person: Person, row: TimeCode, code: str) -> bool:
    totp = pyotp.TOTP(_secret(vault, person, row))
    step = int(now().timestamp()) // STEP_SECONDS
    code = "".join(code.split())
    for near in range(step - _DRIFT, step + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(near).encode(), code.encode()):
            # Of two who show the same code at the same moment, one gets the row.
            taken = session.execute(
                update(TimeCode)
                .where(TimeCode.person_id == person.id, TimeCode.last_step < near)
                .values(last_step=near)
                .returning(TimeCode.person_id)
            )
            return taken.first() is not None
    return False


def _takes_recovery(session: Session, person: Person, code: str) -> bool:
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person.id,
            RecoveryCode.code_hash == _hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
    ).first()
    if used is None:
        return False
    audit.record(
        session, person.ref, "recovery_code_used", "person", person.ref, left=left(session, person.id)
    )
    return True


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def make_recovery_codes(session: Session, person: Person) -> Sequence[str]:
    """Return new recovery codes, which nothing tells again; those made before open nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_LETTERS)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(person_id=person.id, code_hash=_hash(code)) for code in codes)
    session.flush()
    audit.record(session, person.ref, "recovery_codes_made", "person", person.ref, count=len(codes))
    return ["-".join(code[n : n + _GROUP] for n in range(0, _LETTERS, _GROUP)) for code in codes]


def left(session: Session, person_id: int) -> int:
    """Return how many recovery codes the person has left."""
    return (
        session.scalar(
            select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
        )
        or 0
    )


def remove_codes(session: Session, person: Person, *, owed: bool) -> None:
    """Take the application away; raise LastFactorError when the role asks for one and nothing else is there."""
    others = session.scalar(select(exists().where(Passkey.person_id == person.id)))
    if owed and not others:
        raise LastFactorError
    session.execute(delete(TimeCode).where(TimeCode.person_id == person.id))
    _tidy(session, person)
    audit.record(session, person.ref, "factor_removed", "person", person.ref, kind="codes")


def _tidy(session: Session, person: Person) -> None:
    # Recovery codes stand in for something: without it they would be a second password.
    if not is_set_up(session, person.id):
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))


def remove_passkey(session: Session, person: Person, ref: str, *, owed: bool) -> bool:
    """Take one of one's own passkeys away; return False when there is none of that reference."""
    row = session.scalars(
        select(Passkey).where(Passkey.ref == ref, Passkey.person_id == person.id)
    ).one_or_none()
    if row is None:
        return False
    rest = session.scalar(
        select(func.count()).where(Passkey.person_id == person.id, Passkey.id != row.id)
    ) or int(has_codes(session, person.id))
    if owed and not rest:
        raise LastFactorError
    session.delete(row)
    session.flush()
    _tidy(session, person)
    audit.record(session, person.ref, "factor_removed", "person", person.ref, kind="passkey")
    return True


def reset(session: Session, person: Person, actor_ref: str) -> None:
    """Take every second factor of somebody away, on an administrator's word; it is told to them by mail."""
    for table in (TimeCode, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.person_id == person.id))
    session.add(DoorLetter(person_id=person.id, kind=DoorLetterKind.FACTOR_RESET))
    audit.record(session, actor_ref, "factor_reset", "person", person.ref)
