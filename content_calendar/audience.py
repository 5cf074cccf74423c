"""Whom to tell of something that needs a person: those who can do something about it. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from content_calendar.permissions import Permission, Rights, Scope

# Who mends what keeps a publication waiting, where it is not whoever decides on it. By the hold's word.
_MENDERS: Mapping[str, Permission] = {
    "access": Permission.CONNECT_ACCOUNTS,
    "account": Permission.CERTIFY_ACCOUNTS,
    "budget": Permission.VIEW_SYSTEM,
}


@dataclass(frozen=True)
class Somebody:
    """A person who may be told, with what they may do today."""

    id: int
    rights: Rights


@dataclass(frozen=True)
class Audience:
    """Who finds it among their notices, and who of them is also mailed."""

    told: frozenset[int]
    mailed: frozenset[int] = frozenset()


def holders(
    people: Collection[Somebody], permission: Permission, scope: Scope | None = None
) -> frozenset[int]:
    """Return who holds ``permission`` over ``scope``; without one, who holds it over anything."""
    return frozenset(one.id for one in people if one.rights.can(permission, scope))


def of_publication(
    people: Collection[Somebody], reason: str, scope: Scope | None, concerned: Collection[int]
) -> Audience:
    """Return whom to tell that a publication waits, for ``reason``, over the body of its account.

    All who can decide on it find it; mailed are those of the ``concerned`` (who wrote it, who approved it) who can,
    and whoever mends its reason. When nobody of them is left, all who can decide are mailed: somebody must be.
    """
    deciders = holders(people, Permission.DECIDE_PUBLICATIONS, scope)
    mending = _MENDERS.get(reason)
    menders = holders(people, mending, scope) if mending else frozenset()
    mailed = (deciders & frozenset(concerned)) | menders
    return Audience(deciders | menders, mailed or deciders)


def of_review(people: Collection[Somebody], authors: Collection[int]) -> Audience:
    """Return whom to tell that a post waits for a yes: who may give it, and did not write it."""
    reviewers = holders(people, Permission.REVIEW_POSTS) - frozenset(authors)
    return Audience(reviewers, reviewers)


def of_system(people: Collection[Somebody], permission: Permission = Permission.VIEW_SYSTEM) -> Audience:
    """Return whom to tell of something that keeps the installation from working."""
    told = holders(people, permission)
    return Audience(told, told)
