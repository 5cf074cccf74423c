"""A creation that names itself (``Idempotency-Key``) happens once: the same again is answered as the first time.

The answer is written down in the transaction of what it tells, so that there is neither one without the other.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.inserting import insert_absent
from content_calendar.models.tokens import AskedOnce
from webapp.problems import OnceKeyInvalidError, OnceKeyReusedError
from webapp.session import db, person

# How long an answer is known again.
KEPT = timedelta(days=1)
_KEY = re.compile(r"[!-~]{1,200}")
_AT_A_TIME = 200
View = Callable[..., Response]


def once(view: View) -> View:
    """Let a creation name itself; it stands right above the view, below what asks for the permission."""

    @wraps(view)
    def asked(**values: Any) -> Response:  # noqa: ANN401 -- whatever the route holds
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return view(**values)
        if not _KEY.fullmatch(key):
            raise OnceKeyInvalidError
        asked_hash = _hash()
        if (known := _taken(db(), key, asked_hash)) is not None:
            if known.asked_hash != asked_hash:
                raise OnceKeyReusedError
            return _again(known)
        answer = view(**values)
        _write_down(db(), key, answer)
        return answer

    return asked


def _hash() -> str:
    whole = f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)
    return hashlib.sha256(whole).hexdigest()


def _row(session: Session, key: str) -> AskedOnce | None:
    return session.scalars(
        select(AskedOnce).where(AskedOnce.person_id == person().id, AskedOnce.key == key)
    ).one_or_none()


def _taken(session: Session, key: str, asked_hash: str) -> AskedOnce | None:
    """Take the key; return what was answered under it before, None when it is ours.

    Where somebody is just now asking the same, PostgreSQL waits here for them to end; SQLite has one writer.
    """
    forget(session)
    row = {"person_id": person().id, "key": key, "asked_hash": asked_hash, "status": 0, "at": now()}
    insert_absent(session, AskedOnce, [{**row, "location": "", "etag": "", "answer": ""}])
    known = _row(session, key)
    # One without an answer is never committed: it was inserted just now, by this very request.
    return known if known is not None and known.status else None


def _write_down(session: Session, key: str, answer: Response) -> None:
    row = _row(session, key)
    if row is not None:
        row.status = answer.status_code
        row.location = answer.headers.get("Location", "")
        row.etag = answer.headers.get("ETag", "")
        row.answer = answer.get_data(as_text=True)


def _again(known: AskedOnce) -> Response:
    answer: Response = current_app.response_class(known.answer, known.status, mimetype="application/json")
    for name, value in (("Location", known.location), ("ETag", known.etag)):
        if value:
            answer.headers[name] = value
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def forget(session: Session) -> None:
    """Drop some answers that nobody may ask for again."""
    old = select(AskedOnce.id).where(AskedOnce.at < now() - KEPT).order_by(AskedOnce.at).limit(_AT_A_TIME)
    session.execute(delete(AskedOnce).where(AskedOnce.id.in_(old)))
