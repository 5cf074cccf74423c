"""The installation in numbers, for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content_calendar import backups
from content_calendar.clock import now
from content_calendar.models.publications import Publication
from content_calendar.states import PublicationState
from scheduler.models import Attempt
from webapp.examining.service import counts

_WITHIN = timedelta(hours=1)
_BUCKETS_S = (1, 2, 5, 10, 30, 60, 300, 1800)
_P = Publication


def exposition(session: Session, release: str) -> bytes:
    """Return the numbers in Prometheus' text; every one is asked of the database, so all web processes say the same."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Rows(session, release))
    return generate_latest(registry)


class _Rows(Collector):
    def __init__(self, session: Session, release: str) -> None:
        self._session, self._release = session, release

    def collect(self) -> Iterable[Metric]:
        """Yield each number with its help."""
        built = GaugeMetricFamily("resuena_build_info", "The version that runs.", labels=["version"])
        built.add_metric([self._release], 1)
        yield built
        yield from _service(self._session)
        yield from _backup(self._session)
        yield _states(self._session)
        yield _attempts(self._session)
        yield _lateness(self._session)


def _service(session: Session) -> Iterator[Metric]:
    found = counts(session)
    for name, help_, value in (
        ("workers_alive", "Workers that give signs of life.", found.workers),
        ("publications_overdue", "Publications past the hour until which they may go out.", found.overdue),
        ("accounts_connected", "Accounts that can be published to.", found.connected),
        ("accounts_spent", "Accounts that only a person can open again.", found.spent),
        ("feeds", "Feeds that are read.", found.feeds),
        ("feeds_failing", "Feeds whose last reading failed.", found.feeds_failing),
    ):
        yield GaugeMetricFamily(f"resuena_{name}", help_, value=value)


def _backup(session: Session) -> Iterator[Metric]:
    last = backups.last_done(session)
    if last is not None:
        yield GaugeMetricFamily(
            "resuena_last_backup_timestamp_seconds",
            "When the last good backup was begun.",
            value=last.started_at.timestamp(),
        )


def _states(session: Session) -> Metric:
    told = dict(session.execute(select(_P.state, func.count()).group_by(_P.state)).all())
    metric = GaugeMetricFamily("resuena_publications", "Publications by state.", labels=["state"])
    for state in PublicationState:
        metric.add_metric([state.value], told.get(state, 0))
    return metric


def _attempts(session: Session) -> Metric:
    rows = session.execute(
        select(Attempt.outcome, func.count())
        .where(Attempt.ended_at >= now() - _WITHIN)
        .group_by(Attempt.outcome)
    )
    metric = GaugeMetricFamily(
        "resuena_attempts_last_hour",
        "Tries that ended in the last hour, by how they ended.",
        labels=["outcome"],
    )
    for outcome, count in rows:
        metric.add_metric([outcome.value], count)
    return metric


def _lateness(session: Session) -> Metric:
    """Return how late what went out in the last hour was, as a histogram of seconds."""
    sent = session.execute(
        select(_P.due_at, _P.sent_at).where(
            _P.sent_at >= now() - _WITHIN, _P.state == PublicationState.PUBLISHED
        )
    )
    late = [max((at - due).total_seconds(), 0.0) for due, at in sent if at is not None]
    buckets = [(str(edge), sum(one <= edge for one in late)) for edge in _BUCKETS_S]
    return HistogramMetricFamily(
        "resuena_lateness_seconds",
        "How long after its hour each publication of the last hour was sent.",
        buckets=[*buckets, ("+Inf", len(late))],
        sum_value=sum(late),
    )
