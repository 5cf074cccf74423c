"""Problem details (RFC 9457): what an API says when it does not do what it was asked.

``type`` leads to the section of the documentation that tells of that code; ``errors`` names each field by a JSON
pointer. The sentences are those of the screens, in the asked language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, jsonify, request

from content_calendar.errors import ResuenaError
from webapp.session import settings, viewer

MEDIA_TYPE = "application/problem+json"
PAGE = "/api/errores"
_API = "/api/v1/"
_REALM = 'Bearer realm="resuena"'


@dataclass(frozen=True)
class Fault:
    """What is wrong with one value: where it stands in what was sent, and the code of its sentence."""

    pointer: str
    code: str = ""
    params: Mapping[str, object] | None = None
    # The sentence itself, where somebody else has said it already.
    said: str = ""


class EdgeError(ResuenaError):
    """What only a machine can do wrong; ``status`` is how HTTP says it."""

    code = "request_unusable"
    status: ClassVar[int] = 400
    # What the answer's WWW-Authenticate tells a program, where it does (RFC 6750, 3.1).
    bearer: ClassVar[str | None] = None


class JsonUnreadableError(EdgeError):
    """What was sent is not JSON, or not an object."""

    code = "json_unreadable"


class JsonExpectedError(EdgeError):
    """What was sent says that it is something else than JSON."""

    code = "json_expected"
    status = 415


class FormExpectedError(EdgeError):
    """A file is sent as a form (multipart/form-data)."""

    code = "form_expected"
    status = 415


class ShapeError(EdgeError):
    """What was sent is not of the documented shape; ``faults`` says where."""

    code = "body_invalid"
    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = list(faults)


class SignedOutError(EdgeError):
    """Nobody has said who they are."""

    code = "token_needed"
    status = 401
    bearer = ""


class TokenUnknownError(EdgeError):
    """The token is unknown, or over, or was ended, or its person has left."""

    code = "token_unknown"
    status = 401
    bearer = "invalid_token"


class TokenScopeError(EdgeError):
    """The person may do it, but this token was made for less."""

    code = "token_scope"
    status = 403
    bearer = "insufficient_scope"


class PresenceNeededError(EdgeError):
    """A program cannot do this in a person's place."""

    code = "presence_needed"
    status = 403


class TwoSignInsError(EdgeError):
    """A token and a session at once: which of them is meant is not for us to guess."""

    code = "two_sign_ins"


class EditionMissingError(EdgeError):
    """An edit says over which edition it was made (If-Match)."""

    code = "edition_missing"
    status = 428


class EditionChangedError(EdgeError):
    """Somebody changed it after it was read."""

    code = "edition_changed"
    status = 412


class TooManyAskedError(EdgeError):
    """One token asked too often; ``seconds`` says when it may again."""

    code = "too_many_asked"
    status = 429


class OnceKeyInvalidError(EdgeError):
    """An Idempotency-Key has 1 to 200 visible characters."""

    code = "once_key_invalid"


class OnceKeyReusedError(EdgeError):
    """The same Idempotency-Key was sent with something else."""

    code = "once_key_reused"
    status = 422


def wanted() -> bool:
    """Return whether whoever asks is a program, and is told in JSON."""
    return request.path.startswith(_API) or viewer().token_id is not None


def root() -> str:
    """Return the beginning of every address of this installation."""
    return settings().public_url or request.host_url.rstrip("/")


def answer(
    status: int,
    code: str,
    title: str,
    detail: str,
    faults: Sequence[tuple[str, str]] = (),
    *,
    reference: str = "",
) -> Response:
    """Return a problem; ``faults`` are pairs of a pointer and a sentence, ``reference`` finds it in the log."""
    told: dict[str, object] = {
        "type": f"{root()}{PAGE}#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if reference:
        told["reference"] = reference
    if faults:
        told["errors"] = [{"pointer": f"#{pointer}", "detail": said} for pointer, said in faults]
    made = jsonify(told)
    made.status_code = status
    made.mimetype = MEDIA_TYPE
    made.headers["Cache-Control"] = "no-store"
    return made


def challenge(response: Response, error: str) -> None:
    """Tell a program which door it stands at (RFC 6750)."""
    response.headers["WWW-Authenticate"] = _REALM + (f', error="{error}"' if error else "")
