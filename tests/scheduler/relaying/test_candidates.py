"""Who comes next: who waited longest, not who is silent, skipped or under way; commissions never push bodies out."""

from datetime import UTC, datetime, timedelta

from content_calendar import clock
from content_calendar.models.directory import SilenceWindow
from content_calendar.wall_time import wall_time
from scheduler.models import ReplicationStage
from scheduler.relaying import candidates, days
from scheduler.relaying.candidates import PassedOver
from scheduler.relaying.models import SkipReason
from tests.scheduler.relaying.conftest import ZONE, Wire


def names(wire: Wire) -> list[str]:
    return [one.owner.slug for one in candidates.turns(wire.session, ZONE).bodies]


def passed(wire: Wire) -> dict[str, PassedOver]:
    return {one.owner.slug: one.why for one in candidates.turns(wire.session, ZONE).passed}


def test_who_was_never_replicated_comes_first_then_who_waited_longest(wire: Wire) -> None:
    never, long_ago, lately = (wire.body(slug) for slug in ("nunca", "hacetiempo", "hacepoco"))
    for owner, ago in ((long_ago, 30), (lately, 2)):
        wire.went_out(wire.note(owner, hours=24 * 40), clock.now() - timedelta(days=ago))
    for owner in (lately, long_ago, never):
        wire.note(owner)
    assert names(wire) == ["nunca", "hacetiempo", "hacepoco"]


def test_its_newest_note_that_nobody_used_is_offered_and_old_ones_never(wire: Wire) -> None:
    owner, quiet = wire.body("infox"), wire.body("callado")
    wire.note(owner, hours=30)
    new = wire.note(owner, hours=1)
    wire.note(quiet, hours=24 * 8)
    assert [one.entry.id for one in candidates.turns(wire.session, ZONE).bodies] == [new.id]
    wire.take(new)
    assert passed(wire) == {"infox": PassedOver.UNDER_WAY}


def test_a_note_that_takes_up_a_post_of_ours_is_nobody_s_turn(wire: Wire) -> None:
    owner = wire.body("infox")
    note = wire.note(owner)
    out = wire.stage.publication(wire.our_account)
    found = wire.stage.replication(out, owner)
    found.entry_id = note.id
    wire.session.flush()
    assert names(wire) == []
    found.stage = ReplicationStage.REJECTED
    wire.session.flush()
    assert names(wire) == ["infox"]


def test_a_body_in_silence_is_passed_over_and_its_end_is_told(wire: Wire) -> None:
    owner, other = wire.body("enveda"), wire.body("libre")
    wire.note(owner)
    wire.note(other)
    today = clock.now().date()
    window = SilenceWindow(
        state_iso=owner.state_iso, starts_on=today - timedelta(2), ends_on=today + timedelta(5), reason="veda"
    )
    wire.session.add(window)
    wire.session.flush()
    found = candidates.turns(wire.session, ZONE)
    assert [one.owner.slug for one in found.bodies] == ["libre"]
    assert [(one.why, one.until) for one in found.passed] == [(PassedOver.SILENT, window.ends_on)]


def test_who_is_skipped_today_keeps_its_place_tomorrow(wire: Wire) -> None:
    owner = wire.body("infox")
    wire.note(owner)
    local = wall_time(clock.now(), ZONE).date()
    candidates.skip(wire.session, owner, local, SkipReason.OTHER, "  por   luto ", wire.ana)
    candidates.skip(wire.session, owner, local, SkipReason.NO_NEWS, "", wire.ana)
    (one,) = candidates.turns(wire.session, ZONE).passed
    assert (one.why, one.skip and one.skip.note) == (PassedOver.SKIPPED, "por luto")
    candidates.unskip(wire.session, owner, local, wire.ana)
    assert names(wire) == ["infox"]


def test_commissions_take_turns_apart_and_ours_never_comes(wire: Wire) -> None:
    wire.note(wire.our_account.owner)
    wire.note(wire.commission("juridica"))
    assert [one.owner.slug for one in candidates.turns(wire.session, ZONE).others] == ["juridica"]
    wire.note(wire.body("infox"), hours=48)
    found = candidates.turns(wire.session, ZONE)
    assert found.candidate is not None
    assert found.candidate.owner.slug == "infox"


def test_only_what_went_out_counts_and_on_the_commission_s_day(wire: Wire) -> None:
    owner = wire.body("infox")
    # Half past eleven in the evening of the 5th in Mexico is the 6th in UTC.
    late = datetime(2026, 11, 6, 5, 30, tzinfo=UTC)
    wire.take(wire.note(owner))
    first, last = datetime(2026, 11, 1, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date()
    assert days.days_kept(wire.session, first, last, ZONE) == set()
    wire.went_out(wire.note(owner), late)
    assert days.days_kept(wire.session, first, last, ZONE) == {datetime(2026, 11, 5, tzinfo=UTC).date()}
    (one,) = days.replicas(wire.session, first, last, ZONE)
    assert (one.owner_slug, one.link, one.rehearsed) == ("infox", "https://red.example/1", False)


def test_a_rehearsal_counts_only_while_nothing_can_go_out(wire: Wire) -> None:
    owner, real = wire.body("infox"), wire.our_account
    wire.our_account = wire.stage.account(real.owner, "rehearsal")
    wire.went_out(wire.note(owner))
    today = wall_time(clock.now(), ZONE).date()
    assert days.days_kept(wire.session, today, today, ZONE) == set()
    real.connected_at = None
    wire.session.flush()
    assert days.days_kept(wire.session, today, today, ZONE) == {today}
    assert days.replicas(wire.session, today, today, ZONE)[0].rehearsed
