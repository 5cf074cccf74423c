"""¿Es oficial esta cuenta? Yes since, it was until, or nobody registered it; as a page and as JSON.

A link is answered for its own network only: the same name elsewhere may be anybody's, and is told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, jsonify, render_template, request
from sqlalchemy import select

from content_calendar import accounts, pasted
from content_calendar.accounts import Answer, OfficialStatus
from content_calendar.clock import now
from content_calendar.look_alikes import Likeness, alike
from content_calendar.models.standing import FormerHandle
from content_calendar.pasted import Pasted
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from webapp import dates
from webapp.directory import alikes
from webapp.directory.doors import blueprint
from webapp.directory.wording import network_name
from webapp.session import db, public

_LONGEST = 300
# The most certain answer first, where a handle is somebody's on several networks.
_ORDER = (
    Answer.NOT_OFFICIAL,
    Answer.OFFICIAL,
    Answer.LAPSED,
    Answer.WAS_OFFICIAL,
    Answer.UNCERTIFIED,
    Answer.NOT_REGISTERED,
)


@dataclass(frozen=True)
class Found:
    """What was asked about, and the answer for each network where the handle is known.

    ``network`` is the one that a link tells. ``like`` are official accounts that people could take it for.
    """

    handle: str
    answers: list[tuple[str, OfficialStatus]]
    network: str = ""
    like: Sequence[Likeness] = ()


def handle_in(asked: str) -> Pasted:
    """Return the account that a text or a link names; nothing when it names none."""
    asked = asked.strip()[:_LONGEST].replace("\0", "")
    for network in networks().values():
        if isinstance(network, ReadsLinks) and (post := network.read_link(asked)) is not None and post.handle:
            return Pasted(network.slug, post.handle, "", "")
    said = pasted.read_pasted(asked)
    # A handle may hold what no network takes: it is looked for as it was typed.
    return said if said.handle or "//" in asked else Pasted("", asked.removeprefix("@"), "")


def look_up(asked: str) -> Found:
    """Return what is known of an account, on every network where somebody registered its handle.

    Of a link only what is known on its network; what is on others is like it, and told so.
    """
    said = handle_in(asked)
    # Decoded once more from a link's path, where a NUL may hide.
    handle = said.handle.replace("\0", "")
    if not handle:
        return Found("", [])
    today = now().astimezone(dates.zone()).date()
    folded = accounts.fold_handle(handle)
    everybody = alikes.known()
    known = {one.network for one in everybody if one.folded == folded} | set(
        db().scalars(select(FormerHandle.network).where(FormerHandle.handle_folded == folded).distinct())
    )
    if said.host or said.network:
        known &= {said.network}
    answers = [(slug, accounts.official_status(db(), slug, handle, today)) for slug in sorted(known)]
    answers.sort(key=lambda one: _ORDER.index(one[1].answer))
    sure = any(status.answer is Answer.OFFICIAL for _slug, status in answers)
    # A link to no network that we know is of none: the same handle is only like it.
    where = said.network or ("-" if said.host else "")
    like = [] if sure else [one for one in alike(handle, where, everybody) if one.known.official]
    return Found(handle, answers, said.network, like)


@blueprint.get("/es-oficial")
@public
def official() -> str:
    """Answer whether an account is official."""
    asked = request.args.get("cuenta", "").strip()[:_LONGEST]
    found = look_up(asked) if asked else None
    return render_template(
        "directory/official.html",
        asked=asked,
        found=found,
        network_name=network_name,
        like=alikes.said_of(found.like) if found else [],
        cut_off=now(),
    )


@blueprint.get("/es-oficial.json")
@public
def official_json() -> Response:
    """Answer the same for a machine."""
    found = look_up(request.args.get("cuenta", ""))
    return jsonify(
        {
            "asked": found.handle,
            "as_of": now().isoformat(),
            "answers": [_plain(slug, status) for slug, status in found.answers]
            or [{"answer": Answer.NOT_REGISTERED.value}],
            "looks_like": [
                {"network": one.known.network, "handle": one.known.handle, "owner": one.known.owner}
                for one in found.like
            ],
        }
    )


def _plain(slug: str, status: OfficialStatus) -> dict[str, str | None]:
    account = status.account
    return {
        "answer": status.answer.value,
        "network": slug,
        "handle": status.handle or None,
        "owner": account.owner.name if account else None,
        "since": status.since.isoformat() if status.since else None,
        "until": status.until.isoformat() if status.until else None,
        "certified_at": account.certified_at.isoformat() if account and account.certified_at else None,
        "certified_until": (
            account.certified_until.isoformat() if account and account.certified_until else None
        ),
        "now_called": status.now_called or None,
        "source": account.source if account else None,
    }
