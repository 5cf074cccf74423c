"""What a browser and whoever sits at the provider's door do in these tests."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from content_calendar.db import Database
from content_calendar.models.people import AuditEvent
from tests.counterparts.openid_provider import OpenidProvider
from tests.webapp.conftest import words

BACK, LEFT = "http://localhost/entrar/proveedor/regreso", "http://localhost/entrar"
PASSWORD = "una frase que nadie adivina"
Install = Callable[..., Flask]


def ana(provider: OpenidProvider, **said: object) -> None:
    """Let ana sit at the provider's door."""
    seat = {"email": "ana@snt.mx", "email_verified": True, "amr": ("pwd", "mfa"), **said}
    provider.seat(str(seat.pop("sub", "sub-ana")), **seat)  # type: ignore[arg-type] # claims of any kind


def go(
    provider: OpenidProvider, client: FlaskClient, begin: str = "/entrar/proveedor", **changed: str
) -> TestResponse:
    """Go out and come back as a browser does; ``changed`` stands in the place of what the provider sent back."""
    out = client.get(begin)
    assert out.status_code == 303, words(out)
    with requests.Session() as browser:
        return come_back(client, provider.follow(out.headers["Location"], browser), **changed)


def come_back(client: FlaskClient, address: str, **changed: str) -> TestResponse:
    """Open the address that the provider leads back to."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changed
    return client.get(urlsplit(address).path, query_string=asked)


def inside(client: FlaskClient) -> bool:
    """Return whether the start page opens."""
    return client.get("/").status_code == 200


def inside_after(app: Flask, provider: OpenidProvider) -> bool:
    """Return whether one is in after coming back."""
    client = app.test_client()
    go(provider, client)
    return inside(client)


def why_refused(database: Database) -> tuple[str, str]:
    """Return the code and the reason of the last refusal that the audit holds."""
    with database.reading() as session:
        row = session.scalars(
            select(AuditEvent).where(AuditEvent.act == "provider_refused").order_by(AuditEvent.id.desc())
        ).first()
        assert row
        return str(row.details["code"]), str(row.details.get("why", ""))
