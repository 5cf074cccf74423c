"""The pages of ``docs/`` that are made from the code: ``write`` them, ``check`` that they are true."""

import sys
from datetime import timedelta
from pathlib import Path

from content_calendar.content import PostKind
from content_calendar.permissions import RIGHTS, Permission, Role
from content_calendar.retention import rules
from content_calendar.rules import MediaNeed, NetworkRules
from content_calendar.states import PART, POST, PUBLICATION, Machine
from scheduler.echo_powers import ChargesForEchoes, SeeksPosts, TellsEchoes
from scheduler.network import Network, Pace, Verified
from scheduler.networks import networks
from scheduler.powers import Charges, LimitsPictures, LimitsVideos
from webapp.retention_words import KEPT
from webapp.setting_pages import setting_page

DOCS = Path(__file__).resolve().parents[1] / "docs"
_MADE = "<!-- Made from the code by `python -m webapp.documents write`; a check compares. -->\n"


def _diagram(machine: Machine) -> str:
    lines = ["```mermaid", "stateDiagram-v2"]
    for event, (sources, target) in machine.table.items():
        lines += [f"    {source} --> {target}: {event}" for source in sorted(sources)]
    return "\n".join([*lines, "```"])


def _first_paragraph(text: str | None) -> str:
    return (text or "").strip()


def states() -> str:
    """Return the page of the three state machines."""
    parts = [
        _MADE,
        "# States\n",
        "One function writes them: `content_calendar.moves.move`, a compare-and-swap.\n",
    ]
    for title, machine in (
        ("A post", POST),
        ("A publication", PUBLICATION),
        ("A part of a publication", PART),
    ):
        words = type(next(iter(machine.table.values()))[1])
        described = "\n".join(
            f"- {line.strip()}" for line in (words.__doc__ or "").splitlines()[1:] if ": " in line
        )
        parts += [f"## {title}\n", described + "\n" if described else "", _diagram(machine) + "\n"]
    return "\n".join(part for part in parts if part)


def settings() -> str:
    """Return the page of the settings, in English."""
    return f"{_MADE}\n{setting_page('en')}"


def settings_in_spanish() -> str:
    """Return the page of the settings for whoever keeps an installation."""
    return f"{_MADE}\n{setting_page('es')}"


def rights() -> str:
    """Return the page of who may do what."""
    head = "| right | " + " | ".join(Role) + " |"
    rows = [
        f"| `{permission}` | "
        + " | ".join("yes" if permission in RIGHTS[role] else "" for role in Role)
        + " |"
        for permission in Permission
    ]
    text = "A liaison's rights reach one body, a regional coordination's one region, the others' all.\n"
    return "\n".join([_MADE, "# Rights\n", text, head, "| --- |" + " --- |" * len(Role), *rows, ""])


_NEEDS = {MediaNeed.ANY: "never text alone", MediaNeed.VIDEO: "a video"}
_VERIFIED = {
    Verified.REAL_SERVER: "real server",
    Verified.OTHER_SERVER: "another server of the same API",
    Verified.SIMULATED: "simulated, not verified live",
    Verified.NOTHING_LEAVES: "nothing leaves",
}


def _span(span: timedelta) -> str:
    """Return a span in its largest whole unit."""
    for name, unit in (("h", timedelta(hours=1)), ("min", timedelta(minutes=1)), ("s", timedelta(seconds=1))):
        if span >= unit and not span % unit:
            return f"{span // unit} {name}"
    return f"{span.total_seconds():g} s" if span else "none"


def _pace(pace: Pace) -> str:
    most = [f"{pace.most} in {_span(pace.within)}"] if pace.most else []
    spacing = [f"{_span(pace.spacing)} apart"] if pace.spacing else []
    return ", ".join(most + spacing) or "none"


def _length(rules: NetworkRules) -> str:
    if rules.max_length is None:
        return "none"
    unit = "weighted characters" if rules.unit == "weighted" else rules.unit
    told = [f"{rules.max_length} {unit}"]
    for most, words in (
        (rules.link_length, "a link {}"),
        (rules.max_length_with_media, "{} with pictures or a video"),
        (rules.max_title, "the first line {}"),
        (rules.max_tags, "{} tags"),
        (rules.max_mentions, "{} mentions"),
        (rules.max_links, "{} links"),
    ):
        told += [words.format(most)] if most else []
    return ", ".join(told)


def _images(network: Network) -> str:
    rules = network.rules
    told = [_NEEDS[rules.needs]] if rules.needs is not MediaNeed.NONE else []
    if not rules.max_images:
        return ", ".join([*told, "none" if rules.max_images is None else "no pictures"])
    told.append(str(rules.max_images))
    told += [f"text to {rules.max_alt_length}"] if rules.max_alt_length else []
    return ", ".join([*told, *_shapes(network)])


def _shapes(network: object) -> list[str]:
    if not isinstance(network, LimitsPictures):
        return []
    limits, told = network.picture_limits({}), []
    told += [f"to {limits.most_bytes >> 20} MB"] if limits.most_bytes else []
    told += ["from {} x {}".format(*limits.smallest)] if any(limits.smallest) else []
    told += ["to {} x {}".format(*limits.largest)] if any(limits.largest) else []
    told += [f"to {limits.most_pixels / 1e6:g} million pixels"] if limits.most_pixels else []
    shapes = (*limits.narrowest, *limits.widest)
    return [*told, "{}:{} to {}:{}".format(*shapes)] if limits.widest[0] else told


def _video(network: Network) -> str:
    if not network.takes_video:
        return "no"
    asked: object = network
    if not isinstance(asked, LimitsVideos):
        return "yes"
    limits = asked.video_limits({})
    told = [f"to {limits.most_bytes >> 20} MB"]
    if limits.longest_ms:
        told.append(f"{limits.shortest_ms / 1000:g} to {limits.longest_ms // 1000} s")
    told += [f"to {limits.most_width} pixels wide"] if limits.most_width else []
    if limits.widest[0]:
        told.append(f"{limits.narrowest[0]}:{limits.narrowest[1]} to {limits.widest[0]}:{limits.widest[1]}")
    return ", ".join(told)


def _cost(network: object) -> str:
    if not isinstance(network, Charges):
        return "none"
    with_link = network.price("https://example.org")
    image = network.price("https://example.org", 1).mills - with_link.mills
    plain, linked, described = (
        f"{mills // 1000}.{mills % 1000:03d}" for mills in (with_link.without_link, with_link.mills, image)
    )
    source = network.price_source
    page = f" ([source]({source}))" if source.startswith("https://") else ""
    more = f", each alternative text {described} USD" if image else ""
    return f"{plain} USD, with a link {linked} USD{more}{page}"


def _echoes(network: object) -> str:
    """Return what a network tells of who took a post up, and what asking costs at most."""
    told = [
        *(["who reposted and quoted a post"] if isinstance(network, TellsEchoes) else []),
        *(["what accounts said"] if isinstance(network, SeeksPosts) else []),
    ]
    if not told:
        return "nothing"
    most = network.echoes_mills if isinstance(network, ChargesForEchoes) else 0
    cost = f", at {most // 1000}.{most % 1000:03d} USD a look at most, under a ceiling only" if most else ""
    return ", ".join(told) + cost


def _network_row(slug: str, one: Network) -> list[str]:
    kinds = [kind.value for kind in PostKind if kind in one.kinds]
    verified = _VERIFIED[one.verified]
    return [
        one.name,
        f"`{slug}`",
        one.protection.value,
        "yes" if one.automatic else "by a person",
        "yes" if one.needs_connection else "no",
        ", ".join(kinds),
        _length(one.rules),
        _images(one),
        _video(one),
        _pace(one.pace),
        _span(one.identical_window),
        _cost(one),
        _echoes(one),
        f"**{verified}**" if one.verified is Verified.SIMULATED else verified,
    ]


def network_table() -> str:
    """Return the page of what each network can do."""
    head = [
        *("network", "file", "protection", "publishes by itself", "needs keys", "kinds", "length", "images"),
        *(
            "video",
            "pace of an account",
            "equal texts apart",
            "cost of a post",
            "tells who took a post up",
            "tested against",
        ),
    ]
    text = (
        "Each network says it of itself, in its file in `scheduler/networks/`; the composer and the connect page "
        "are made from the same words. What the protections mean is in `scheduler/network.py`.\n"
    )
    rows = [_network_row(slug, one) for slug, one in networks().items()]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join([_MADE, "# Networks\n", text, *lines, ""])


def personal_data() -> str:
    """Return the page of what is known of people, why, and how long; in Spanish, as an institution publishes it."""
    rows = [
        f"| {said.what} | {said.why} | {f'**{rule.days} días.** ' if rule.days is not None else ''}{said.ends} | "
        f"{', '.join(f'`{one}`' for one in rule.holds)} | {f'`{rule.code}`' if rule.days is not None else ''} |"
        for rule in rules()
        for said in (KEPT[rule.code],)
    ]
    head = [
        "| qué | para qué | hasta cuándo | tablas | nombre del plazo |",
        "| --- | --- | --- | --- | --- |",
    ]
    text = (
        "Lo que tiene días se borra solo: el publicador lo revisa una vez al día, y **Sistema → Datos personales** "
        "dice qué toca y qué se borró. Otros plazos se ponen con `RESUENA_RETENTION=people_left=365,notices=90`. "
        "Los respaldos olvidan lo borrado conforme se renuevan (`RESUENA_BACKUP_KEEP`). "
        "Fundamento: LGPDPPSO (DOF, 20 de marzo de 2025), artículos 18 y 19. Quien lo pide antes se borra en "
        "**Sistema → Personas**; la bitácora solo guarda referencias, y sigue completa.\n"
    )
    return "\n".join([_MADE, "# Datos personales\n", text, *head, *rows, ""])


PAGES = {
    "personal-data.md": personal_data,
    "states.md": states,
    "settings.md": settings,
    "ajustes.md": settings_in_spanish,
    "rights.md": rights,
    "networks.md": network_table,
}


def main(what: str) -> int:
    """Write the pages, or return 1 when one does not say what the code says."""
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page().rstrip() + "\n"
        if what == "write":
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    sys.stdout.write(f"documents: {', '.join(stale) + ' not true' if stale else 'true'}\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
