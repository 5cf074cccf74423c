"""Rights: what each role may do, and over which bodies. Pure.

Every route names one permission of this list; a test fails for a route that names none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a membership makes of a person; its rights stand in ``RIGHTS``."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    REGIONAL = "regional"
    EDITOR = "editor"
    LIAISON = "liaison"


class Permission(StrEnum):
    """Something one may do."""

    ENTER = "enter"  # anybody signed in: their own account, the start page
    VIEW_PLAN = "view_plan"
    EDIT_PLAN = "edit_plan"
    WRITE_EVENTS = "write_events"
    WRITE_POSTS = "write_posts"
    REVIEW_POSTS = "review_posts"
    VIEW_PUBLICATIONS = "view_publications"
    DECIDE_PUBLICATIONS = "decide_publications"
    ASK_CONTRIBUTIONS = "ask_contributions"
    CONTRIBUTE = "contribute"
    NAME_DEPUTIES = "name_deputies"
    VIEW_TOOLBOX = "view_toolbox"
    EDIT_TOOLBOX = "edit_toolbox"
    MAKE_KEYS = "make_keys"
    VIEW_DIRECTORY = "view_directory"
    EDIT_DIRECTORY = "edit_directory"
    CERTIFY_ACCOUNTS = "certify_accounts"
    CERTIFY_OWN_ACCOUNTS = "certify_own_accounts"
    PROPOSE_CHANGES = "propose_changes"
    CONNECT_ACCOUNTS = "connect_accounts"
    VIEW_WIRE = "view_wire"
    EDIT_FEEDS = "edit_feeds"
    VIEW_REPLICATIONS = "view_replications"
    DECLARE_REPLICATIONS = "declare_replications"
    DECIDE_REPLICATIONS = "decide_replications"
    VIEW_ALLIES = "view_allies"
    EDIT_ALLIES = "edit_allies"
    VIEW_SUMMARIES = "view_summaries"
    MAKE_REPORTS = "make_reports"
    VIEW_PROGRAMME = "view_programme"
    FOLLOW_PROGRAMME = "follow_programme"
    SEE_ATTENDANCE = "see_attendance"
    EDIT_PROGRAMME = "edit_programme"
    EDIT_SILENCE = "edit_silence"
    EDIT_PEOPLE = "edit_people"
    VIEW_SYSTEM = "view_system"
    SET_CEILINGS = "set_ceilings"
    OPEN_PORTAL = "open_portal"
    KEEP_BACKUPS = "keep_backups"


_P = Permission
_READER = frozenset(
    {
        _P.ENTER,
        _P.VIEW_PLAN,
        _P.VIEW_TOOLBOX,
        _P.VIEW_DIRECTORY,
        _P.VIEW_WIRE,
        _P.VIEW_REPLICATIONS,
        _P.VIEW_PROGRAMME,
    }
)
_EDITOR = _READER | {
    _P.EDIT_PLAN,
    _P.WRITE_EVENTS,
    _P.WRITE_POSTS,
    _P.VIEW_PUBLICATIONS,
    _P.DECIDE_PUBLICATIONS,
    _P.ASK_CONTRIBUTIONS,
    _P.EDIT_TOOLBOX,
    _P.EDIT_DIRECTORY,
    _P.PROPOSE_CHANGES,
    _P.EDIT_FEEDS,
    _P.DECLARE_REPLICATIONS,
    _P.DECIDE_REPLICATIONS,
    _P.VIEW_ALLIES,
    _P.EDIT_ALLIES,
    _P.VIEW_SUMMARIES,
    _P.FOLLOW_PROGRAMME,
}
RIGHTS: Mapping[Role, frozenset[Permission]] = {
    Role.LIAISON: _READER
    | {
        _P.CONTRIBUTE,
        _P.WRITE_EVENTS,
        _P.NAME_DEPUTIES,
        _P.DECLARE_REPLICATIONS,
        _P.MAKE_KEYS,
        _P.CERTIFY_OWN_ACCOUNTS,
        _P.PROPOSE_CHANGES,
        _P.FOLLOW_PROGRAMME,
        _P.SEE_ATTENDANCE,
        _P.MAKE_REPORTS,
    },
    Role.REGIONAL: _READER
    | {_P.DECLARE_REPLICATIONS, _P.DECIDE_REPLICATIONS, _P.VIEW_SUMMARIES, _P.VIEW_ALLIES, _P.MAKE_REPORTS},
    Role.EDITOR: frozenset(_EDITOR),
    Role.COORDINATOR: frozenset(
        _EDITOR
        | {
            _P.REVIEW_POSTS,
            _P.MAKE_REPORTS,
            _P.CERTIFY_ACCOUNTS,
            _P.CERTIFY_OWN_ACCOUNTS,
            _P.EDIT_PROGRAMME,
            _P.SEE_ATTENDANCE,
            _P.EDIT_SILENCE,
            _P.NAME_DEPUTIES,
        }
    ),
    Role.ADMIN: frozenset(_P),
}


@dataclass(frozen=True)
class Scope:
    """The body that an act is about, and its region."""

    body_id: int
    region_id: int | None


@dataclass(frozen=True)
class Grant:
    """A membership that counts today: its role, and its body or region; both empty means everything."""

    role: Role
    body_id: int | None = None
    region_id: int | None = None

    def covers(self, scope: Scope | None) -> bool:
        """Return whether the grant reaches ``scope``; without one, only whether it exists."""
        if scope is None or (self.body_id is None and self.region_id is None):
            return True
        if self.body_id is not None:
            return self.body_id == scope.body_id
        return self.region_id == scope.region_id


@dataclass(frozen=True)
class Rights:
    """All that a person may do today; with ``only``, what of it they let a program do in their name."""

    grants: tuple[Grant, ...] = ()
    only: frozenset[Permission] | None = None

    def can(self, permission: Permission, scope: Scope | None = None) -> bool:
        """Return whether some grant holds ``permission`` and covers ``scope``."""
        if self.only is not None and permission not in self.only:
            return False
        return any(permission in RIGHTS[grant.role] and grant.covers(scope) for grant in self.grants)

    def narrowed(self, only: frozenset[Permission]) -> "Rights":
        """Return these rights without any that is not in ``only``."""
        return Rights(self.grants, only)

    def bodies(self) -> frozenset[int]:
        """Return the bodies that the person stands for."""
        return frozenset(grant.body_id for grant in self.grants if grant.body_id is not None)

    def roles(self) -> frozenset[Role]:
        """Return the person's roles."""
        return frozenset(grant.role for grant in self.grants)


def rights_of(grants: Iterable[Grant]) -> Rights:
    """Return the rights that these grants add up to."""
    return Rights(tuple(grants))
