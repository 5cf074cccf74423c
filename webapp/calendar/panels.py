"""What the composer, the post's page and the review show of the same text: checks, counts, previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign
from content_calendar.posts import Draft
from content_calendar.rules import Problem
from scheduler.networks import networks
from webapp import checks as checking
from webapp.calendar.choices import network_name
from webapp.checks import Count
from webapp.dates import words
from webapp.errors import sentence

_LEVELS = {"error": "error", "warning": "warning"}


@dataclass(frozen=True)
class Panel:
    """What the checks panel and the previews show."""

    checks: list[dict[str, object]]
    counts: list[Count]
    previews: list[dict[str, object]]
    problems: Sequence[Problem]
    # Nothing is written or chosen yet: there is nothing to mend, only something to begin with.
    untouched: bool = False


def panel(session: Session, draft: Draft, post_id: int | None = None, *, in_form: bool = True) -> Panel:
    """Return the checks, counts and previews of a draft; ``in_form`` says that its fields are on the page."""
    untouched = post_id is None and _is_untouched(draft)
    problems = [] if untouched else checking.check(session, draft, post_id)
    accounts = session.scalars(
        select(Account).where(Account.id.in_(draft.account_ids)).options(joinedload(Account.owner))
    ).all()
    names = dict(
        session.execute(select(Campaign.slug, Campaign.name).where(Campaign.id.in_(draft.campaign_ids))).all()
    )
    return Panel(
        checks=[_row(one, names, in_form=in_form) for one in problems],
        counts=checking.counts(draft.content, {one.network for one in accounts} or _choosable(session)),
        previews=_previews(draft, accounts),
        problems=problems,
        untouched=untouched,
    )


def _is_untouched(draft: Draft) -> bool:
    content = draft.content
    return not (any(content.parts) or content.variants or content.media or draft.account_ids)


def _choosable(session: Session) -> set[str]:
    """Return the networks of the accounts that can be chosen."""
    connected = select(Account.network).where(Account.connected_at.is_not(None), Account.valid_to.is_(None))
    return set(session.scalars(connected.distinct()))


def _row(problem: Problem, campaigns: Mapping[str, str], *, in_form: bool) -> dict[str, object]:
    source, url = _source(problem, campaigns)
    return {
        "level": _LEVELS.get(problem.severity.value, "info"),
        "sentence": sentence(problem.code, {key: _joined(value) for key, value in problem.params.items()}),
        "source": source,
        "source_url": url,
        "field": _field_id(problem.field) if in_form else "",
    }


def _joined(value: object) -> object:
    return ", ".join(str(one) for one in value) if isinstance(value, tuple) else value


def _source(problem: Problem, campaigns: Mapping[str, str]) -> tuple[str, str]:
    kind, _, slug = problem.source.partition(":")
    if kind == "campaign":
        return gettext("la campaña %(name)s", name=campaigns.get(slug, slug)), ""
    if kind == "network":
        found = networks().get(slug)
        said = found.rules.source if found else ""
        url = said if said.startswith("https://") else ""
        return gettext("lo que admite %(name)s", name=network_name(slug)), url
    return "", ""


def _field_id(field: str) -> str:
    head, _, rest = field.partition(".")
    if head == "images":
        number = rest.partition(".")[0]
        return f"alt-{number}" if number else "imagenes"
    if head == "variant":
        return f"variant-{rest}"
    return field


def _previews(draft: Draft, accounts: Sequence[Account]) -> list[dict[str, object]]:
    when = words(draft.due.at, draft.due.zone) if draft.due else ""
    images = [
        {"url": url_for("toolbox.served", ref=one.asset_ref, n=one.asset_version), "alt": one.alt_text}
        for one in draft.content.media
    ]
    seen: dict[tuple[str, tuple[str, ...]], dict[str, object]] = {}
    for account in accounts:
        parts = draft.content.parts_for(account.network)
        # One preview for each text and network: ten accounts of one network would show ten times the same.
        card = seen.setdefault(
            (account.network, parts),
            {
                "name": account.owner.short_name,
                "handle": f"@{account.handle.lstrip('@')}",
                "network": network_name(account.network),
                "parts": list(parts),
                "images": images,
                "when": when,
                "more": 0,
            },
        )
        if card["handle"] != f"@{account.handle.lstrip('@')}":
            card["more"] = int(str(card["more"])) + 1
    if not seen:
        return [
            {
                "name": gettext("Tu cuenta"),
                "handle": gettext("sin cuenta elegida"),
                "network": gettext("cualquier red"),
                "parts": list(draft.content.parts),
                "images": images,
                "when": when,
                "more": 0,
            }
        ]
    return list(seen.values())
