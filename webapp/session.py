"""Who is asking, and the request's one transaction.

A sign-in is a row: the cookie holds a random token, the row its hash, so that it can be listed and
ended. The request's database session is opened when first used: it reads for GET and HEAD, and
writes, beginning IMMEDIATE on SQLite, for the rest. It is committed once the view has answered well.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, Response, current_app, g, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import people
from content_calendar.clock import now
from content_calendar.db import Database
from content_calendar.models.people import Awaits, Person, WebSession
from content_calendar.permissions import Permission, Rights, Scope
from content_calendar.settings import Settings
from webapp import by_token

# ASVS 5.0, 7.3: out after a working day without a click, and after a week whatever happens.
IDLE = timedelta(hours=10)
LONGEST = timedelta(days=7)
# How stale the row's last_seen_at may be: a write per click would be a write too many.
_TOUCH = timedelta(minutes=5)
# A right password opens nothing for longer than this without the second factor.
_HALF_OPEN = timedelta(minutes=10)
_LOCALES = frozenset({"es", "en"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HASHER = PasswordHasher()
# Somebody who does not exist takes as long to refuse as somebody who does.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))

V = TypeVar("V", bound=Callable[..., object])


class TokenState(Enum):
    """What came of the personal token that a request shows."""

    OPENS = "opens"
    UNKNOWN = "unknown"
    BESIDE_SESSION = "beside_session"


@dataclass(frozen=True)
class Viewer:
    """Whoever is asking: signed in, or anybody."""

    person: Person | None = None
    session_id: int | None = None
    rights: Rights = field(default_factory=Rights)
    locale: str = "es"
    zone: str = "America/Mexico_City"
    # Set for whoever asks with a personal token, and not with a browser's session.
    token_id: int | None = None
    # What the session still owes, and whose it will be: until the second factor is shown, nobody is signed in.
    awaits: Awaits | None = None
    waiting: Person | None = None
    # When they last proved who they are.
    proved_at: datetime | None = None

    def can(self, permission: Permission | str, scope: Scope | None = None) -> bool:
        """Return whether they may, for ``scope`` where it is given."""
        return self.rights.can(Permission(permission), scope)


def settings() -> Settings:
    """Return this application's settings."""
    found: Settings = current_app.extensions["resuena.settings"]
    return found


def database() -> Database:
    """Return this application's database."""
    found: Database = current_app.extensions["resuena.database"]
    return found


def db() -> Session:
    """Return the request's session, opened when first asked for."""
    if "db" not in g:
        g.db = database().open(writes=request.method not in _SAFE or g.get("writes", False))
    session: Session = g.db
    return session


def let_write() -> None:
    """Let a request that only asks for a page write: the one by which another site sends somebody back to enter."""
    g.writes = True


def viewer() -> Viewer:
    """Return who is asking."""
    found: Viewer = g.get("viewer") or _anybody()
    return found


def person() -> Person:
    """Return the person who is asking; the route's permission has made sure that there is one."""
    found = viewer().person
    if found is None:  # pragma: no cover -- a route without a permission fails a shape test
        raise LookupError("nobody is signed in")
    return found


def needs(permission: Permission) -> Callable[[V], V]:
    """Mark a view with the permission that it needs; ``security`` asks for it before the view runs."""

    def mark(view: V) -> V:
        view.permission = permission  # type: ignore[attr-defined] # a mark on the function
        return view

    return mark


def public(view: V) -> V:
    """Mark a view that anybody may open."""
    view.permission = None  # type: ignore[attr-defined] # a mark on the function
    return view


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    return _HASHER.hash(password)


def password_opens(person: Person | None, password: str) -> bool:
    """Return whether the password is that person's; takes as long for nobody."""
    known = person is not None and person.left_at is None and bool(person.password_hash)
    try:
        _HASHER.verify(person.password_hash if known and person else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return known


def token_hash(token: str) -> str:
    """Return what of a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def throttle_key(kind: str, value: str) -> str:
    """Return the hash under which tries are counted; it does not tell whose they are."""
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def cookie_name() -> str:
    """Return the session cookie's name; the prefix makes browsers refuse it from anywhere else."""
    return "__Host-resuena" if settings().https else "resuena"


def sign_in(person: Person, awaits: Awaits | None = None) -> str:
    """Open a session for the person, which may still owe something; return the token that the cookie will hold.

    The one that the browser had, if any, ends (ASVS 5.0, 7.2.4).
    """
    token = secrets.token_urlsafe(32)
    if viewer().session_id is not None:
        db().execute(update(WebSession).where(WebSession.id == viewer().session_id).values(ended_at=now()))
    db().add(
        WebSession(
            token_hash=token_hash(token),
            person_id=person.id,
            agent=(request.user_agent.string or "")[:300],
            address=request.remote_addr or "",
            awaits=awaits,
            proved_at=now(),
        )
    )
    return token


def set_cookie(response: BaseResponse, token: str) -> None:
    """Give the browser its token."""
    response.set_cookie(
        cookie_name(),
        token,
        max_age=LONGEST,
        httponly=True,
        secure=settings().https,
        samesite="Lax",
        path="/",
    )


def sign_out(response: BaseResponse) -> None:
    """End the session, here and in the browser."""
    db().execute(update(WebSession).where(WebSession.id == viewer().session_id).values(ended_at=now()))
    response.delete_cookie(cookie_name(), path="/", secure=settings().https, httponly=True, samesite="Lax")


def _anybody() -> Viewer:
    asked = request.cookies.get("idioma", "")
    best = request.accept_languages.best_match(["es", "en"], settings().locale)
    locale = asked if asked in _LOCALES else (best or settings().locale)
    return Viewer(locale=locale, zone=settings().zone)


def _recognise() -> None:
    g.viewer = anybody = _anybody()
    token = request.cookies.get(cookie_name())
    if request.endpoint == "static":
        return
    if (shown := by_token.shown()) is not None:
        # Two at once are refused where permissions are asked; until then it is nobody.
        g.token_state = _recognise_token(shown, anybody, alone=not token)
        return
    if not token:
        return
    with database().reading() as session:
        found = session.execute(
            select(WebSession, Person)
            .join(Person, Person.id == WebSession.person_id)
            .where(
                WebSession.token_hash == token_hash(token),
                WebSession.ended_at.is_(None),
                WebSession.created_at > now() - LONGEST,
                WebSession.last_seen_at > now() - IDLE,
                Person.left_at.is_(None),
            )
        ).one_or_none()
        if found is None:
            return
        row, somebody = found
        rights = people.rights(session, somebody.id, now().date())
        # They outlive this transaction, whose end would empty them.
        session.expunge_all()
    if row.last_seen_at < now() - _TOUCH:
        with database().transaction() as session:
            session.execute(update(WebSession).where(WebSession.id == row.id).values(last_seen_at=now()))
    asked = (request.cookies.get("idioma"), somebody.locale)
    locale = next((one for one in asked if one in _LOCALES), anybody.locale)
    zone = somebody.zone or settings().zone
    if row.awaits is Awaits.FACTOR:
        late = row.created_at < now() - _HALF_OPEN
        g.viewer = (
            anybody if late else Viewer(None, row.id, Rights(), locale, zone, None, row.awaits, somebody)
        )
        return
    proved_at = row.proved_at or row.created_at
    g.viewer = Viewer(somebody, row.id, rights, locale, zone, None, row.awaits, None, proved_at)


def _recognise_token(shown: str, anybody: Viewer, *, alone: bool) -> TokenState:
    found = by_token.recognised(database(), shown) if alone else None
    if found is None:
        return TokenState.UNKNOWN if alone else TokenState.BESIDE_SESSION
    asked = request.accept_languages.best_match(sorted(_LOCALES, reverse=True))
    somebody = found.person
    locale = asked or (somebody.locale if somebody.locale in _LOCALES else anybody.locale)
    zone = somebody.zone or settings().zone
    g.viewer = Viewer(somebody, None, found.rights, locale, zone, found.token.id)
    return TokenState.OPENS


def _finish(response: Response) -> Response:
    session: Session | None = g.pop("db", None)
    if session is not None:
        try:
            if response.status_code < 400:  # noqa: PLR2004 -- HTTP's own line between done and not
                session.commit()
        finally:
            session.close()
    return response


def _drop(_error: BaseException | None) -> None:
    session: Session | None = g.pop("db", None)
    if session is not None:
        session.close()


def install(app: Flask) -> None:
    """Recognise who asks, and end each request's transaction."""
    app.before_request(_recognise)
    app.after_request(_finish)
    app.teardown_request(_drop)
