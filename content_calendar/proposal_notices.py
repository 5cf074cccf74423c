"""Who is told of a proposal: those who edit the directory, and then whoever proposed it."""

from sqlalchemy.orm import Session

from content_calendar import notices
from content_calendar.audience import Audience, holders
from content_calendar.clock import now
from content_calendar.models.directory import Owner
from content_calendar.models.people import Person
from content_calendar.models.standing import DirectoryProposal, ProposalStage
from content_calendar.notices import Code, Happening, Subject
from content_calendar.permissions import Permission

_ANSWER = 200
_CODES = {
    ProposalStage.ACCEPTED: Code.PROPOSAL_ACCEPTED,
    ProposalStage.RETURNED: Code.PROPOSAL_RETURNED,
}


def made(session: Session, proposal: DirectoryProposal, owner: Owner, by: Person | None) -> None:
    """Tell those who edit the directory that something is proposed, but not whoever proposed it."""
    people = notices.people_to_tell(session, now().date())
    told = holders(people, Permission.EDIT_DIRECTORY) - (frozenset({by.id}) if by else frozenset())
    happening = Happening(
        f"proposal:{proposal.ref}:made",
        Code.PROPOSAL_MADE.value,
        Subject.PROPOSAL,
        proposal.ref,
        {"body": owner.short_name, "name": by.name if by else ""},
    )
    notices.tell(session, [(happening, Audience(told, told))])


def decided(session: Session, proposal: DirectoryProposal, person: Person) -> None:
    """Close what was told of it, and tell whoever proposed it what came of it."""
    notices.over(session, Subject.PROPOSAL, [proposal.ref], person.id)
    code = _CODES.get(proposal.stage)
    whose = proposal.proposed_by_id
    if code is None or whose is None or whose == person.id:
        return
    returned = proposal.stage is ProposalStage.RETURNED
    happening = Happening(
        f"proposal:{proposal.ref}:{proposal.stage.value}",
        code.value,
        Subject.PROPOSAL,
        proposal.ref,
        {"body": proposal.owner.short_name, "name": person.name, "answer": proposal.answer[:_ANSWER]},
        needs_nobody=not returned,
    )
    one = frozenset({whose})
    notices.tell(session, [(happening, Audience(one, one if returned else frozenset()))])
