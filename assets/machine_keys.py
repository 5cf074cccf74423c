"""Keys with which a body's own site reads the tool-box: made once, kept as a hash, revoked by a click."""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from assets.labels import clean
from assets.models import KeyScope, ToolboxKey
from assets.sharing import end_given, hash_of
from content_calendar.audit import record
from content_calendar.clock import now
from content_calendar.errors import InvalidError, NotFoundError
from content_calendar.models.people import Person

LONGEST_NAME = 120
# What such a key begins with, so that people and scanners recognise one that was left somewhere.
MARK = "resuena_"
_TOKEN_BYTES = 32
# How stale the last use may be: a write for each request would be a write too many.
_TOUCH = timedelta(minutes=5)


class KeyMissingError(NotFoundError):
    """There is no such key, or it was revoked."""

    code = "toolbox_key_missing"


class KeyNameMissingError(InvalidError):
    """A key says where it is used, so that one knows which to revoke."""

    code = "toolbox_key_name_missing"


class KeyScopeMissingError(InvalidError):
    """A key opens something."""

    code = "toolbox_key_scope_missing"


def make(
    session: Session, body_id: int, name: str, scopes: Collection[KeyScope], by: Person
) -> tuple[ToolboxKey, str]:
    """Make a key of a body; return it with its token, which nothing tells again.

    A feed's key opens nothing else, since addresses end in logs. Raises KeyNameMissingError and
    KeyScopeMissingError.
    """
    name = " ".join(clean(name).split())[:LONGEST_NAME]
    if not name:
        raise KeyNameMissingError(field="name")
    chosen = [one for one in KeyScope if one in scopes]
    if not chosen or (KeyScope.FEED in chosen and len(chosen) > 1):
        raise KeyScopeMissingError(field="scopes")
    token = MARK + secrets.token_urlsafe(_TOKEN_BYTES)
    words = " ".join(one.value for one in chosen)
    key = ToolboxKey(token_hash=hash_of(token), name=name, body_id=body_id, scopes=words, made_by_id=by.id)
    session.add(key)
    session.flush()
    record(session, by.ref, "toolbox_key.made", "toolbox_key", key.ref, scopes=words)
    return key, token


def revoke(session: Session, key: ToolboxKey, by: Person) -> None:
    """End a key, from this moment; to do it twice changes nothing."""
    if key.revoked_at is None:
        key.revoked_at = now()
        session.flush()
        record(session, by.ref, "toolbox_key.revoked", "toolbox_key", key.ref)


def end_all(session: Session) -> int:
    """End every key in force and return how many; the audit names each. After a restore: see ``open_links``."""
    return end_given(session, ToolboxKey, ToolboxKey.revoked_at.is_(None))


def find(session: Session, ref: str) -> ToolboxKey:
    """Return a key by its reference; raises KeyMissingError."""
    key = session.scalars(select(ToolboxKey).where(ToolboxKey.ref == ref)).one_or_none()
    if key is None:
        raise KeyMissingError
    return key


def opened(session: Session, token: str) -> ToolboxKey:
    """Return the key of a token; raises KeyMissingError for an unknown or revoked one."""
    key = session.scalars(
        select(ToolboxKey).where(ToolboxKey.token_hash == hash_of(token), ToolboxKey.revoked_at.is_(None))
    ).one_or_none()
    if key is None:
        raise KeyMissingError
    return key


def is_stale(key: ToolboxKey) -> bool:
    """Return whether the key's last use is worth writing down anew."""
    return key.last_used_at is None or key.last_used_at < now() - _TOUCH


def touch(session: Session, key_id: int) -> None:
    """Note that the key was used now."""
    session.execute(update(ToolboxKey).where(ToolboxKey.id == key_id).values(last_used_at=now()))


def listed(session: Session, bodies: Collection[int]) -> Sequence[ToolboxKey]:
    """Return the keys of these bodies, those in force first, then the newest."""
    return session.scalars(
        select(ToolboxKey)
        .where(ToolboxKey.body_id.in_(bodies))
        .order_by(ToolboxKey.revoked_at.is_not(None), ToolboxKey.id.desc())
    ).all()
