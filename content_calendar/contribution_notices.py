"""Who is told of a contribution: the people of the body that gives it, and those who asked for it."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from content_calendar import notices
from content_calendar.audience import Audience, Somebody, holders
from content_calendar.clock import now
from content_calendar.models.directory import Body
from content_calendar.models.people import Person
from content_calendar.models.plan import Bimester, Contribution, ContributionStage
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission, Scope

_TITLE = 90
_ANSWER = 200


def asked(session: Session, made: Sequence[Contribution], bimester: Bimester) -> None:
    """Tell the bodies of which a contribution was asked."""
    people = _people(session) if made else []
    params = {one.id: {"due_on": (one.due_on or bimester.ends_on).isoformat()} for one in made}
    told = [(_happening(one, Code.CONTRIBUTION_ASKED, params[one.id]), of_body(people, one)) for one in made]
    notices.tell(session, told)


def handed_over(session: Session, body: Body, person: Person) -> None:
    """Tell somebody who now stands for the body what it owes."""
    rows = session.execute(
        select(Contribution, func.coalesce(Contribution.due_on, Bimester.ends_on))
        .join(Bimester, Bimester.id == Contribution.bimester_id)
        .where(
            Contribution.body_id == body.id,
            Contribution.stage.in_((ContributionStage.ASKED, ContributionStage.RETURNED)),
            Bimester.ends_on >= now().date(),
        )
        .options(joinedload(Contribution.theme), joinedload(Contribution.body))
        .order_by(Contribution.id)
    )
    one = frozenset({person.id})
    told = [
        (_happening(owed, Code.CONTRIBUTION_ASKED, {"due_on": due_on.isoformat()}), Audience(one, one))
        for owed, due_on in rows
    ]
    notices.tell(session, told)


def sent(session: Session, contribution: Contribution, person: Person) -> None:
    """Tell those who ask for contributions that one has come; whoever asked for this one is mailed."""
    notices.over(session, Subject.CONTRIBUTION, [contribution.ref], person.id)
    happening = _happening(contribution, Code.CONTRIBUTION_SENT)
    notices.tell(session, [(happening, of_staff(_people(session), contribution))])


def answered(session: Session, contribution: Contribution, person: Person) -> None:
    """Tell the body that its contribution was taken, or has come back."""
    notices.over(session, Subject.CONTRIBUTION, [contribution.ref], person.id)
    returned = contribution.stage is ContributionStage.RETURNED
    code = Code.CONTRIBUTION_RETURNED if returned else Code.CONTRIBUTION_ACCEPTED
    params = {"answer": contribution.answer[:_ANSWER]}
    audience = of_body(_people(session), contribution)
    told = audience if returned else Audience(audience.told)
    happening = _happening(contribution, code, params, needs_nobody=not returned)
    notices.tell(session, [(happening, told)])


def dropped(session: Session, contribution: Contribution, person: Person) -> None:
    """Ask nobody any more."""
    notices.over(session, Subject.CONTRIBUTION, [contribution.ref], person.id)


def chased(
    session: Session, slow: Mapping[Contribution, Mapping[str, object]], late: Collection[Contribution]
) -> None:
    """Remind the bodies of what is ``slow``, with what their notices say; tell those who asked of what is ``late``."""
    people = _people(session) if slow or late else []
    notices.over(session, Subject.CONTRIBUTION, [one.ref for one in [*slow, *late]])
    told = [
        (_happening(one, Code.CONTRIBUTION_REMINDER, params), of_body(people, one))
        for one, params in slow.items()
    ]
    told += [(_happening(one, Code.CONTRIBUTION_UNANSWERED), of_staff(people, one)) for one in late]
    notices.tell(session, told)


def of_body(people: Collection[Somebody], contribution: Contribution) -> Audience:
    """Return everybody who stands for the body: whoever is away has somebody beside them."""
    scope = Scope(contribution.body_id, None)
    told = frozenset(
        one.id
        for one in people
        if contribution.body_id in one.rights.bodies() and one.rights.can(Permission.CONTRIBUTE, scope)
    )
    return Audience(told, told)


def of_staff(people: Collection[Somebody], contribution: Contribution) -> Audience:
    """Return those who ask for contributions; mailed is who asked for this one, or all when they are gone."""
    told = holders(people, Permission.ASK_CONTRIBUTIONS)
    asker = frozenset({contribution.asked_by_id}) & told
    return Audience(told, frozenset(one for one in asker if one is not None) or told)


def _people(session: Session) -> list[Somebody]:
    return notices.people_to_tell(session, now().date())


def _happening(
    contribution: Contribution,
    code: Code,
    params: Mapping[str, object] | None = None,
    *,
    needs_nobody: bool = False,
) -> Happening:
    # Each time it is sent or comes back, and each reminder, is another happening.
    at = contribution.sent_at if code is Code.CONTRIBUTION_SENT else contribution.decided_at
    when = int(at.timestamp()) if at else 0
    return Happening(
        f"contribution:{contribution.ref}:{code.value}:{contribution.reminders}:{when}",
        code.value,
        Subject.CONTRIBUTION,
        contribution.ref,
        {"title": contribution.theme.title[:_TITLE], "body": contribution.body.short_name, **(params or {})},
        needs_nobody=needs_nobody,
    )
