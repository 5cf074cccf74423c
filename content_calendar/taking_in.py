"""A sheet without faults put into the calendar, whole: its themes, its posts as drafts, and what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content_calendar import audit, planning, posts
from content_calendar.clock import now
from content_calendar.content import Content, PostKind, as_json, hash_of
from content_calendar.errors import InvalidError
from content_calendar.importing import ImportChangedError, require
from content_calendar.models.directory import Account
from content_calendar.models.exchange import (
    ImportAct,
    ImportActKind,
    ImportStage,
    SheetImport,
    SheetKey,
)
from content_calendar.models.people import AuditEvent, Person
from content_calendar.models.plan import Campaign, Theme
from content_calendar.models.posts import Post, PostVersion, post_account, post_campaign
from content_calendar.sheet_columns import plain
from content_calendar.sheet_posts import keep_notes, notes
from content_calendar.sheet_rows import Act, Judged, Row
from content_calendar.sheet_values import Known, Values, digest_of
from content_calendar.states import PostState
from content_calendar.wall_time import resolve


class SheetHasFaultsError(InvalidError):
    """Some cells are wrong: nothing is imported until none is. ``count`` is how many."""

    code = "sheet_has_faults"


class SheetEmptyError(InvalidError):
    """There is no row to import."""

    code = "sheet_empty"


@dataclass
class _Ids:
    """What the rows' names stand for in the database."""

    themes: dict[str, Theme]
    accounts: Mapping[str, int]
    campaigns: Mapping[str, int]
    made_themes: list[Theme] = field(default_factory=list)


def take_in(
    session: Session, one: SheetImport, edition: int, sheet: Judged, known: Known, person: Person
) -> None:
    """Put the sheet of a held import into the calendar, in the caller's transaction.

    Raises SheetHasFaultsError, SheetEmptyError, ImportOverError, or ImportChangedError, also when somebody imports
    the same rows at the same moment.
    """
    if sheet.faults:
        raise SheetHasFaultsError(count=sheet.faults)
    if not sheet.rows:
        raise SheetEmptyError
    require(one, edition)
    one.edition += 1
    ids = _ids(session, sheet, person)
    try:
        _place_themes(session, one, sheet, known, ids, person)
    except planning.SpanRepeatedError as error:
        raise ImportChangedError from error
    rows = [row for row in sheet.rows if not row.place]
    made = _make(session, one, [row for row in rows if row.act is Act.MAKE], ids, person)
    changed = _change(session, one, [row for row in rows if row.act is Act.CHANGE], ids, person)
    _keep_keys(session, made | changed)
    one.stage, one.done_at, one.expires_at = ImportStage.DONE, now(), now()
    one.counts = {
        "themes": len(ids.made_themes),
        "made": len(made),
        "changed": len(changed),
        "kept": sum(row.act is Act.KEEP for row in rows),
    }
    # The sheet has done its work: what it said stands in the posts.
    one.cells = []
    session.flush()
    audit.record(session, person.ref, "import_made", "sheet_import", one.ref, **one.counts)


def _ids(session: Session, sheet: Judged, person: Person) -> _Ids:
    refs = {row.values.theme_ref for row in sheet.rows if row.values.theme_ref}
    themes = {plain(one.title): one for one in session.scalars(select(Theme).where(Theme.ref.in_(refs)))}
    accounts = {ref for row in sheet.rows for ref in row.values.accounts}
    campaigns = {slug for row in sheet.rows for slug in row.values.campaigns}
    ids = _Ids(
        themes,
        dict(session.execute(select(Account.ref, Account.id).where(Account.ref.in_(accounts))).all()),
        dict(session.execute(select(Campaign.slug, Campaign.id).where(Campaign.slug.in_(campaigns))).all()),
    )
    for title in sheet.new_themes:
        made = planning.make_theme(session, planning.ThemeFields(title), actor_ref=person.ref)
        ids.themes[plain(title)] = made
        ids.made_themes.append(made)
    return ids


def _place_themes(
    session: Session, one: SheetImport, sheet: Judged, known: Known, ids: _Ids, person: Person
) -> None:
    """Place the themes that the sheet places, and those of its posts that stand nowhere in the bimester yet."""
    session.add_all(
        ImportAct(import_id=one.id, kind=ImportActKind.THEME_MADE, theme_id=theme.id)
        for theme in ids.made_themes
    )
    bimester = planning.open_bimester(session, one.year, one.number)
    placed = {span.theme_ref for span in known.spans.values()}
    for row in sheet.rows:
        if not row.place or row.act is Act.KEEP:
            continue
        theme = ids.themes[plain(row.values.theme)]
        placed.add(theme.ref)
        first, last = _days(row)
        if row.act is Act.CHANGE:
            _move(session, one, row, first, last, person)
        else:
            span = planning.place_theme(session, bimester, theme, first, last, actor_ref=person.ref)
            session.add(_placed(one, theme, span.ref))
    for theme, first, last in _left_over(sheet, ids, placed):
        span = planning.place_theme(session, bimester, theme, first, last, actor_ref=person.ref)
        session.add(_placed(one, theme, span.ref))
    session.flush()


def _placed(one: SheetImport, theme: Theme, span_ref: str) -> ImportAct:
    return ImportAct(import_id=one.id, kind=ImportActKind.THEME_PLACED, theme_id=theme.id, span_ref=span_ref)


def _move(session: Session, one: SheetImport, row: Row, first: date, last: date, person: Person) -> None:
    span = planning.find_span(session, row.ref)
    session.add(
        ImportAct(
            import_id=one.id, kind=ImportActKind.THEME_MOVED, theme_id=span.theme_id, span_ref=span.ref,
            was_on=span.starts_on, was_until=span.ends_on,
        )
    )  # fmt: skip
    planning.move_theme(session, span, first, last, actor_ref=person.ref)


def _days(row: Row) -> tuple[date, date]:
    if row.values.local is None or row.values.until is None:  # pragma: no cover -- a place has both
        raise SheetHasFaultsError(count=1)
    return row.values.local.date(), row.values.until


def _left_over(sheet: Judged, ids: _Ids, placed: set[str]) -> list[tuple[Theme, date, date]]:
    days: dict[str, list[date]] = {}
    for row in sheet.rows:
        if row.values.local and not row.place:
            days.setdefault(plain(row.values.theme), []).append(row.values.local.date())
    return [
        (ids.themes[name], min(some), max(some))
        for name, some in days.items()
        if name in ids.themes and ids.themes[name].ref not in placed
    ]


def _make(
    session: Session, one: SheetImport, rows: Sequence[Row], ids: _Ids, person: Person
) -> dict[str, tuple[int, str]]:
    """Make all new posts at once, each as ``posts.create`` would; return each key's post and digest."""
    made = []
    for row in rows:
        values, content = row.values, _content(row.values)
        post = Post(
            author_id=person.id, kind=PostKind(content.kind), title=values.title,
            theme_id=ids.themes[plain(values.theme)].id,
        )  # fmt: skip
        _set_due(post, values)
        made.append((row, post, content))
    session.add_all(post for _, post, _ in made)
    session.flush()
    versions = [
        PostVersion(
            post_id=post.id,
            n=1,
            content=(said := as_json(content)),
            content_hash=hash_of(said),
            author_id=person.id,
        )
        for _, post, content in made
    ]
    session.add_all(versions)
    session.flush()
    if not made:
        return {}
    session.execute(update(Post), [{"id": version.post_id, "version_id": version.id} for version in versions])
    _link(session, [(post.id, row.values) for row, post, _ in made], ids)
    keep_notes(session, {post.id: row.values.noted for row, post, _ in made if row.values.noted})
    session.add_all(
        AuditEvent(
            actor_ref=person.ref, act="post_created", subject_kind="post", subject_ref=post.ref, details={}
        )
        for _, post, _ in made
    )
    return {
        row.key: (post.id, _done(session, one, row, post, ImportActKind.POST_MADE, {}))
        for row, post, _ in made
    }


def _done(
    session: Session, one: SheetImport, row: Row, post: Post, kind: ImportActKind, was: dict[str, Any]
) -> str:
    digest = digest_of(row.values)
    session.add(ImportAct(import_id=one.id, kind=kind, post_id=post.id, was=was, digest=digest))
    return digest


def _content(values: Values) -> Content:
    kind = PostKind.THREAD if len(values.parts) > 1 else PostKind.POST
    return Content(parts=values.parts, kind=kind.value, accounts=values.accounts)


def due_of(values: Values) -> posts.Due | None:
    """Return the moment of a row, or None."""
    if values.local is None:
        return None
    moment = resolve(values.local, values.zone)
    return posts.Due(moment.utc.astimezone(UTC), moment.local, moment.zone)


def _set_due(post: Post, values: Values) -> None:
    due = due_of(values)
    if due is not None:
        post.due_at, post.due_zone = due.at, due.zone
        post.due_local = due.local.isoformat(timespec="seconds")


def _link(session: Session, made: Sequence[tuple[int, Values]], ids: _Ids) -> None:
    accounts = [
        {"post_id": post_id, "account_id": ids.accounts[ref]}
        for post_id, values in made
        for ref in values.accounts
    ]
    campaigns = [
        {"post_id": post_id, "campaign_id": ids.campaigns[slug]}
        for post_id, values in made
        for slug in values.campaigns
    ]
    if accounts:
        session.execute(insert(post_account), accounts)
    if campaigns:
        session.execute(insert(post_campaign), campaigns)


def _change(
    session: Session, one: SheetImport, rows: Sequence[Row], ids: _Ids, person: Person
) -> dict[str, tuple[int, str]]:
    """Write the changed rows over their drafts; pictures and the texts of networks stay."""
    found = {}
    for row in rows:
        post = posts.find(session, row.ref)
        was = snapshot(session, post)
        values = row.values
        draft = posts.Draft(
            content=_over(posts.content_of(post.version), values) if post.version else _content(values),
            account_ids=[ids.accounts[ref] for ref in values.accounts],
            title=values.title,
            theme_id=ids.themes[plain(values.theme)].id,
            campaign_ids=[ids.campaigns[slug] for slug in values.campaigns],
            due=due_of(values),
            contribution_id=post.contribution_id,
            origin_url=post.origin_url,
        )
        posts.save(session, post, person, draft, post.edition, timedelta())
        keep_notes(session, {post.id: values.noted})
        found[row.key] = (post.id, _done(session, one, row, post, ImportActKind.POST_CHANGED, was))
    return found


def _over(content: Content, values: Values) -> Content:
    parts = len(values.parts)
    return replace(
        content,
        parts=values.parts,
        kind=(PostKind.THREAD if parts > 1 else PostKind.POST).value,
        accounts=values.accounts,
        variants={slug: said for slug, said in content.variants.items() if len(said) == parts},
        media=tuple(replace(medium, part=min(medium.part, parts)) for medium in content.media),
    )


def snapshot(session: Session, post: Post) -> dict[str, Any]:
    """Return how a post stands, loaded by ``posts.find``: what ``taking_back`` writes again."""
    return {
        "version": post.version_id,
        "title": post.title,
        "theme": post.theme_id,
        "accounts": [one.id for one in post.accounts],
        "campaigns": [one.id for one in post.campaigns],
        "local": post.due_local,
        "zone": post.due_zone,
        "note": notes(session, [post.id]).get(post.id, {}),
    }


def moment_of(local: str, zone: str) -> posts.Due | None:
    """Return the moment that was kept, or None where there was none or it has passed."""
    due = due_of(Values(local=datetime.fromisoformat(local), zone=zone)) if local else None
    return due if due and due.at > now() else None


def _keep_keys(session: Session, found: Mapping[str, tuple[int, str]]) -> None:
    """Keep which post each row became; raise ImportChangedError when somebody else's import made it meanwhile."""
    if not found:
        return
    gone = select(Post.id).where(Post.state == PostState.DISCARDED)
    # Only what names a post that was put away, or this very one: another's key must stand in the way.
    session.execute(
        delete(SheetKey).where(
            SheetKey.key.in_(list(found)),
            SheetKey.post_id.in_(gone) | SheetKey.post_id.in_({post_id for post_id, _ in found.values()}),
        )
    )
    try:
        with session.begin_nested():
            session.add_all(
                SheetKey(key=key, post_id=post_id, digest=digest) for key, (post_id, digest) in found.items()
            )
    except IntegrityError as error:
        raise ImportChangedError from error
