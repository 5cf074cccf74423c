"""The directory as anybody sees it: the bodies, the accounts that speak for them, and the same as open data."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from flask import Response, jsonify, render_template
from flask_babel import gettext

from content_calendar import directory
from content_calendar.clock import now
from content_calendar.models.directory import Account, OwnerKind, Site
from webapp import dates
from webapp.directory.bodies import is_public, tone_by_region
from webapp.directory.tiles import letters_of, place_of
from webapp.directory.wording import network_name
from webapp.federal import state_of
from webapp.kept import kept_page
from webapp.public.doors import blueprint, require_open
from webapp.session import db, public
from webapp.sheets import csv_answer

_Owned = TypeVar("_Owned", Account, Site)


def _today() -> date:
    return now().astimezone(dates.zone()).date()


def _official(on: date) -> list[Account]:
    return [account for account in directory.official_accounts(db(), on) if is_public(account.network)]


@blueprint.get("/publico/directorio")
@public
def bodies() -> Response:
    """Show who the bodies are, on a map and in a list, with the accounts that speak for them."""
    require_open("organismos", "cuentas-oficiales")
    today = _today()
    official = _official(today)
    listed = directory.list_bodies(db(), today)
    accounts, sites = _by_owner(official), _by_owner(directory.sites_of_bodies(db(), today))
    return kept_page(
        lambda: render_template(
            "public/directory.html",
            listed=listed,
            others=_others(official),
            accounts=accounts,
            sites=sites,
            regions=directory.regions(db()),
            tones=tone_by_region(),
            place_of=place_of,
            letters_of=letters_of,
            address=lambda slug: f"#{slug}",
            state_of=state_of,
            network_name=network_name,
            number=len(official),
            cut_off_at=now(),
        )
    )


def _by_owner(rows: Sequence[_Owned]) -> dict[int, list[_Owned]]:
    found: defaultdict[int, list[_Owned]] = defaultdict(list)
    for row in rows:
        found[row.owner_id].append(row)
    return dict(found)


def _others(official: Sequence[Account]) -> list[Account]:
    """Return the accounts of commissions and coordinations, which have no tile."""
    return [account for account in official if account.owner.kind is not OwnerKind.BODY]


@blueprint.get("/publico/directorio.json")
@public
def open_json() -> Response:
    """Return the accounts that are official today, for machines."""
    require_open("organismos", "cuentas-oficiales")
    answer = jsonify(
        {
            "as_of": now().isoformat(),
            "accounts": [_plain(account) for account in _official(_today())],
        }
    )
    # Open data: the page of a body may read it from a browser too.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _plain(account: Account) -> dict[str, str | None]:
    return {
        "network": account.network,
        "handle": account.handle,
        "url": account.url or None,
        "remote_id": account.remote_id,
        "owner": account.owner.name,
        "owner_short": account.owner.short_name,
        "owner_kind": account.owner.kind.value,
        "since": account.valid_from.isoformat() if account.valid_from else None,
        "certified_at": account.certified_at.isoformat() if account.certified_at else None,
        "certified_until": account.certified_until.isoformat() if account.certified_until else None,
    }


@blueprint.get("/publico/directorio.csv")
@public
def open_sheet() -> Response:
    """Return the same as CSV."""
    require_open("organismos", "cuentas-oficiales")
    head = [
        gettext("Red"), gettext("Cuenta"), gettext("Dirección"), gettext("De quién es"), gettext("Siglas"),
        gettext("Desde"), gettext("Certificada"), gettext("Certificada hasta"),
    ]  # fmt: skip
    lines = [
        [
            network_name(account.network), account.handle, account.url, account.owner.name, account.owner.short_name,
            account.valid_from.isoformat() if account.valid_from else None,
            account.certified_at.date().isoformat() if account.certified_at else None,
            account.certified_until.date().isoformat() if account.certified_until else None,
        ]
        for account in _official(_today())
    ]  # fmt: skip
    return csv_answer("cuentas-oficiales", [head, *lines])
