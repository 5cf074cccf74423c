"""An installation that lets people in by a provider: oidc-provider as it is, over HTTP, one for each file of tests."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from content_calendar import people
from content_calendar.db import Database
from content_calendar.permissions import Role
from content_calendar.settings import read
from tests.conftest import fresh_database
from tests.counterparts.openid_provider import CLIENT, SECRET, OpenidProvider, running
from tests.webapp.account.by_provider.visiting import BACK, LEFT, PASSWORD, Install
from webapp.app import create_app
from webapp.session import hash_password

_HASHED = hash_password(PASSWORD)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.drill)],
)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Nothing here asks one kind of database for what the other does not: PostgreSQL says the same in the drill."""
    yield from fresh_database(request, tmp_path)


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenidProvider]:
    """One provider for all that is asked here."""
    with running(BACK, LEFT) as found:
        yield found


@pytest.fixture
def install(provider: OpenidProvider, database: Database, tmp_path: Path) -> Install:
    """Return a maker of installations that let people in by the provider; ana is invited, an editor."""

    def make(**said: str) -> Flask:
        (tmp_path / "data").mkdir(exist_ok=True)
        settings = {
            "RESUENA_DATA": str(tmp_path / "data"),
            "RESUENA_FEED_ALLOW": provider.place,
            "RESUENA_OIDC_ISSUER": provider.issuer,
            "RESUENA_OIDC_CLIENT": CLIENT,
            "RESUENA_OIDC_SECRET": SECRET,
            "RESUENA_OIDC_FACTORS": "mfa",
            **{f"RESUENA_{name.upper()}": value for name, value in said.items()},
        }
        return create_app(read(settings), database)

    with database.transaction() as session:
        for name, role in (("ana", Role.EDITOR), ("ada", Role.ADMIN), ("eva", Role.ADMIN)):
            somebody = people.add(session, f"{name}@snt.mx", name.capitalize(), _HASHED)
            people.grant(session, somebody, role, on=date(2020, 1, 1))
    return make


@pytest.fixture
def app(install: Install) -> Flask:
    """An installation as most are: the provider's second factor counts."""
    return install()
