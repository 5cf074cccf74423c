"""The composition root: the application made of its parts. Nobody imports it but the server and the tests."""

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from content_calendar.db import Database
from content_calendar.settings import Settings, read
from content_calendar.signing_keys import signing_key
from scheduler.listening.addresses import FetchPolicy
from scheduler.listening.link_cards import LinkCards
from webapp import dates, errors, frame, money, request_log, security, session
from webapp.database import require_migrated
from webapp.inputs import CleanRequest, RouteWord, SmallInteger
from webapp.pressing import Pressed
from webapp.statics import FRAME, FRAME_SCRIPT, Statics
from webapp.unchanged import Unchanged

LARGEST_FORM = 2 * 1024 * 1024
LARGEST_REQUEST = 64 * 1024 * 1024


def release() -> str:
    """Return the version that is running."""
    try:
        return version("resuena")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Return the application; raise SettingError or DatabaseNotMigratedError when it could not serve."""
    settings = settings or read(os.environ)
    database = database or Database(settings.database, little=True)
    require_migrated(database)
    app = Flask("webapp", static_folder="static", template_folder="templates")
    app.request_class = CleanRequest
    app.url_map.converters.update(int=SmallInteger, default=RouteWord, string=RouteWord)
    app.config.update(
        SECRET_KEY=signing_key(settings),
        SESSION_COOKIE_NAME="__Host-formas" if settings.https else "formas",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=max(LARGEST_REQUEST, (settings.video_megabytes << 20) + LARGEST_FORM),
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        # The token lives as long as the browser's session: a draft may be written slowly.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        BABEL_DEFAULT_LOCALE="es",
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.extensions["resuena.settings"] = settings
    app.extensions["resuena.database"] = database
    app.extensions["resuena.link_cards"] = LinkCards(
        FetchPolicy.of(tuple(settings.feed_allow), settings.contact)
    )
    app.extensions["resuena.release"] = release()
    _keep_answers(app, settings, database)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign] # Flask's own way to wrap it
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    Babel(
        app, locale_selector=lambda: session.viewer().locale, timezone_selector=lambda: session.viewer().zone
    )
    # The order matters: who asks is known before their right is asked for; headers go on last answers too.
    request_log.install(app)
    session.install(app)
    security.install(app)
    errors.install(app)
    dates.install(app)
    money.install(app)
    frame.install(app)
    app.jinja_env.globals.update(frame_sheet=FRAME, frame_script=FRAME_SCRIPT)
    return app


def _keep_answers(app: Flask, settings: Settings, database: Database) -> None:
    """Answer what is known already before the application is asked: boards as they were, static files; press pages."""
    app.wsgi_app = Unchanged(  # type: ignore[assignment,method-assign] # Flask's own way to wrap it
        app.wsgi_app, database, logs=settings.log == "json"
    )
    app.wsgi_app = Pressed(app.wsgi_app)  # type: ignore[assignment,method-assign] # same
    transport = [("Strict-Transport-Security", security.TRANSPORT)] if settings.https else []
    app.wsgi_app = Statics(  # type: ignore[assignment,method-assign] # same
        app.wsgi_app, Path(str(app.static_folder)), transport
    )
