"""After a withdrawal: uses that were found later are asked about too, and who does not answer is reminded."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets import takedowns
from assets.models import Asset, UsedAs
from assets.uses import FoundUse, posts_with
from content_calendar import clock
from scheduler.models import Replication, ReplicationStage
from scheduler.worker import Worker

# A replica may be found long after the post that it takes up; who answered is asked no more either way.
LOOK_BACK = timedelta(days=180)
_TAKEN_UP = (ReplicationStage.SEEN, ReplicationStage.DECLARED, ReplicationStage.CONFIRMED)


def tick(worker: Worker) -> int:
    """Ask for the uses that came to light since, remind and escalate; return how many tasks were touched."""
    with worker.database.reading() as session:
        if not takedowns.withdrawn_since(session, clock.now() - LOOK_BACK):
            return 0
    with worker.database.transaction() as session:
        touched = 0
        for consent in takedowns.withdrawn_since(session, clock.now() - LOOK_BACK):
            asset = session.get_one(Asset, consent.asset_id)
            touched += takedowns.ask(session, consent, replicas_of(session, asset))
        return touched + takedowns.chase(session)


def replicas_of(session: Session, asset: Asset) -> list[FoundUse]:
    """Return where bodies took up the posts that show the material, as far as known."""
    rows = session.scalars(
        select(Replication)
        .where(Replication.post_id.in_(posts_with(session, asset)), Replication.stage.in_(_TAKEN_UP))
        .order_by(Replication.id)
    )
    return [
        FoundUse(UsedAs.REPLICA, f"replica:{one.id}", one.body_id, one.post_id, link=one.link) for one in rows
    ]
