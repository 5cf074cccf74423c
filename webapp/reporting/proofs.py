"""The list of evidence: each replication that counts, where it can be seen, and how one knows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from scheduler.models import Replication, ReplicationKind, ReplicationStage
from scheduler.replication.funnel import COUNTED
from scheduler.replication.seek_models import ReplicationEvidence

_TOGETHER = 2000
_KINDS = {kind.value: kind for kind in ReplicationKind}
_STAGES = {stage.value: stage for stage in ReplicationStage}


@dataclass(frozen=True, slots=True)
class Proof:
    """A replication: of which post, by whom, in what form, when, where; so many pieces of evidence are kept of it."""

    post_id: int
    body_id: int
    kind: ReplicationKind
    stage: ReplicationStage
    # None where nobody knows when.
    at: datetime | None
    link: str
    ref: str
    pieces: int


def proofs_of(session: Session, post_ids: Collection[int], body_ids: Collection[int]) -> list[Proof]:
    """Return every replication that counts of these posts by these bodies, the first one first; two queries."""
    inside = (Replication.post_id.in_(post_ids), Replication.body_id.in_(body_ids))
    counted = session.execute(
        select(ReplicationEvidence.replication_id, func.count())
        .join(Replication, Replication.id == ReplicationEvidence.replication_id)
        .where(*inside)
        .group_by(ReplicationEvidence.replication_id)
    )
    kept = {key: pieces for key, pieces in counted}  # noqa: C416 -- rows, not pairs
    rows = session.execute(
        select(
            Replication.id, Replication.post_id, Replication.body_id, type_coerce(Replication.kind, String),
            type_coerce(Replication.stage, String), Replication.occurred_at, Replication.link, Replication.ref,
            Replication.dated,
        )
        .where(*inside, Replication.stage.in_(COUNTED))
        .order_by(Replication.occurred_at, Replication.id)
        .execution_options(yield_per=_TOGETHER)
    )  # fmt: skip
    return [
        Proof(
            post_id,
            body_id,
            _KINDS[kind],
            _STAGES[stage],
            at if dated else None,
            link,
            ref,
            kept.get(row_id, 0),
        )
        for row_id, post_id, body_id, kind, stage, at, link, ref, dated in rows
    ]
