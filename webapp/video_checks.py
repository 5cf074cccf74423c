"""Whether the videos of a post are such as its networks take: their size, how long they last, their shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.models import Asset, AssetVersion
from content_calendar.content import Content
from content_calendar.rules import Problem, Severity
from scheduler.powers import LimitsVideos, VideoLimits
from webapp.outlets import Outlet

_MEGABYTE, _SECOND_MS = 1 << 20, 1000


class Film(NamedTuple):
    """What is known of a video; None where it was taken in before that was looked at."""

    size: int
    duration_ms: int | None
    width: int | None
    height: int | None


def of_videos(session: Session, content: Content, chosen: Sequence[Outlet]) -> Iterator[Problem]:
    """Yield what an account's network does not take of a video, whoever publishes it there. One query at most."""
    media = {n: medium for n, medium in enumerate(content.media, start=1) if medium.is_video}
    known = [(one, _limits_of(one)) for one in chosen]
    limits = [(one, limit) for one, limit in known if limit is not None]
    if not media or not limits:
        return
    at = AssetVersion
    rows = session.execute(
        select(Asset.ref, at.n, at.size, at.duration_ms, at.width, at.height)
        .join(at, at.asset_id == Asset.id)
        .where(Asset.ref.in_([one.asset_ref for one in media.values()]))
    )
    films = {(row.ref, row.n): Film(row.size, row.duration_ms, row.width, row.height) for row in rows}
    for number, medium in media.items():
        film = films.get((medium.asset_ref, medium.asset_version))
        if film is None:
            continue  # what is not there is told elsewhere
        for one, limit in limits:
            for code, said in beyond(film, limit):
                params = {"number": number, "network": one.name, **said}
                yield Problem(code, Severity.ERROR, params, f"images.{number}", source=f"network:{one.slug}")


def _limits_of(outlet: Outlet) -> VideoLimits | None:
    network: object = outlet.network
    return network.video_limits(outlet.account.limits or {}) if isinstance(network, LimitsVideos) else None


def beyond(film: Film, limits: VideoLimits) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield in what a video is beyond the limits, with what a sentence needs; unknown is never beyond. Pure."""
    if limits.most_bytes and film.size > limits.most_bytes:
        said = {"megabytes": -(-film.size // _MEGABYTE), "most": limits.most_bytes // _MEGABYTE}
        yield "video_over_size", said
    if film.duration_ms is not None:
        if limits.longest_ms and film.duration_ms > limits.longest_ms:
            seconds = -(-film.duration_ms // _SECOND_MS)
            yield "video_over_time", {"seconds": seconds, "most": limits.longest_ms // _SECOND_MS}
        if film.duration_ms < limits.shortest_ms:
            yield "video_under_time", {}
    if film.width and film.height:
        (least, to), (most, of) = limits.narrowest, limits.widest
        too_narrow = film.width * to < film.height * least
        if too_narrow or (most and film.width * of > film.height * most):
            yield (
                "video_out_of_shape",
                {
                    "width": film.width,
                    "height": film.height,
                    "narrowest": f"{least}:{to}",
                    "widest": f"{most}:{of}",
                },
            )
