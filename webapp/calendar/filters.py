"""The calendar's filters: kept in the address, shown as chips that are taken away one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext
from sqlalchemy import Select, select

from content_calendar import agenda, audiences, visibility
from content_calendar.agenda import Wanted
from content_calendar.models.directory import Account, Owner
from content_calendar.models.plan import Campaign, Theme
from content_calendar.permissions import Permission
from content_calendar.states import PostState, PublicationState
from webapp.calendar.audience_words import audience_options
from webapp.calendar.choices import network_name
from webapp.event_kinds import kind_options
from webapp.session import viewer
from webapp.words import N_

_IN_ADDRESS = {
    "tema": "theme_ref",
    "campana": "campaign_slug",
    "red": "network",
    "cuenta": "account_ref",
    "organismo": "body_slug",
    "audiencia": "audience",
    "evento": "event_kind",
    "estado": "state",
}
_LABELS = {
    "tema": N_("Tema"),
    "campana": N_("Campaña"),
    "red": N_("Red"),
    "cuenta": N_("Cuenta"),
    "organismo": N_("Organismo"),
    "audiencia": N_("Audiencia"),
    "evento": N_("Evento"),
    "estado": N_("Estado"),
}
# The mark of choosing several; it goes from view to view with the filters, and filters nothing.
CHOOSING = "elegir"
_LAST_MOMENT = (PublicationState.CLAIMED, PublicationState.SENDING)
_SHORT = 100

Offered = Mapping[str, Sequence[tuple[str, str]]]
# What stands in an address beside the path; ``url_for`` takes any value by name.
Address = dict[str, Any]


@dataclass(frozen=True)
class Chip:
    """A filter that is on, and the address of the same view without it. ``state`` is a state's own word."""

    label: str
    text: str
    state: str
    without: str


def wanted() -> Wanted:
    """Return what the address asks for."""
    return Wanted(**{field: request.args.get(name, "") for name, field in _IN_ADDRESS.items()})


def chosen(asked: Wanted) -> Address:
    """Return the filters that are on, as they stand in an address."""
    return {name: value for name, field in _IN_ADDRESS.items() if (value := getattr(asked, field))}


def choosing() -> bool:
    """Return whether the viewer is choosing several posts at once."""
    return request.args.get(CHOOSING) == "1" and viewer().can(Permission.WRITE_POSTS)


def kept(asked: Wanted) -> Address:
    """Return all that goes along from one view to another."""
    return {**chosen(asked), **({CHOOSING: "1"} if choosing() else {})}


def asks(first: date, last: date, *, tallied: bool = False) -> dict[str, Select[*tuple[Any, ...]]]:
    """Return the queries of what the filters and the board offer, to be asked together with the calendar's facts.

    ``tallied`` also asks whom those days reach.
    """
    return {
        **({"reached": audiences.tally(first, last)} if tallied else {}),
        "accounts": select(Account.ref, Account.handle, Account.network, Owner.slug, Owner.short_name)
        .join(Owner, Owner.id == Account.owner_id)
        .where(Account.connected_at.is_not(None))
        .order_by(Account.network, Account.handle_folded),
        "campaigns": select(Campaign.slug, Campaign.name).order_by(Campaign.id),
        "themes": select(Theme.ref, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.title),
        "undated": agenda.undated(visibility.visible_states(viewer().rights)),
    }


def offered(also: Mapping[str, Sequence[tuple[Any, ...]]], spans: Sequence[tuple[str, str]]) -> Offered:
    """Return what each filter offers; ``spans`` are the themes that stand on these days, told first."""
    seen = visibility.visible_states(viewer().rights)
    accounts = also["accounts"]
    networks = dict.fromkeys(network for _, _, network, *_ in accounts)
    themes = dict.fromkeys([*spans, *((ref, title) for ref, title in also["themes"])])
    return {
        "tema": [(ref, title[:_SHORT]) for ref, title in themes],
        "campana": [(slug, name) for slug, name in also["campaigns"]],
        "red": [(network, network_name(network)) for network in networks],
        "cuenta": [
            (ref, f"@{handle.lstrip('@')} · {network_name(network)}") for ref, handle, network, *_ in accounts
        ],
        "audiencia": audience_options(),
        "evento": kind_options(),
        "organismo": list(dict.fromkeys((slug, name) for *_, slug, name in accounts)),
        "estado": [
            (one.value, one.value)
            for one in (PostState.DRAFT, PostState.IN_REVIEW, PostState.APPROVED, *PublicationState)
            if one not in _LAST_MOMENT and (not isinstance(one, PostState) or one in seen)
        ],
    }


def fields(on: Address, some: Offered) -> list[tuple[str, str, Sequence[tuple[str, str]], str]]:
    """Return the fields of the form of filters: (name, label, options, value)."""
    return [(name, gettext(label), some[name], str(on.get(name, ""))) for name, label in _LABELS.items()]


def chips(on: Address, some: Offered) -> list[Chip]:
    """Return the filters that are on; what nobody offers any more is told as it stands in the address."""
    found = []
    for name, value in on.items():
        rest: Address = {key: said for key, said in request.args.items() if key != name}
        without = url_for(str(request.endpoint), **(request.view_args or {}), **rest)
        text = dict(some[name]).get(value, str(value)[:_SHORT])
        state = value if name == "estado" and value in dict(some["estado"]) else ""
        found.append(Chip(gettext(_LABELS[name]), text, state, without))
    return found
