"""From a code to a sentence: what happened and what to do, in the reader's language.

``SENTENCES`` knows every code of the tree of domain errors; a test compares both.
"""

import logging
import secrets

from flask import Flask, Response, flash, jsonify, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from content_calendar.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, ResuenaError
from webapp import dates
from webapp.session import viewer
from webapp.words import N_

_log = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[ResuenaError], int], ...] = (
    (InvalidError, 422),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (NotFoundError, 404),
)
_PAGES = {
    400: (N_("No entendimos lo que llegó"), N_("Vuelve a la página anterior e inténtalo otra vez.")),
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
    413: (
        N_("Es demasiado grande"),
        N_("El archivo o el texto pasa de lo que se puede recibir. Prueba con uno más ligero."),
    ),
    422: (N_("Falta corregir algo"), N_("Vuelve a la página anterior y revisa lo que escribiste.")),
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
}


def status_of(error: ResuenaError) -> int:
    """Return the HTTP status that says the same."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def sentence(code: str, params: dict[str, object] | None = None) -> str:
    """Return the sentence of a code with its parameters filled in, in the reader's language."""
    return dates.speaker().sentence(code, params)


def tell(error: ResuenaError) -> str:
    """Return what to tell a person about an error."""
    return sentence(error.code, error.params)


def flash_error(error: ResuenaError) -> None:
    """Show an error at the top of the next page."""
    flash(tell(error), "error")


def _page(status: int, said: str = "", reference: str = "") -> Response:
    title, advice = _PAGES.get(status, _PAGES[500])
    if request.path.startswith("/api/"):
        answer = jsonify({"title": gettext(title), "detail": said or gettext(advice), "status": status})
        answer.status_code = status
        answer.mimetype = "application/problem+json"
        return answer
    body = render_template(
        "errors/error.html",
        layout="base.html" if viewer().person else "base_public.html",
        code=status,
        what=said or gettext(title),
        next_steps=[gettext(advice)],
        reference=reference,
    )
    return Response(body, status)


def _domain(error: ResuenaError) -> Response:
    return _page(status_of(error), tell(error))


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    if code in {301, 302, 303, 307, 308}:
        return Response(error.get_response().get_data(), code, error.get_headers())
    return _page(code)


def _forged(_error: CSRFError) -> Response:
    return _page(
        400, gettext("La página estuvo abierta demasiado tiempo. Vuelve a abrirla y envía otra vez.")
    )


def _away(error: OperationalError) -> Response:
    _log.error("the database does not answer: %s", error)
    return _page(503)


def _unexpected(error: Exception) -> Response:
    reference = secrets.token_hex(4)
    _log.error("unexpected error, reference %s", reference, exc_info=error)
    return _page(500, reference=reference)


def install(app: Flask) -> None:
    """Answer every error with a page that says what to do."""
    app.register_error_handler(ResuenaError, _domain)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _away)
    app.register_error_handler(Exception, _unexpected)
    app.jinja_env.globals["sentence"] = sentence
