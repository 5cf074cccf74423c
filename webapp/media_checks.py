"""Whether the pictures and videos of a post are such as its networks take: size, how long they last, their shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from assets.models import Asset, AssetVersion
from content_calendar.content import Content
from content_calendar.rules import Problem, Severity
from scheduler.powers import LimitsPictures, LimitsVideos, PictureLimits, VideoLimits
from webapp.outlets import Outlet

_MEGABYTE, _SECOND_MS, _MILLION = 1 << 20, 1000, 1_000_000


class Film(NamedTuple):
    """What is known of a picture or video; None where it was taken in before that was looked at."""

    size: int
    duration_ms: int | None
    width: int | None
    height: int | None


def of_media(session: Session, content: Content, chosen: Sequence[Outlet]) -> Iterator[Problem]:
    """Yield what an account's network does not take of what a post shows, whoever publishes it. One query at most."""
    asked = [
        (number, medium, one, limits)
        for number, medium in enumerate(content.media, start=1)
        for one in chosen
        if (limits := _limits_of(one, video=medium.is_video)) is not None
    ]
    if not asked:
        return
    at = AssetVersion
    rows = session.execute(
        select(Asset.ref, at.n, at.size, at.duration_ms, at.width, at.height)
        .join(at, at.asset_id == Asset.id)
        .where(Asset.ref.in_({medium.asset_ref for _, medium, _, _ in asked}))
    )
    films = {(row.ref, row.n): Film(row.size, row.duration_ms, row.width, row.height) for row in rows}
    for number, medium, one, limits in asked:
        film = films.get((medium.asset_ref, medium.asset_version))
        if film is None:
            continue  # what is not there is told elsewhere
        for code, said in beyond(film, limits):
            params = {"number": number, "network": one.name, **said}
            yield Problem(code, Severity.ERROR, params, f"images.{number}", source=f"network:{one.slug}")


def _limits_of(outlet: Outlet, *, video: bool) -> VideoLimits | PictureLimits | None:
    network: object = outlet.network
    told = outlet.account.limits or {}
    if video:
        return network.video_limits(told) if isinstance(network, LimitsVideos) else None
    return network.picture_limits(told) if isinstance(network, LimitsPictures) else None


def beyond(film: Film, limits: VideoLimits | PictureLimits) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield in what a medium is beyond the limits, with what a sentence needs; unknown is never beyond. Pure."""
    kind = "video" if isinstance(limits, VideoLimits) else "picture"
    if limits.most_bytes and film.size > limits.most_bytes:
        said = {"megabytes": -(-film.size // _MEGABYTE), "most": limits.most_bytes // _MEGABYTE}
        yield f"{kind}_over_size", said
    if isinstance(limits, VideoLimits):
        yield from _beyond_time(film, limits)
    if film.width and film.height:
        measures = {"width": film.width, "height": film.height}
        if isinstance(limits, PictureLimits):
            yield from _beyond_pixels(film.width, film.height, limits)
        elif limits.most_width and film.width > limits.most_width:
            yield "video_over_pixels", {**measures, "most": limits.most_width}
        (least, to), (most, of) = limits.narrowest, limits.widest
        too_narrow = film.width * to < film.height * least
        if too_narrow or (most and film.width * of > film.height * most):
            shapes = {"narrowest": f"{least}:{to}", "widest": f"{most}:{of}"}
            yield f"{kind}_out_of_shape", {**measures, **shapes}


def _beyond_time(film: Film, limits: VideoLimits) -> Iterator[tuple[str, Mapping[str, object]]]:
    if film.duration_ms is None:
        return
    if limits.longest_ms and film.duration_ms > limits.longest_ms:
        seconds = -(-film.duration_ms // _SECOND_MS)
        yield "video_over_time", {"seconds": seconds, "most": limits.longest_ms // _SECOND_MS}
    if film.duration_ms < limits.shortest_ms:
        yield "video_under_time", {}


def _beyond_pixels(
    width: int, height: int, limits: PictureLimits
) -> Iterator[tuple[str, Mapping[str, object]]]:
    measures = {"width": width, "height": height}
    if width < limits.smallest[0] or height < limits.smallest[1]:
        yield "picture_under_pixels", {**measures, "least": "{} por {}".format(*limits.smallest)}
    if limits.most_pixels and width * height > limits.most_pixels:
        yield "picture_over_area", {**measures, "most": limits.most_pixels // _MILLION}
    largest = limits.largest
    if (largest[0] and width > largest[0]) or (largest[1] and height > largest[1]):
        yield "picture_over_pixels", {**measures, "most": "{} por {}".format(*largest)}
