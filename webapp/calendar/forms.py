"""What a person types in the composer, read, kept and turned into a draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assets.finding import Shown
from assets.library import chosen
from content_calendar.content import Content, Medium, PostKind
from content_calendar.models.directory import Account
from content_calendar.models.plan import Campaign, Contribution, Theme
from content_calendar.models.posts import Post, PostVersion
from content_calendar.posts import Draft, content_of
from webapp.calendar import parts
from webapp.calendar.clocks import Meant, meant
from webapp.calendar.parts import Parts, Picture, folded
from webapp.session import settings

LONGEST_TEXT = 10_000
LONGEST_TITLE = 200
LONGEST_ALT = 2_000
MOST_IMAGES = 10
_VIDEO = "video/"
_TITLE_WORDS = 70
_LONGEST_ORIGIN = 2_000
_DIGITS = 9
_LONGEST_TOKEN = 32


@dataclass
class Typed:
    """What stands in the composer's fields, as typed."""

    kind: str = PostKind.POST.value
    target: str = ""
    title: str = ""
    parts: Parts = field(default_factory=Parts)
    language: str = "es"
    theme: str = ""
    contribution: str = ""
    origin: str = ""
    campaigns: set[str] = field(default_factory=set)
    series: str = ""
    audiences: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    pictures: list[Picture] = field(default_factory=list)
    # The material of each picture, by its key; what is gone has none.
    shown: dict[str, Shown] = field(default_factory=dict)
    day: str = ""
    hour: str = ""
    zone: str = ""
    edition: int = 0
    # For whoever reviews it.
    note: str = ""
    # Which opening of the composer this is, how many steps were typed in it, how many messages it sent.
    sitting: str = ""
    step: int = 0
    turn: int = 0

    @property
    def meant(self) -> Meant:
        """Return the moment that was meant."""
        return meant(self.day, self.hour, self.zone)

    def fold(self) -> None:
        """Put everything into one part, unless it is a thread: only threads have several."""
        if self.kind != PostKind.THREAD:
            self.parts = folded(self.parts)
            for one in self.pictures:
                one.part = 1


def read(form: MultiDict[str, str]) -> Typed:
    """Return what was typed; nothing is refused here."""
    kind = form.get("kind", "")
    typed = Typed(
        kind=kind if kind in set(PostKind) else PostKind.POST.value,
        target=form.get("target", "").strip()[:_LONGEST_ORIGIN],
        title=" ".join(form.get("title", "").split()),
        parts=parts.read(form),
        language=form.get("language", "es")[:20] or "es",
        theme=form.get("theme", ""),
        contribution=form.get("contribution", ""),
        origin=form.get("origin", "")[:_LONGEST_ORIGIN],
        campaigns=set(form.getlist("campaigns")),
        series=form.get("series", ""),
        audiences=set(form.getlist("audiences")),
        accounts=set(form.getlist("accounts")),
        pictures=_pictures(form),
        day=form.get("due_date", ""),
        hour=form.get("due_time", ""),
        zone=form.get("due_zone", "") or settings().zone,
        edition=_number(form.get("edition", "")),
        note=form.get("note", "")[:_LONGEST_ORIGIN],
        sitting=form.get("sitting", "")[:_LONGEST_TOKEN],
        step=_number(form.get("step", "")),
        turn=_number(form.get("turn", "")),
    )
    typed.fold()
    count = len(typed.parts.texts)
    for one in typed.pictures:
        one.part = min(max(one.part, 1), count)
    return typed


def _number(said: str) -> int:
    return int(said) if said.isdecimal() and len(said) <= _DIGITS else 0


def _pictures(form: MultiDict[str, str]) -> list[Picture]:
    # Each picture names itself in "image"; its text and its part stand beside it under its own name.
    found: dict[str, Picture] = {}
    removed = set(form.getlist("remove"))
    new = form.get("new-part", "1")
    for name in [*form.getlist("image"), *form.getlist("toolbox")]:
        ref, _, number = name.partition(":")
        if name not in removed and _number(number):
            part = _number(form.get(f"part-{name}", new))
            picture = Picture(ref, _number(number), form.get(f"alt-{name}", ""), part)
            found.setdefault(picture.key, picture)
    return list(found.values())[: MOST_IMAGES * parts.MOST_PARTS]


def of_post(post: Post, version: PostVersion | None = None) -> Typed:
    """Return what the composer shows of a post, loaded by ``posts.find``; or of an older version of it."""
    shown = version or post.version
    content = content_of(shown) if shown else Content(parts=("",))
    return Typed(
        kind=content.kind,
        target=content.target,
        title=post.title,
        parts=_parts_of(content),
        language=content.language,
        theme=post.theme.ref if post.theme else "",
        origin=post.origin_url,
        campaigns={one.slug for one in post.campaigns},
        accounts={one.ref for one in post.accounts},
        pictures=[Picture(one.asset_ref, one.asset_version, one.alt_text, one.part) for one in content.media],
        day=post.due_local[:10],
        hour=_hour(post.due_local),
        zone=post.due_zone or settings().zone,
        edition=post.edition,
    )


def _parts_of(content: Content) -> Parts:
    own = {
        slug: ["" if said == base else said for said, base in zip(texts, content.parts, strict=True)]
        for slug, texts in content.variants.items()
        if len(texts) == len(content.parts)
    }
    return Parts(list(content.parts), own)


def _hour(local: str) -> str:
    # Seconds are shown only when somebody asked for them.
    return local[11:16] if local.endswith(":00") else local[11:19]


def load_pictures(session: Session, typed: Typed) -> None:
    """Find the material of each picture; a picture whose material is gone is left out, its text kept nowhere."""
    found = chosen(session, [(one.ref, one.version) for one in typed.pictures])
    typed.shown = {f"{ref}:{version}": shown for (ref, version), shown in found.items()}
    typed.pictures = sorted(
        (one for one in typed.pictures if one.key in typed.shown), key=lambda one: one.part
    )
    for one in typed.pictures:
        one.alt = one.alt or typed.shown[one.key].asset.alt_text


def faults(typed: Typed) -> dict[str, list[str]]:
    """Return what keeps the form from being read, by the id of its field."""
    found: dict[str, list[str]] = {}
    for name, text in _texts(typed.parts):
        if len(text) > LONGEST_TEXT:
            said = gettext("El texto pasa de %(most)s caracteres. Acórtalo.", most=f"{LONGEST_TEXT:,}")
            found[name] = [said]
    if len(typed.parts.texts) > parts.MOST_PARTS:
        found["text"] = [
            gettext("Un hilo tiene %(most)s partes a lo más. Quita algunas.", most=parts.MOST_PARTS)
        ]
    if len(typed.title) > LONGEST_TITLE:
        found["title"] = [gettext("El título pasa de %(most)s caracteres. Acórtalo.", most=LONGEST_TITLE)]
    for number in range(1, len(typed.parts.texts) + 1):
        if sum(one.part == number for one in typed.pictures) > MOST_IMAGES:
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


def _texts(typed: Parts) -> Iterator[tuple[str, str]]:
    for number, text in enumerate(typed.texts, start=1):
        yield parts.name_of("text", number), text
        for slug in typed.variants:
            yield parts.name_of(f"variant-{slug}", number), typed.variant(slug, number)


def draft_of(session: Session, typed: Typed, contribution_id: int | None = None) -> Draft:
    """Return the draft that was typed: five queries. What does not exist any more is left out."""
    load_pictures(session, typed)
    accounts = _ids(session, typed.accounts)
    content = _content(typed, tuple(sorted(accounts)))
    return Draft(
        content=content,
        account_ids=sorted(accounts.values()),
        title=typed.title[:LONGEST_TITLE] or title_from(content),
        theme_id=session.scalar(select(Theme.id).where(Theme.ref == typed.theme)) if typed.theme else None,
        campaign_ids=_campaign_ids(session, typed.campaigns),
        due=typed.meant.due,
        contribution_id=contribution_id or _contribution_id(session, typed.contribution),
        origin_url=typed.origin,
    )


def _content(typed: Typed, accounts: tuple[str, ...]) -> Content:
    if typed.kind == PostKind.REPOST:
        # Another's post is shared as it is: what was typed stays in the form, and only there.
        return Content(("",), typed.kind, typed.language, accounts=accounts, target=typed.target)
    return Content(
        parts=tuple(text.strip() for text in typed.parts.texts),
        kind=typed.kind,
        language=typed.language,
        variants={slug: said for slug in typed.parts.variants if (said := typed.parts.differing(slug))},
        media=tuple(_media(typed)),
        accounts=accounts,
        target=typed.target if typed.kind == PostKind.QUOTE else "",
    )


def _media(typed: Typed) -> Iterator[Medium]:
    for one in typed.pictures:
        version = typed.shown[one.key].version
        kind = version.media_type if version.media_type.startswith(_VIDEO) else ""
        yield Medium(one.ref, one.version, version.sha256, one.alt.strip(), one.part, media_type=kind)


def title_from(content: Content) -> str:
    """Return a title for a post that nobody gave one: the first words of its text, or what it shares."""
    line = " ".join(" ".join(content.parts).split())
    if content.kind == PostKind.REPOST and content.target:
        line = gettext("Compartir %(link)s", link=content.target.partition("://")[2] or content.target)
        return line if len(line) <= _TITLE_WORDS else f"{line[:_TITLE_WORDS]}…"
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
