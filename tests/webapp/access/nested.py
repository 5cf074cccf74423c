# ruff: noqa: S608 -- questions are made of our own words
"""Routes that name two things, one inside the other: which, and a second pair of each to mix them up with.

A route with two names that is in neither list fails: whoever adds one says whether one thing is inside the other.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, insert, select, text
from sqlalchemy.orm import Session

from content_calendar.clock import now
from content_calendar.db import Base


@dataclass(frozen=True)
class Nest:
    """Things (``parent``) with others inside (``child``): the names they have in the route, and how they are found.

    ``link`` is the column of ``child`` that says inside what; ``through`` names the table whose column ``shown`` of the
    child the address shows, where it is not the child's own.
    """

    parent: str
    parent_name: str
    parent_shown: str
    child: str
    child_name: str
    child_shown: str
    link: str
    through: str = ""
    body: str = ""

    def pairs(self) -> str:
        """Return the question for every pair: parent's number, its name, the child's name, the body."""
        body = self.body or ("p.body_id" if "body_id" in _table(self.parent).c else "NULL")
        shown, join = f"c.{self.child_shown}", ""
        if self.through:
            shown, join = f"t.{self.child_shown}", f" JOIN {self.through} t ON t.id = c.{self.through}_id"
        owner = " JOIN owner o ON o.id = p.id" if self.parent == "body" else ""
        return (
            f"SELECT p.id, {self.parent_shown}, {shown}, {body} FROM {self.child} c "
            f"JOIN {self.parent} p ON p.id = c.{self.link}{owner}{join} ORDER BY c.rowid"
        )


NESTS: Mapping[str, Nest] = {
    "/api/v1/webhooks/<ref>/deliveries/": Nest(
        "webhook", "ref", "p.ref", "webhook_delivery", "told", "ref", "webhook_id"
    ),
    "/sistemas/<ref>/avisos/": Nest(
        "webhook", "ref", "p.ref", "webhook_delivery", "told_ref", "ref", "webhook_id"
    ),
    "/aportes/<ref>/archivos/": Nest(
        "contribution", "ref", "p.ref", "contribution_file", "asset", "ref", "contribution_id", "asset"
    ),
    "/caja/<ref>/consentimientos/": Nest(
        "asset", "ref", "p.ref", "consent", "consent_ref", "ref", "asset_id"
    ),
    "/directorio/<slug>/enlaces/": Nest(
        "body", "slug", "o.slug", "membership", "number", "id", "body_id", body="p.id"
    ),
    "/programa/estado/<ref>/actividades/": Nest(
        "participation", "ref", "p.ref", "local_activity", "activity", "ref", "participation_id"
    ),
    "/programa/estado/<ref>/red/": Nest(
        "participation", "ref", "p.ref", "network_member", "member", "ref", "participation_id"
    ),
    "/fe-de-erratas/<ref>/enlace/": Nest(
        "correction", "ref", "p.ref", "correction_task", "task_ref", "ref", "correction_id"
    ),
    "/programa/plandai/<slug>/formato/": Nest(
        "edition", "slug", "p.slug", "report_blank", "ref", "ref", "edition_id"
    ),
}
# Two names, and neither is inside the other.
SIDE_BY_SIDE: Mapping[str, str] = {
    "/api/v1/materiales/<ref>/": "a material and the name of one of its own forms or its bytes' hash",
    "/barrido/semana/<ref>/": "a week, a body and a post: a cell of a table",
    "/c/<token>/": "a secret address, and a file of its pack by its hash: tests/webapp/toolbox/test_sharing.py",
    "/f/<token>/": "an ally's secret address, and a file of its pack by its hash: tests/webapp/allies",
    "/r/<token>/": "a reviewer's secret address, and an image of its version",
    "/canal/<token>/": "the secret address of a feed, and a material that everybody who is in may see",
    "/cable/cada-dia/": "a year and a number",
    "/caja/<ref>/subtitulos/": "a material and a language",
    "/caja/<ref>/v/": "a material, the number of its version, the name of a format",
    "/caja/paquetes/": "a kind of pack and its subject",
    "/calendario/": "a year and a number",
    "/publico/calendario/": "a year and a number",
    "/datos/v1/": "a table and a form",
    "/eventos/<int:year>/": "a year and a number",
    "/eventos/<ref>/publicaciones/regresar/": "an event, and what undoes one's own last move of it",
    "/eventos/plantillas/": "a kind and a step",
    "/facilitadores/<ref>/consentimiento/": "an ally and a step",
    "/facilitadores/cartas/": "a letter and what to do with it",
    "/facilitadores/semana/<ref>/": "a week, and a post or an ally that everybody who edits them may reach",
    "/informes/<ref>/": "a report and the name of one of its forms",
    "/programa/avances/": "a participation and a position",
    "/programa/estado/<ref>/informes/": "a participation, a year and a number",
    "/replicas/par/": "a post and a body: a cell of a table",
    "/resultados/": "a bimester and the name of a table",
}
# What nobody gets at here even in its own place, and why; other tests do.
NOT_REACHED: Mapping[str, str] = {
    "/programa/plandai/<slug>/formato/<ref>.docx": "its bytes are not in the storage: tests/webapp/programme/",
}
# Chosen over the shorter beginning that they have in common.
assert not set(NESTS) & set(SIDE_BY_SIDE)


def nest_of(rule: str) -> Nest | str | None:
    """Return what a route's two names are to each other, None when nobody has said."""
    known: dict[str, Nest | str] = {**NESTS, **SIDE_BY_SIDE}
    fitting = [begin for begin in known if rule.startswith(begin)]
    return known[max(fitting, key=len)] if fitting else None


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def clone(session: Session, name: str, row_id: int, **changed: object) -> int:
    """Add a row like another, all that has to be its own drawn by lot; return its number."""
    table = _table(name)
    row = dict(session.execute(select(table).where(table.c.id == row_id)).mappings().one())
    del row["id"]
    for column in table.columns:
        if column.unique and column.name in row and isinstance(row[column.name], str):
            row[column.name] = secrets.token_hex(6)
    made = session.execute(insert(table).values({**row, **changed}).returning(table.c.id))
    return int(made.scalar_one())


def plant_seconds(session: Session) -> None:
    """Add what the demonstration has only one of, or none, so that each nest has two things with one inside each."""

    def first(question: str) -> int:
        return int(session.execute(text(f"{question} LIMIT 1")).scalar_one())

    hook = first("SELECT id FROM webhook")
    mine = session.execute(text("SELECT body_id FROM webhook WHERE id = :id"), {"id": hook}).scalar_one()
    elsewhere = f"region_id <> (SELECT region_id FROM owner WHERE id = {int(mine)})"
    other_body = first(f"SELECT b.id FROM body b JOIN owner o ON o.id = b.id WHERE o.{elsewhere}")
    other_hook = clone(session, "webhook", hook, body_id=other_body)
    clone(session, "webhook_delivery", first("SELECT id FROM webhook_delivery"), webhook_id=other_hook)
    asset, other_asset = session.execute(text("SELECT id FROM asset ORDER BY id LIMIT 2")).scalars().all()
    clone(session, "consent", first("SELECT id FROM consent"), asset_id=asset)
    clone(session, "consent", first("SELECT id FROM consent"), asset_id=other_asset)
    somebody = first("SELECT id FROM person")
    given = session.execute(text("SELECT id FROM contribution ORDER BY id LIMIT 2")).scalars().all()
    for contribution, file in zip(given, (asset, other_asset), strict=True):
        session.execute(
            insert(_table("contribution_file")).values(
                contribution_id=contribution,
                asset_id=file,
                version=1,
                known_before=True,
                added_by_id=somebody,
            )
        )
    member = first("SELECT id FROM network_member")
    elsewhere = "id <> (SELECT participation_id FROM network_member LIMIT 1)"
    clone(
        session,
        "network_member",
        member,
        participation_id=first(f"SELECT id FROM participation WHERE {elsewhere}"),
    )
    held = "SELECT c.id FROM membership c JOIN body p ON p.id = c.body_id ORDER BY c.rowid LIMIT 2"
    standing, ended = session.execute(text(held)).scalars().all()
    session.execute(insert(_table("deputy")).values(membership_id=standing, named_by_id=somebody))
    session.execute(
        insert(_table("deputy")).values(membership_id=ended, named_by_id=somebody, ended_at=now())
    )
    correction = clone(session, "correction", first("SELECT id FROM correction"))
    clone(session, "correction_task", first("SELECT id FROM correction_task"), correction_id=correction)
    for edition in session.execute(text("SELECT id FROM edition ORDER BY id LIMIT 2")).scalars().all():
        session.execute(
            insert(_table("report_blank")).values(
                edition_id=edition, sha256=secrets.token_hex(32), size=1, filename="f.docx", places=[],
                added_by_id=somebody,
            )
        )  # fmt: skip
