"""¿Es oficial esta cuenta? Yes since, it was until, or nobody registered it; as a page and as JSON."""

from dataclasses import dataclass
from urllib.parse import unquote

from flask import Response, jsonify, render_template, request
from sqlalchemy import select

from content_calendar import accounts
from content_calendar.accounts import Answer, OfficialStatus
from content_calendar.clock import now
from content_calendar.models.directory import Account
from scheduler.networks import networks
from scheduler.powers import ReadsLinks
from webapp import dates
from webapp.directory.doors import blueprint
from webapp.directory.wording import network_name
from webapp.inputs import split_address
from webapp.session import db, public

_LONGEST = 300
# The most certain answer first, where a handle is somebody's on several networks.
_ORDER = (
    Answer.NOT_OFFICIAL,
    Answer.OFFICIAL,
    Answer.WAS_OFFICIAL,
    Answer.UNCERTIFIED,
    Answer.NOT_REGISTERED,
)


@dataclass(frozen=True)
class Found:
    """What was asked about, and the answer for each network where the handle is known."""

    handle: str
    answers: list[tuple[str, OfficialStatus]]


def handle_in(asked: str) -> str:
    """Return the handle that a text or a link names; empty when it names none."""
    asked = asked.strip()[:_LONGEST]
    parts = split_address(asked if "//" in asked else f"//{asked}")
    if "//" in asked and not (parts.netloc or parts.path):
        return ""
    if "/" not in asked and ("." not in asked or asked.startswith("@")):
        return asked.removeprefix("@")
    for network in networks().values():
        if isinstance(network, ReadsLinks) and (post := network.read_link(asked)) is not None:
            return post.handle
    names = [unquote(part) for part in parts.path.split("/") if part]
    # Most networks put the handle first; some say before it that it is one.
    first = next((name for name in names if name.casefold() not in {"user", "c", "channel", "pages"}), "")
    return first.removeprefix("@") or ("" if "/" in asked else asked)


def look_up(asked: str) -> Found:
    """Return what is known of an account, on every network where somebody registered its handle."""
    # Decoded once more from a link's path, where a NUL may hide.
    handle = handle_in(asked).replace("\0", "")
    if not handle:
        return Found("", [])
    today = now().astimezone(dates.zone()).date()
    known = db().scalars(
        select(Account.network)
        .where(Account.handle_folded == accounts.fold_handle(handle))
        .distinct()
        .order_by(Account.network)
    )
    answers = [(slug, accounts.official_status(db(), slug, handle, today)) for slug in known]
    answers.sort(key=lambda one: _ORDER.index(one[1].answer))
    return Found(handle, answers)


@blueprint.get("/es-oficial")
@public
def official() -> str:
    """Answer whether an account is official."""
    asked = request.args.get("cuenta", "").strip()[:_LONGEST]
    return render_template(
        "directory/official.html",
        asked=asked,
        found=look_up(asked) if asked else None,
        network_name=network_name,
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
        }
    )


def _plain(slug: str, status: OfficialStatus) -> dict[str, str | None]:
    account = status.account
    return {
        "answer": status.answer.value,
        "network": slug,
        "handle": account.handle if account else None,
        "owner": account.owner.name if account else None,
        "since": status.since.isoformat() if status.since else None,
        "until": status.until.isoformat() if status.until else None,
        "certified_at": account.certified_at.isoformat() if account and account.certified_at else None,
        "source": account.source if account else None,
    }
