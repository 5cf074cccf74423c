"""From a code to a sentence: what happened and what to do, in the reader's language.

``SENTENCES`` knows every code of the tree of domain errors; a test compares both.
"""

import errno
import logging
import secrets
import sqlite3
from collections.abc import Mapping

from flask import Flask, Response, flash, render_template
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError

from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, ResuenaError
from webapp import dates, problems
from webapp.problems import EdgeError, ShapeError, TooManyAskedError
from webapp.saying import Told
from webapp.session import viewer
from webapp.words import N_

_log = logging.getLogger(__name__)
# How long whoever asked should wait for a database that is away, in seconds.
_AWAY_SECONDS = 10
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PG_DISK_FULL = "53100"
_STATUS: tuple[tuple[type[ResuenaError], int], ...] = (
    (InvalidError, 422),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (NotFoundError, 404),
)
PAGES = {
    400: (N_("No entendimos lo que llegó"), N_("Vuelve a la página anterior e inténtalo otra vez.")),
    401: (N_("Falta entrar"), N_("Manda una llave que sirva: Authorization: Bearer, un espacio y la llave.")),
    403: (
        N_("Esto no te toca"),
        N_("Tu rol no permite abrir esta página. Si la necesitas, pídela a la administración."),
    ),
    404: (
        N_("Aquí no hay nada"),
        N_("Puede que la dirección tenga un error o que esto ya no exista. Vuelve al inicio."),
    ),
    405: (N_("No entendimos lo que llegó"), N_("Vuelve a la página anterior e inténtalo otra vez.")),
    409: (N_("Alguien se adelantó"), N_("Vuelve a abrir la página: lo que ves puede haber cambiado.")),
    412: (N_("Alguien se adelantó"), N_("Vuelve a leerlo y haz tu cambio sobre lo que hay ahora.")),
    413: (
        N_("Es demasiado grande"),
        N_("El archivo o el texto pasa de lo que se puede recibir. Prueba con uno más ligero."),
    ),
    415: (N_("No entendimos lo que llegó"), N_("Mándalo como dice la documentación: casi siempre, JSON.")),
    422: (N_("Falta corregir algo"), N_("Vuelve a la página anterior y revisa lo que escribiste.")),
    428: (N_("Falta decir de qué edición"), N_("Manda If-Match con el «ETag» de lo que leíste.")),
    429: (N_("Son demasiadas peticiones"), N_("Espera unos segundos y sigue más despacio.")),
    500: (
        N_("Algo falló de nuestro lado"),
        N_(
            "No se guardó nada a medias. Inténtalo otra vez; si se repite, dile a la administración la referencia."
        ),
    ),
    503: (
        N_("La base de datos no responde"),
        N_("Espera un momento y vuelve a intentarlo. No se perdió nada de lo guardado."),
    ),
    507: (
        N_("No queda lugar en el disco"),
        N_("No se guardó nada a medias. Avisa a la administración: hay que liberar espacio en el servidor."),
    ),
}


def status_of(error: ResuenaError) -> int:
    """Return the HTTP status that says the same."""
    if isinstance(error, EdgeError):
        return error.status
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def sentence(code: str, params: dict[str, object] | None = None) -> Told:
    """Return the sentence of a code with its parameters filled in, in the reader's language."""
    return dates.speaker().sentence(code, params)


def tell(error: ResuenaError) -> Told:
    """Return what to tell a person about an error."""
    return sentence(error.code, error.params)


def flash_error(error: ResuenaError) -> None:
    """Show an error at the top of the next page, with the way to what explains it."""
    said = tell(error)
    # Flask keeps any value that JSON can tell; the pieces of a notice are read in macros/shell.html.
    flash({"text": str(said), "why": said.code}, "error")  # type: ignore[arg-type] # its type says a text


# A problem that no code of the house tells of is known by its status.
STATUS_CODES = {
    400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 409: "conflict",
    413: "too_large", 415: "media_type", 422: "invalid", 500: "unexpected", 503: "unavailable", 507: "disk_full",
}  # fmt: skip


def code_of(status: int) -> str:
    """Return the code of a page of that status, by which the guide tells what it means."""
    return STATUS_CODES.get(status if status in PAGES else 500, f"status_{status}")


def title_of(status: int) -> str:
    """Return the few words that stand above every problem of that status."""
    said: str = gettext(PAGES.get(status, PAGES[500])[0])
    return said


def advice_of(status: int) -> str:
    """Return what to do about a problem of that status, when nothing more is known of it."""
    said: str = gettext(PAGES.get(status, PAGES[500])[1])
    return said


def _page(status: int, said: str = "", reference: str = "") -> Response:
    title, advice = PAGES.get(status, PAGES[500])
    if problems.wanted():
        code = STATUS_CODES.get(status, "unexpected" if status >= 500 else "bad_request")  # noqa: PLR2004 -- HTTP's line
        return problems.answer(status, code, gettext(title), said or gettext(advice), reference=reference)
    what = said if isinstance(said, Told) else Told(said or gettext(title), code_of(status))
    body = render_template(
        "errors/error.html",
        layout="base.html" if viewer().person else "base_public.html",
        code=status,
        what=what,
        next_steps=[gettext(advice)],
        reference=reference,
    )
    return Response(body, status)


def _domain(error: ResuenaError) -> Response:
    status = status_of(error)
    return problem_of(error) if problems.wanted() else _page(status, tell(error))


def problem_of(error: ResuenaError, pointers: Mapping[str, str] | None = None) -> Response:
    """Return an error as a program is told it; ``pointers`` says where each field stands in what was sent."""
    status, said = status_of(error), tell(error)
    faults = []
    if isinstance(error, ShapeError):
        faults = [
            (one.pointer, one.said or sentence(one.code, dict(one.params or {}))) for one in error.faults
        ]
    elif isinstance(error, InvalidError) and error.field:
        pointer = (pointers or {}).get(error.field, f"/{error.field}")
        faults = [(pointer, said)]
    answer = problems.answer(status, error.code, title_of(status), said, faults)
    if isinstance(error, EdgeError) and error.bearer is not None:
        problems.challenge(answer, error.bearer)
    if isinstance(error, TooManyAskedError):
        answer.headers["Retry-After"] = str(error.params["seconds"])
    return answer


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code in {301, 302, 303, 307, 308}:
        return Response(error.get_response().get_data(), code, error.get_headers())
    return _page(code)


def _forged(_error: CSRFError) -> Response:
    return _page(
        400, gettext("La página estuvo abierta demasiado tiempo. Vuelve a abrirla y envía otra vez.")
    )


def _away(error: DBAPIError | PoolTimeoutError) -> Response:
    """Tell that the database cannot do it now: it does not answer, or has no room left."""
    if isinstance(error, DBAPIError):
        if is_full(error.orig):
            return _full(error)
        if not (isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated):
            return _unexpected(error)
    _log.error("the database does not answer: %s", error)
    answer = _page(503)
    answer.headers["Retry-After"] = str(_AWAY_SECONDS)
    return answer


def is_full(error: BaseException | None) -> bool:
    """Return whether an error says that there is no room on a disk: the system's, SQLite's or PostgreSQL's own."""
    if isinstance(error, OSError):
        return error.errno in _NO_ROOM
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return primary == sqlite3.SQLITE_FULL or getattr(error, "sqlstate", None) == _PG_DISK_FULL


def _of_system(error: OSError) -> Response:
    return _full(error) if is_full(error) else _unexpected(error)


def _full(error: Exception) -> Response:
    _log.error("there is no room left: %s", error)
    return _page(507)


def _late(error: InternalServerError) -> Response:
    """Tell an error that came up once the page was made: its transaction could not be ended."""
    met = error.original_exception
    if isinstance(met, DBAPIError | PoolTimeoutError):
        return _away(met)
    if isinstance(met, OSError):
        return _of_system(met)
    return _unexpected(met) if isinstance(met, Exception) else _http(error)


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("unexpected error, reference %s", reference, exc_info=error)
    return _page(500, reference=reference)


def install(app: Flask) -> None:
    """Answer every error with a page that says what to do."""
    app.register_error_handler(ResuenaError, _domain)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _away)
    app.register_error_handler(PoolTimeoutError, _away)
    app.register_error_handler(OSError, _of_system)
    app.register_error_handler(InternalServerError, _late)
    app.register_error_handler(Exception, _unexpected)
    app.jinja_env.globals["sentence"] = sentence
