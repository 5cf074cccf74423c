"""What a person types in the composer, read, kept and turned into a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assets.finding import Shown
from assets.library import chosen
from content_calendar.content import Content, Medium
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign, Contribution, Theme
from content_calendar.models.posts import Post
from content_calendar.posts import Draft, content_of
from webapp.calendar.clocks import Meant, meant
from webapp.session import settings

LONGEST_TEXT = 10_000
LONGEST_TITLE = 200
LONGEST_ALT = 2_000
MOST_IMAGES = 10
_TITLE_WORDS = 70
_LONGEST_ORIGIN = 2_000
_DIGITS = 6


@dataclass
class Picture:
    """A picture in the composer: which version of which material, and its alternative text here."""

    ref: str
    version: int
    alt: str
    shown: Shown | None = None


@dataclass
class Typed:
    """What stands in the composer's fields, as typed."""

    title: str = ""
    text: str = ""
    language: str = "es"
    theme: str = ""
    contribution: str = ""
    origin: str = ""
    campaigns: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    variants: dict[str, str] = field(default_factory=dict)
    pictures: list[Picture] = field(default_factory=list)
    day: str = ""
    hour: str = ""
    zone: str = ""
    edition: int = 0

    @property
    def meant(self) -> Meant:
        """Return the moment that was meant."""
        return meant(self.day, self.hour, self.zone)


def read(form: MultiDict[str, str]) -> Typed:
    """Return what was typed; nothing is refused here."""
    return Typed(
        title=" ".join(form.get("title", "").split()),
        text=form.get("text", "").replace("\r\n", "\n"),
        language=form.get("language", "es")[:20] or "es",
        theme=form.get("theme", ""),
        contribution=form.get("contribution", ""),
        origin=form.get("origin", "")[:_LONGEST_ORIGIN],
        campaigns=set(form.getlist("campaigns")),
        accounts=set(form.getlist("accounts")),
        variants={
            name.removeprefix("variant-"): text.replace("\r\n", "\n")
            for name, text in form.items()
            if name.startswith("variant-") and text.strip()
        },
        pictures=_pictures(form),
        day=form.get("due_date", ""),
        hour=form.get("due_time", ""),
        zone=form.get("due_zone", "") or settings().zone,
        edition=_number(form.get("edition", "")),
    )


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) <= _DIGITS else 0


def _pictures(form: MultiDict[str, str]) -> list[Picture]:
    # Each picture names itself in "image"; its text stands beside it under its own name.
    found: dict[tuple[str, int], Picture] = {}
    removed = set(form.getlist("remove"))
    for name in [*form.getlist("image"), *form.getlist("toolbox")]:
        ref, _, number = name.partition(":")
        if name not in removed and _number(number):
            picture = Picture(ref, _number(number), form.get(f"alt-{name}", ""))
            found.setdefault((ref, picture.version), picture)
    return list(found.values())[: MOST_IMAGES + 1]


def of_post(post: Post) -> Typed:
    """Return what the composer shows of a post, loaded by ``posts.find``."""
    content = content_of(post.version) if post.version else Content(parts=("",))
    return Typed(
        title=post.title,
        text="\n\n".join(content.parts),
        language=post.language,
        theme=post.theme.ref if post.theme else "",
        origin=post.origin_url,
        campaigns={one.slug for one in post.campaigns},
        accounts={one.ref for one in post.accounts},
        variants={slug: "\n\n".join(parts) for slug, parts in content.variants.items()},
        pictures=[Picture(one.asset_ref, one.asset_version, one.alt_text) for one in content.media],
        day=post.due_local[:10],
        hour=_hour(post.due_local),
        zone=post.due_zone or settings().zone,
        edition=post.edition,
    )


def _hour(local: str) -> str:
    # Seconds are shown only when somebody asked for them.
    return local[11:16] if local.endswith(":00") else local[11:19]


def load_pictures(session: Session, typed: Typed) -> None:
    """Find the material of each picture; a picture whose material is gone is left out, its text kept nowhere."""
    shown = chosen(session, [(one.ref, one.version) for one in typed.pictures])
    for one in typed.pictures:
        one.shown = shown.get((one.ref, one.version))
        if one.shown and not one.alt:
            one.alt = one.shown.asset.alt_text
    typed.pictures = [one for one in typed.pictures if one.shown is not None]


def faults(typed: Typed) -> dict[str, list[str]]:
    """Return what keeps the form from being read, by the id of its field."""
    found: dict[str, list[str]] = {}
    for name, text in [("text", typed.text), *((f"variant-{k}", v) for k, v in typed.variants.items())]:
        if len(text) > LONGEST_TEXT:
            said = gettext("El texto pasa de %(most)s caracteres. Acórtalo.", most=f"{LONGEST_TEXT:,}")
            found[name] = [said]
    if len(typed.title) > LONGEST_TITLE:
        found["title"] = [gettext("El título pasa de %(most)s caracteres. Acórtalo.", most=LONGEST_TITLE)]
    if len(typed.pictures) > MOST_IMAGES:
        found["upload"] = [
            gettext("Son demasiadas imágenes: quita algunas, caben %(most)s.", most=MOST_IMAGES)
        ]
    for number, one in enumerate(typed.pictures, start=1):
        if len(one.alt) > LONGEST_ALT:
            said = gettext("El texto alternativo pasa de %(most)s caracteres. Acórtalo.", most=LONGEST_ALT)
            found[f"alt-{number}"] = [said]
    if error := typed.meant.error:
        found["due"] = [error]
    return found


def draft_of(session: Session, typed: Typed, contribution_id: int | None = None) -> Draft:
    """Return the draft that was typed: five queries. What does not exist any more is left out."""
    load_pictures(session, typed)
    accounts = _ids(session, typed.accounts)
    text = typed.text.strip()
    return Draft(
        content=Content(
            parts=(text,),
            language=typed.language,
            variants={
                slug: (said.strip(),)
                for slug, said in typed.variants.items()
                if said.strip() and said.strip() != text
            },
            media=tuple(_media(typed.pictures)),
            accounts=tuple(sorted(accounts)),
        ),
        account_ids=sorted(accounts.values()),
        title=typed.title[:LONGEST_TITLE] or title_from(text),
        theme_id=session.scalar(select(Theme.id).where(Theme.ref == typed.theme)) if typed.theme else None,
        campaign_ids=_campaign_ids(session, typed.campaigns),
        due=typed.meant.due,
        contribution_id=contribution_id or _contribution_id(session, typed.contribution),
        origin_url=typed.origin,
    )


def _media(pictures: Sequence[Picture]) -> list[Medium]:
    return [
        Medium(one.ref, one.version, one.shown.version.sha256, one.alt.strip())
        for one in pictures
        if one.shown is not None
    ]


def title_from(text: str) -> str:
    """Return a title for a post that nobody gave one: the first words of its text."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_WORDS:
        return line
    return line[:_TITLE_WORDS].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _ids(session: Session, refs: set[str]) -> Mapping[str, int]:
    if not refs:
        return {}
    rows = session.execute(select(Account.ref, Account.id).where(Account.ref.in_(refs)))
    return dict(rows.all())


def _campaign_ids(session: Session, slugs: set[str]) -> list[int]:
    if not slugs:
        return []
    return list(session.scalars(select(Campaign.id).where(Campaign.slug.in_(slugs)).order_by(Campaign.id)))


def _contribution_id(session: Session, ref: str) -> int | None:
    return session.scalar(select(Contribution.id).where(Contribution.ref == ref)) if ref else None
