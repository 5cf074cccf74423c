"""The glossary: words that few understand, or that leave somebody out, each with what to say instead.

The house's own list is a seed file; what people changed, added or put away stands in the database over it.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from content_calendar import audit
from content_calendar.clock import now
from content_calendar.errors import InvalidError
from content_calendar.models.composing import GlossaryTerm
from content_calendar.models.people import Person
from content_calendar.plain_language import Glossary, Term
from content_calendar.seeds import sheets

_CHANGED = select(GlossaryTerm.kind, GlossaryTerm.term, GlossaryTerm.advice).order_by(GlossaryTerm.id)
KINDS = ("jargon", "inclusive")
LONGEST_TERM = 80
LONGEST_ADVICE = 200


class TermInvalidError(InvalidError):
    """It needs a kind and a term of at most ``most`` characters."""

    code = "term_invalid"


def terms(session: Session) -> tuple[Term, ...]:
    """Return the terms in force, by kind and term; one query."""
    return _joined(tuple(tuple(row) for row in session.execute(_CHANGED)))


@lru_cache(maxsize=8)
def _joined(rows: tuple[tuple[str, str, str], ...]) -> tuple[Term, ...]:
    found = {(one.kind, one.term): one for one in _seeded()}
    for kind, term, advice in rows:
        found[kind, term] = Term(kind, term, advice)
    kept = (one for one in found.values() if one.advice)
    return tuple(sorted(kept, key=lambda one: (one.kind, one.term.casefold())))


def in_force(session: Session) -> Glossary:
    """Return the glossary to look through texts with."""
    return _made(terms(session))


def put(session: Session, person: Person, kind: str, term: str, advice: str) -> None:
    """Add a term, or change what is advised instead of it; without advice it is put away. Raises TermInvalidError."""
    said, instead = " ".join(term.split()), " ".join(advice.split())
    if kind not in KINDS or not said or len(said) > LONGEST_TERM or len(instead) > LONGEST_ADVICE:
        raise TermInvalidError(field="term", most=LONGEST_TERM)
    row = session.scalars(
        select(GlossaryTerm).where(GlossaryTerm.kind == kind, GlossaryTerm.term == said)
    ).one_or_none() or GlossaryTerm(kind=kind, term=said)
    row.advice, row.changed_at = instead, now()
    session.add(row)
    session.flush()
    audit.record(session, person.ref, "glossary_changed", "glossary", said, advice=instead)


@lru_cache(maxsize=1)
def _seeded() -> Sequence[Term]:
    return [Term(row["kind"], row["term"], row["advice"]) for row in sheets.read("glossary")]


@lru_cache(maxsize=8)
def _made(some: tuple[Term, ...]) -> Glossary:
    return Glossary(some)
