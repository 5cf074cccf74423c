"""What the composer, the post's page and the review show of the same text: checks, counts, previews."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import budget
from content_calendar.clock import now
from content_calendar.content import Content, PostKind
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign
from content_calendar.posts import Draft
from content_calendar.rules import NetworkRules, Problem
from scheduler.networks import networks
from webapp import checks as checking
from webapp import outlets
from webapp.calendar.choices import network_name
from webapp.checks import Count, Looked
from webapp.dates import zone
from webapp.errors import sentence
from webapp.outlets import Cost
from webapp.previews import Preview, previews
from webapp.words import N_

_LEVELS = {"error": "error", "warning": "warning", "hint": "info"}
_HOUSE_RULES = {
    "personal": N_("protección de datos personales: di por qué va, o quítalo"),
    "plain": N_("lenguaje ciudadano: un consejo, no una obligación"),
    "inclusive": N_("lenguaje incluyente: un consejo, no una obligación"),
    "alike": N_("lo que se repite se lee menos, y las redes lo toman por basura"),
}


@dataclass(frozen=True)
class Panel:
    """What the checks panel and the previews show."""

    checks: list[dict[str, object]]
    counts: list[Count]
    previews: list[Preview]
    problems: Sequence[Problem]
    # For each part of a thread, how long it is for each network.
    part_counts: list[list[Count]]
    costs: list[Cost]
    # Of the month's ceiling, by network, where there is one: the ceiling, and what is left of it.
    left: Mapping[str, tuple[int, int]]
    # Nothing is written or chosen yet: there is nothing to mend, only something to begin with.
    untouched: bool = False


def panel(
    session: Session,
    draft: Draft,
    post_id: int | None = None,
    *,
    in_form: bool = True,
    typing: bool = False,
) -> Panel:
    """Return the checks, counts and previews of a draft; ``in_form`` says that its fields are on the page.

    While somebody is ``typing``, what surrounds the text may be a few seconds old.
    """
    untouched = post_id is None and _is_untouched(draft)
    looked = Looked((), []) if untouched else checking.look(session, draft, post_id, typing=typing)
    names = dict(
        session.execute(select(Campaign.slug, Campaign.name).where(Campaign.id.in_(draft.campaign_ids))).all()
    )
    content = draft.content
    rules = outlets.rules_by_network(looked.outlets) or outlets.usual_rules(_choosable(session))
    priced = outlets.costs(looked.outlets, content)
    return Panel(
        checks=[_row(one, names, in_form=in_form) for one in looked.problems],
        counts=checking.counts(content, rules),
        previews=previews(draft, looked.outlets),
        problems=looked.problems,
        part_counts=_part_counts(content, rules),
        costs=priced,
        left=_left(session, [one.slug for one in priced], draft),
        untouched=untouched,
    )


def _part_counts(content: Content, rules: Mapping[str, NetworkRules]) -> list[list[Count]]:
    if content.kind != PostKind.THREAD:
        return []
    return [checking.counts(content, rules, number) for number in range(1, len(content.parts) + 1)]


def _left(session: Session, slugs: Sequence[str], draft: Draft) -> Mapping[str, tuple[int, int]]:
    """Return what is left in the month in which it goes out; two queries, none where nothing costs."""
    limits = budget.ceilings(session, slugs) if slugs else {}
    if not limits:
        return {}
    month = (draft.due.at if draft.due else now()).astimezone(zone()).date()
    gone = budget.spent(session, limits, month, zone())
    return {slug: (limit, max(0, limit - gone[slug])) for slug, limit in limits.items()}


def _is_untouched(draft: Draft) -> bool:
    content = draft.content
    written = any(content.parts) or content.target or content.variants
    return not (written or content.media or draft.account_ids)


def _choosable(session: Session) -> set[str]:
    """Return the networks of the accounts that can be chosen."""
    connected = select(Account.network).where(Account.connected_at.is_not(None), Account.valid_to.is_(None))
    return set(session.scalars(connected.distinct()))


def _row(problem: Problem, campaigns: Mapping[str, str], *, in_form: bool) -> dict[str, object]:
    source, url = _source(problem, campaigns)
    said = sentence(problem.code, {key: _joined(value) for key, value in problem.params.items()})
    if part := problem.params.get("part"):
        said = gettext("Parte %(part)s: %(sentence)s", part=part, sentence=said)
    return {
        "level": _LEVELS.get(problem.severity.value, "info"),
        "sentence": said,
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
    if kind == "house" and slug in _HOUSE_RULES:
        return gettext(_HOUSE_RULES[slug]), ""
    return "", ""


def _field_id(field: str) -> str:
    head, _, rest = field.partition(".")
    if head == "images":
        number = rest.partition(".")[0]
        return f"alt-{number}" if number else "imagenes"
    # A part's field: "text.2" is text-2, and "variant.red.2" is variant-red-2.
    return field.replace(".", "-")
