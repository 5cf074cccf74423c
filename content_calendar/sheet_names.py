"""Names in the cells of a sheet, found in what the house knows: accounts, themes, bodies, campaigns. Pure."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz

from content_calendar.sheet_cells import CellError, several
from content_calendar.sheet_columns import AUDIENCES, plain
from content_calendar.sheet_values import Known, KnownAccount, KnownTheme

_BEFORE = re.compile(r"(?P<network>[^:@/]+):\s*(?P<handle>@?[^\s/]+)")
_BEHIND = re.compile(r"(?P<handle>@?\S+)\s*\((?P<network>[^)]+)\)")
_ALIKE = 88.0
LONGEST_THEME = 300


class Names:
    """What every name of a sheet stands for, made once for all its rows."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._new: dict[str, str] = {}

    @cached_property
    def _themes(self) -> Mapping[str, KnownTheme]:
        # One in use goes before one that was put away.
        return {plain(one.title): one for one in sorted(self._known.themes, key=lambda one: not one.archived)}

    @cached_property
    def _accounts(self) -> Mapping[str, list[KnownAccount]]:
        found: dict[str, list[KnownAccount]] = {}
        for one in self._known.accounts:
            for name in {_handle(one.handle), _address(one.url)} - {""}:
                found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _hosts(self) -> Mapping[str, str]:
        return {_address(one.url).partition("/")[0]: one.network for one in self._known.accounts if one.url}

    @cached_property
    def _networks(self) -> Mapping[str, str]:
        return {
            plain(name): one.network
            for one in self._known.accounts
            for name in (one.network, one.network_name)
        }

    @cached_property
    def _bodies(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self._known.bodies:
            for name in {plain(said) for said in one.names} - {""}:
                found.setdefault(name, []).append(one.slug)
        return found

    @cached_property
    def _dissolved(self) -> Mapping[str, date]:
        return {one.slug: one.dissolved_on for one in self._known.bodies if one.dissolved_on}

    @cached_property
    def _audiences(self) -> Mapping[str, str]:
        return {plain(name): code for code, names in AUDIENCES.items() for name in (code, *names)}

    @cached_property
    def _zones(self) -> Mapping[str, str]:
        return {plain(name): zone for name, zone in self._known.zones.items()}

    def theme(self, said: str) -> tuple[str, str]:
        """Return a theme's title and its reference, empty for a new one. Raises CellError."""
        title = " ".join(said.split())
        if len(title) > LONGEST_THEME:
            raise CellError("sheet_theme_too_long", most=LONGEST_THEME)
        found = self._themes.get(plain(title))
        if found is None:
            return self._new_theme(title), ""
        if found.archived:
            raise CellError("sheet_theme_archived", theme=found.title)
        return found.title, found.ref

    def _new_theme(self, title: str) -> str:
        """Return the title as its first row wrote it; one that is nearly another's is more likely a slip."""
        folded = plain(title)
        if folded not in self._new:
            known = {name: one.title for name, one in self._themes.items() if not one.archived}
            for name, other in (known | self._new).items():
                if fuzz.ratio(folded, name) >= _ALIKE:
                    raise CellError("sheet_theme_alike", said=title, theme=other)
        return self._new.setdefault(folded, title)

    def networks(self, said: str) -> frozenset[str]:
        """Return the networks of a cell. Raises CellError."""
        found = set()
        for name in several(said):
            slug = self._networks.get(plain(name))
            if slug is None:
                raise CellError("sheet_network_unknown", said=name)
            found.add(slug)
        return frozenset(found)

    def accounts(self, said: str, networks: frozenset[str]) -> tuple[KnownAccount, ...]:
        """Return the accounts of a cell, by handle or by link, within ``networks`` if any. Raises CellError."""
        found: list[KnownAccount] = []
        for piece in several(said):
            one = self._account(piece, networks)
            if one in found:
                raise CellError("sheet_account_repeated", said=piece)
            found.append(one)
        return tuple(found)

    def _account(self, piece: str, networks: frozenset[str]) -> KnownAccount:
        handle, wanted = piece, networks
        if "//" not in piece and (told := _BEFORE.fullmatch(piece) or _BEHIND.fullmatch(piece)):
            handle, wanted = told["handle"], self.networks(told["network"])
        every = self._accounts.get(_address(handle) if "/" in handle else _handle(handle), [])
        if not every and "/" in handle:
            host, _, rest = _address(handle).partition("/")
            every = [
                one for one in self._accounts.get(_handle(rest), []) if one.network == self._hosts.get(host)
            ]
        some = [one for one in every if not wanted or one.network in wanted]
        if every and not some:
            raise CellError("sheet_account_elsewhere", said=handle)
        # A handle may have had another life: the one in use is meant.
        some = [one for one in some if not one.retired] or some[:1]
        if not some:
            raise CellError("sheet_account_unknown", said=piece)
        if len(some) > 1:
            raise CellError("sheet_account_ambiguous", said=piece, example=some[0].said)
        return some[0]

    def body(self, said: str, on: date | None) -> str:
        """Return a body's slug, by its short name, its name or its state. Raises CellError."""
        found = self._bodies.get(plain(said), [])
        alive = [slug for slug in found if not self._is_gone(slug, on)]
        if not found:
            raise CellError("sheet_body_unknown", said=said)
        if not alive:
            raise CellError("sheet_body_dissolved", said=said, on=self._dissolved[found[0]])
        if len(alive) > 1:
            raise CellError("sheet_body_ambiguous", said=said)
        return alive[0]

    def _is_gone(self, slug: str, on: date | None) -> bool:
        gone = self._dissolved.get(slug)
        return gone is not None and gone < (on or self._known.days.first)

    def audiences(self, said: str) -> str:
        """Return the codes of the audiences, in order and apart by spaces. Raises CellError."""
        found = set()
        for name in several(said):
            code = self._audiences.get(plain(name))
            if code is None:
                raise CellError("sheet_audience_unknown", said=name)
            found.add(code)
        return " ".join(code for code in AUDIENCES if code in found)

    def campaigns(self, said: str, on: date | None) -> tuple[str, ...]:
        """Return the slugs of campaigns, by name. Raises CellError."""
        names = {plain(name): one for one in self._known.campaigns for name in (one.slug, one.name)}
        found = []
        for name in several(said):
            one = names.get(plain(name))
            if one is None:
                raise CellError("sheet_campaign_unknown", said=name)
            if on and ((one.starts_on and on < one.starts_on) or (one.ends_on and on > one.ends_on)):
                raise CellError("sheet_campaign_outside", campaign=one.name)
            found.append(one.slug)
        return tuple(dict.fromkeys(found))

    def zone(self, said: str) -> str:
        """Return a zone's IANA name, by it or by its place. Raises CellError."""
        found = self._zones.get(plain(said))
        if found is None:
            raise CellError("sheet_zone_unknown", said=said)
        return found


def _handle(said: str) -> str:
    return said.strip().lstrip("@").casefold()


def _address(said: str) -> str:
    bare = re.sub(r"^(https?://)?(www\.|m\.|mobile\.)?", "", said.strip().casefold())
    return bare.partition("?")[0].rstrip("/")
