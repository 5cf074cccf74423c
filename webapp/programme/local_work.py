"""Who is in a state's local network and what the state did: written down, taken out and brought back."""

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from content_calendar import local_plans
from content_calendar.errors import InvalidError
from content_calendar.local_plans import MOST_PEOPLE, ActivityFields
from content_calendar.models.local_plans import ActivityKind, Sector
from content_calendar.permissions import Permission
from content_calendar.proofs import About
from webapp.errors import tell
from webapp.programme.doors import SEE_OTHER, blueprint, day_in, followed, number_in, say, today, typed_words
from webapp.programme.proofs import brought, keep
from webapp.programme.state import state_page
from webapp.session import db, needs, person

_P = Permission
# Which of the seven actions an activity is part of: what proves it proves that.
_POSITIONS = {
    ActivityKind.TRAINING: 3,
    ActivityKind.CERTIFICATION: 3,
    ActivityKind.MONITORS: 3,
    ActivityKind.SESSION: 4,
    ActivityKind.PROJECT: 4,
    ActivityKind.IMPACT: 5,
    ActivityKind.COMMUNICATION: 6,
}


def _at(ref: str, part: str) -> BaseResponse:
    return redirect(url_for(".state", ref=ref) + f"#{part}", SEE_OTHER)


@blueprint.post("/programa/estado/<ref>/red")
@needs(_P.FOLLOW_PROGRAMME)
def add_member(ref: str) -> BaseResponse:
    """Write down a member of a state's local network."""
    participation, _body = followed(ref)
    asked = request.form.get("sector", "")
    sector = Sector(asked) if asked in set(Sector) else Sector.OTHER
    try:
        row = local_plans.add_member(
            db(),
            participation,
            sector,
            request.form.get("institution", ""),
            request.form.get("name", ""),
            person(),
        )
    except InvalidError as error:
        db().rollback()
        return state_page(ref, {error.field or "institution": tell(error)}, typed_words(), "member")
    say(
        gettext("%(name)s ya está en la red local.", name=row.institution),
        url_for(".member_out", ref=ref, member=row.ref),
    )
    return _at(ref, "red")


@blueprint.post("/programa/estado/<ref>/red/<member>/quitar")
@needs(_P.FOLLOW_PROGRAMME)
def member_out(ref: str, member: str) -> BaseResponse:
    """Take a member off a state's local network."""
    participation, _body = followed(ref)
    row = local_plans.member_left(db(), participation, member, person())
    say(
        gettext("%(name)s ya no está en la red local.", name=row.institution),
        url_for(".member_in", ref=ref, member=member),
    )
    return _at(ref, "red")


@blueprint.post("/programa/estado/<ref>/red/<member>/devolver")
@needs(_P.FOLLOW_PROGRAMME)
def member_in(ref: str, member: str) -> BaseResponse:
    """Bring a member back to a state's local network."""
    participation, _body = followed(ref)
    row = local_plans.member_left(db(), participation, member, person(), left=False)
    say(gettext("%(name)s ya está en la red local.", name=row.institution))
    return _at(ref, "red")


@blueprint.post("/programa/estado/<ref>/actividades")
@needs(_P.FOLLOW_PROGRAMME)
def add_activity(ref: str) -> BaseResponse:
    """Write down what a state did, with its proofs."""
    form = request.form
    try:
        # Before the transaction begins: files take their time.
        taken = brought()
        participation, _body = followed(ref)
        asked = form.get("kind", "")
        kind = ActivityKind(asked) if asked in set(ActivityKind) else ActivityKind.SESSION
        fields = ActivityFields(
            kind, day_in(form, "held_on"), form.get("title", ""), number_in(form, "people", MOST_PEOPLE),
            form.get("link", ""), number_in(form, "women", MOST_PEOPLE), number_in(form, "men", MOST_PEOPLE),
        )  # fmt: skip
        row = local_plans.add_activity(db(), participation, fields, today(), person())
        keep(About(participation.id, _POSITIONS[kind], activity_id=row.id), taken, today())
    except InvalidError as error:
        db().rollback()
        return state_page(ref, {error.field or "title": tell(error)}, typed_words(), "activity")
    say(
        gettext("Anotado: «%(title)s».", title=row.title), url_for(".activity_out", ref=ref, activity=row.ref)
    )
    return _at(ref, "actividades")


@blueprint.post("/programa/estado/<ref>/actividades/<activity>/evidencia")
@needs(_P.FOLLOW_PROGRAMME)
def prove_activity(ref: str, activity: str) -> BaseResponse:
    """Add proofs to something that a state did."""
    try:
        taken = brought()
        participation, _body = followed(ref)
        row = local_plans.find_activity(db(), participation, activity)
        made = keep(About(participation.id, _POSITIONS[row.kind], activity_id=row.id), taken, today())
    except InvalidError as error:
        db().rollback()
        return state_page(ref, {error.field or "files": tell(error)}, typed_words(), f"prove-{activity}")
    say(gettext("Guardada su evidencia.") if made else gettext("No llegó ningún archivo."))
    return _at(ref, "actividades")


@blueprint.post("/programa/estado/<ref>/actividades/<activity>/quitar")
@needs(_P.FOLLOW_PROGRAMME)
def activity_out(ref: str, activity: str) -> BaseResponse:
    """Take an activity out of what counts."""
    participation, _body = followed(ref)
    row = local_plans.find_activity(db(), participation, activity)
    local_plans.remove_activity(db(), row, person())
    say(
        gettext("Quitada: «%(title)s».", title=row.title),
        url_for(".activity_in", ref=ref, activity=activity),
    )
    return _at(ref, "actividades")


@blueprint.post("/programa/estado/<ref>/actividades/<activity>/devolver")
@needs(_P.FOLLOW_PROGRAMME)
def activity_in(ref: str, activity: str) -> BaseResponse:
    """Bring back an activity that was taken out."""
    participation, _body = followed(ref)
    row = local_plans.find_activity(db(), participation, activity)
    local_plans.remove_activity(db(), row, person(), removed=False)
    say(gettext("Otra vez en su lugar: «%(title)s».", title=row.title))
    return _at(ref, "actividades")
