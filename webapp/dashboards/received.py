"""How a bimester was received: its figures, kept while they are true, and what its lines are called."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flask import current_app, request

from content_calendar.models.directory import Body
from scheduler.results import facts
from scheduler.results.keeping import Keeper, Kept
from scheduler.results.summary import Bimester, Ranked, bimester_moments, summary_of
from scheduler.results.tallying import USUAL_AGE
from webapp import dates
from webapp.calendar.choices import network_name
from webapp.dashboards.measured import WINDOW_WORDS
from webapp.session import db
from webapp.words import N_

_EXTENSION: Final = "resuena_received"
KINDS: Final[Mapping[str, str]] = {
    "post": N_("publicación"), "thread": N_("hilo"), "repost": N_("repost"), "quote": N_("cita"),
}  # fmt: skip
WEEKDAYS: Final = (
    N_("lunes"), N_("martes"), N_("miércoles"), N_("jueves"), N_("viernes"), N_("sábado"), N_("domingo"),
)  # fmt: skip


def age_asked() -> str:
    """Return the age at which figures are compared: what the address asks for, or seven days."""
    asked = request.args.get("edad", "")
    return asked if asked in WINDOW_WORDS else USUAL_AGE


def received(year: int, number: int, bodies: Sequence[Body]) -> Kept[Bimester]:
    """Return how the bimester was received, echoes counted of these bodies; and as of when that is."""
    zone, window = dates.zone(), age_asked()
    begin, end = bimester_moments(year, number, zone)
    reach = frozenset(body.id for body in bodies)
    keeper: Keeper[Bimester] = current_app.extensions.setdefault(_EXTENSION, Keeper())
    changed = facts.stamp(db(), begin, end)
    key = (str(db().get_bind().engine.url), begin, end, window, str(zone), reach)
    return keeper.get(
        key,
        changed,
        lambda: summary_of(db(), (year, number), None, zone=zone, window=window, bodies=reach),
    )


def forget_kept() -> None:
    """Forget what was kept: the next page works all its figures out anew. For whoever measures that."""
    for name in (_EXTENSION, "resuena_hours"):
        current_app.extensions.pop(name, None)


def names_of(received: Bimester, table: str) -> Mapping[object, str]:
    """Return what the lines of a table are called, by key; Spanish words are to be translated by whoever shows them."""
    found = received.facts
    names: Mapping[str, Callable[[], Mapping[object, str]]] = {
        "network": lambda: {one.network: network_name(one.network) for one in found.accounts.values()},
        "account": lambda: {
            one.id: f"@{one.handle} · {network_name(one.network)}" for one in found.accounts.values()
        },
        "region": lambda: {one.region_id: one.region or "" for one in found.accounts.values()},
        "theme": lambda: {post.theme_id: post.theme or "" for post in found.posts.values()},
        "campaign": lambda: dict[object, str](found.campaign_names.items()),
        "kind": lambda: dict[object, str](KINDS.items()),
    }
    return names[table]()


def post_of(received: Bimester, ranked: Ranked) -> facts.PostRow:
    """Return the post of a place among the best or the weakest."""
    return received.facts.posts[ranked.post_id]
