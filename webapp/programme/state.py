"""A participating state's page: its actions, plan, network, what it did, its reports; and the form of its plan."""

from collections.abc import Mapping

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import local_plans, programme, programme_milestones, proofs
from content_calendar.bimesters import bimester_span
from content_calendar.errors import InvalidError
from content_calendar.local_plans import PlanFields
from content_calendar.models.local_plans import ActivityKind, Modality, ProofSort, Sector
from content_calendar.permissions import Permission
from content_calendar.programme_rules import PLAN_MONTHS
from content_calendar.programme_standing import standing_of
from webapp import dates
from webapp import programme_words as words
from webapp.errors import tell
from webapp.programme.doors import (
    SEE_OTHER,
    UNPROCESSABLE,
    blueprint,
    body_of,
    day_in,
    followed,
    may,
    say,
    today,
    typed_words,
)
from webapp.programme.proofs import may_open
from webapp.session import db, needs, person

_P = Permission


def bimester_words(year: int, number: int) -> str:
    """Return a bimester in words, such as "sep-oct de 2026"."""
    first, last = bimester_span(year, number)
    months = f"{dates.short_month(first)}-{dates.short_month(last)}"
    said: str = gettext("%(months)s de %(year)s", months=months, year=year)
    return said


def state_page(
    ref: str, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None, form: str = ""
) -> Response:
    """Return a state's page; ``form`` is which of its forms came back, with what was typed and what is wrong."""
    participation = programme.find_participation(db(), ref)
    body = body_of(db(), participation)
    standing = standing_of(db(), participation.edition, today())
    state = next(one for one in standing.states if one.ref == ref)
    may_follow = may(_P.FOLLOW_PROGRAMME, body)
    kept = proofs.of_state(db(), participation.id)
    page = render_template(
        "programme/state.html",
        standing=standing,
        state=state,
        plan=local_plans.plan_of(db(), participation),
        members=local_plans.members_of(db(), participation) if may_follow else [],
        activities=local_plans.activities_of(db(), participation.id),
        claims={
            one.action_id: one
            for one in reversed(programme_milestones.history(db(), participation))
            if one.accepted is None
        },
        actions=programme.actions_of(db(), participation.edition),
        proofs=[(one, may_open(one, body)) for one in kept],
        proofs_of_activity={one.activity_id for one in kept if one.activity_id},
        may_follow=may_follow,
        may_decide=may(_P.EDIT_PROGRAMME, body),
        bimester_words=bimester_words,
        kinds=[(one.value, gettext(words.ACTIVITIES[one].name)) for one in ActivityKind],
        sectors=[(one.value, gettext(words.SECTORS[one])) for one in Sector],
        sorts=[(one.value, gettext(words.SORTS[one])) for one in ProofSort],
        words=words,
        errors=errors or {},
        typed=typed or {},
        form=form,
        today=today(),
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


@blueprint.get("/programa/estado/<ref>")
@needs(_P.VIEW_PROGRAMME)
def state(ref: str) -> Response:
    """Show a participating state."""
    return state_page(ref)


def _plan_page(
    ref: str, errors: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    participation, body = followed(ref)
    plan = local_plans.plan_of(db(), participation)
    names = ("starts_on", "ends_on", "link", "liaison_name", "liaison_post", "liaison_contact", "note")
    stored = {name: getattr(plan, name) or "" for name in names} if plan else {}
    page = render_template(
        "programme/plan.html",
        ref=ref,
        body=body,
        edition=participation.edition,
        typed=typed or {**stored, "modality": plan.modality.value if plan else Modality.GENERAL.value},
        months=PLAN_MONTHS,
        modalities=_modalities(),
        errors=errors or {},
    )
    return make_response(page, UNPROCESSABLE if errors else 200)


def _modalities() -> list[dict[str, str]]:
    return [
        {
            "value": Modality.GENERAL.value,
            "title": gettext("General"),
            "text": gettext("Acciones institucionales, sociedad civil y educación superior."),
        },
        {
            "value": Modality.OVERSIGHT.value,
            "title": gettext("Con contraloría y vigilancia ciudadana"),
            "text": gettext(
                "Además: al menos 10 personas contraloras y 5 proyectos de incidencia. "
                "Se invita al órgano estatal de control."
            ),
        },
    ]


@blueprint.get("/programa/estado/<ref>/plan")
@needs(_P.FOLLOW_PROGRAMME)
def plan(ref: str) -> Response:
    """Ask for a state's liaison, modality and local plan."""
    return _plan_page(ref)


@blueprint.post("/programa/estado/<ref>/plan")
@needs(_P.FOLLOW_PROGRAMME)
def save_plan(ref: str) -> BaseResponse:
    """Write a state's liaison, modality and local plan."""
    form = request.form
    participation, _body = followed(ref)
    try:
        asked = form.get("modality", "")
        fields = PlanFields(
            Modality(asked) if asked in set(Modality) else Modality.GENERAL,
            day_in(form, "starts_on"), day_in(form, "ends_on"), form.get("link", ""),
            form.get("liaison_name", ""), form.get("liaison_post", ""), form.get("liaison_contact", ""),
            form.get("note", ""),
        )  # fmt: skip
        local_plans.save_plan(db(), participation, fields, person())
    except InvalidError as error:
        db().rollback()
        return _plan_page(ref, {error.field or "starts_on": tell(error)}, typed_words())
    say(gettext("Guardado."))
    return redirect(url_for(".state", ref=ref), SEE_OTHER)
