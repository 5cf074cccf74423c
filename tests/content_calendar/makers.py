"""Small things that tests of the plan need: a person, bodies, a theme."""

from datetime import date

from sqlalchemy.orm import Session

from content_calendar.models.directory import Account, Body, Confidence, Member, Region, Standing
from content_calendar.models.people import Person
from content_calendar.models.plan import Theme


def make_person(session: Session, name: str = "Ana") -> Person:
    email = f"{name.lower()}@example.mx"
    person = Person(email=email, email_folded=email, name=name)
    session.add(person)
    session.flush()
    return person


def make_body(
    session: Session, slug: str, state_iso: str, *, region: Region | None = None, ends: date | None = None
) -> Body:
    body = Body(
        slug=slug,
        short_name=slug.upper(),
        name=f"Instituto {slug}",
        zone="America/Mexico_City",
        region=region,
        valid_to=ends,
        state_iso=state_iso,
        state_name=state_iso,
        name_confidence=Confidence.HIGH,
        confidence=Confidence.HIGH,
    )
    session.add(body)
    session.flush()
    return body


def make_account(
    session: Session, body: Body, handle: str, standing: Standing = Standing.TO_CERTIFY
) -> Account:
    account = Account(
        owner=body, network="somewhere", handle=handle, handle_folded=handle.casefold(), standing=standing
    )
    session.add(account)
    session.flush()
    return account


def make_member(session: Session, body: Body, since: date = date(2020, 1, 1)) -> Member:
    member = Member(body_id=body.id, valid_from=since)
    session.add(member)
    session.flush()
    return member


def make_theme(session: Session, title: str = "Datos abiertos", **fields: date | str) -> Theme:
    theme = Theme(title=title, lines=[], **fields)
    session.add(theme)
    session.flush()
    return theme
