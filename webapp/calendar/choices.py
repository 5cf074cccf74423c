"""What the composer offers to choose from: accounts, campaigns, themes, languages, pictures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assets.finding import Search, Shown, find
from assets.models import AssetKind
from content_calendar import saved_texts as texts_to_reuse
from content_calendar.connecting import with_keys
from content_calendar.content import PostKind
from content_calendar.models.composing import SavedText, SavedTextKind
from content_calendar.models.directory import Account
from content_calendar.models.plan import Bimester, Campaign, Theme, ThemeSpan
from scheduler.networks import network_for, networks
from webapp.words import N_

_KINDS = {
    PostKind.POST: (N_("Publicación"), N_("Un texto, con imágenes o video si quieres.")),
    PostKind.THREAD: (N_("Hilo"), N_("Varias partes seguidas: cada una contesta a la anterior.")),
    PostKind.REPOST: (N_("Compartir (repost)"), N_("Lo que publicó otra cuenta, tal como está.")),
    PostKind.QUOTE: (N_("Citar"), N_("Lo que publicó otra cuenta, con un texto nuestro.")),
}
_PICTURES = 12
_TITLE = 90


@dataclass(frozen=True)
class Offered:
    """Everything that the composer's fields offer."""

    accounts: Mapping[str, list[Account]]
    campaigns: Sequence[Campaign]
    themes: Mapping[str, list[tuple[str, str]]]
    pictures: Sequence[Shown]
    # Ids of the accounts that have keys stored: the others are published with by hand.
    keyed: Collection[int] = frozenset()

    def networks(self, written: Collection[str] = ()) -> list[str]:
        """Return the networks that may ask for a text of their own, those first that have one ``written``.

        Where a person publishes, or nothing leaves, the text is the common one.
        """
        asking = [slug for slug in self.accounts if _asks_for_text(slug)]
        return list(dict.fromkeys([*(slug for slug in written if slug in self.accounts), *asking]))


def kinds() -> list[dict[str, str]]:
    """Return the kinds of post as the choices of a form."""
    return [
        {"value": kind.value, "title": gettext(title), "text": gettext(text)}
        for kind, (title, text) in _KINDS.items()
    ]


def offered(session: Session, day: date | None, kept: set[str]) -> Offered:
    """Return what can be chosen for a post on ``day``; accounts in ``kept`` stay though they are not connected."""
    accounts: dict[str, list[Account]] = {}
    for account in session.scalars(
        select(Account)
        .where(Account.connected_at.is_not(None) & Account.valid_to.is_(None) | Account.ref.in_(kept))
        .options(joinedload(Account.owner))
        .order_by(Account.network, Account.handle_folded)
    ):
        accounts.setdefault(account.network, []).append(account)
    campaigns = session.scalars(select(Campaign).order_by(Campaign.id)).all()
    pictures = find(session, Search(kinds=(AssetKind.IMAGE, AssetKind.VIDEO), limit=_PICTURES)).shown
    keyed = with_keys(session, [one.id for some in accounts.values() for one in some])
    return Offered(accounts, campaigns, _themes(session, day), pictures, keyed)


def _themes(session: Session, day: date | None) -> Mapping[str, list[tuple[str, str]]]:
    rows = session.execute(
        select(Theme.ref, Theme.title).where(Theme.archived_at.is_(None)).order_by(Theme.id)
    )
    every = [(ref, shorten(title, _TITLE, placeholder="…")) for ref, title in rows]
    placed: set[str] = set()
    if day is not None:
        placed = set(
            session.scalars(
                select(Theme.ref)
                .join(ThemeSpan, ThemeSpan.theme_id == Theme.id)
                .join(Bimester, Bimester.id == ThemeSpan.bimester_id)
                .where(Bimester.starts_on <= day, Bimester.ends_on >= day)
            )
        )
    groups = {
        gettext("De este bimestre"): [one for one in every if one[0] in placed],
        gettext("Todos los demás"): [one for one in every if one[0] not in placed],
    }
    return {name: some for name, some in groups.items() if some}


def _asks_for_text(slug: str) -> bool:
    found = networks().get(slug)
    return found is not None and found.automatic and found.needs_connection


def network_name(slug: str) -> str:
    """Return a network as people call it."""
    found = networks().get(slug)
    return found.name if found else slug.capitalize()


def account_note(account: Account, *, has_keys: bool) -> str:
    """Return what is to be known of publishing with an account; empty when nothing is."""
    network = network_for(account.network, connected=has_keys)
    said = ""
    if account.connected_at is None:
        said = gettext("Ya no está conectada")
    elif not network.automatic:
        said = gettext("La publica una persona, a mano")
    elif not network.needs_connection:
        said = gettext("De ensayo: no sale a ninguna red")
    return said


def account_cards(accounts: Sequence[Account], keyed: Collection[int]) -> list[dict[str, object]]:
    """Return accounts as the choices of a form."""
    return [
        {
            "value": account.ref,
            "title": account.handle if account.handle.startswith("@") else f"@{account.handle}",
            "text": " · ".join(
                filter(None, [account.owner.short_name, account_note(account, has_keys=account.id in keyed)])
            ),
        }
        for account in accounts
    ]


def saved_texts(session: Session) -> Mapping[str, Sequence[SavedText]]:
    """Return the words to reuse, by the name of their kind; one query."""
    found: dict[str, list[SavedText]] = {}
    for one in texts_to_reuse.every(session):
        found.setdefault(gettext(SAVED_KINDS[one.kind]), []).append(one)
    return found


SAVED_KINDS: Mapping[SavedTextKind, str] = {
    SavedTextKind.TAGS: N_("Grupos de hashtags"),
    SavedTextKind.SNIPPET: N_("Fragmentos"),
    SavedTextKind.TEMPLATE: N_("Plantillas"),
}
"""What people call each kind of words to reuse."""
