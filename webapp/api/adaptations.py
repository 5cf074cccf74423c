"""The approved versions of a material in other languages and forms, as ``/api/v1`` tells them."""

from typing import Any

from assets import adapting
from assets.models import Asset
from content_calendar import adaptation_lists
from content_calendar.content import hash_of
from content_calendar.models.adaptations import Adapted
from webapp import languages
from webapp.session import db


def versions_of(asset: Asset) -> list[dict[str, Any]]:
    """Return the approved versions of a material; ``current`` tells whether the material still says the same."""
    now_says = hash_of(adapting.texts_of(asset))
    return [
        {
            "ref": one.ref,
            "language": one.language,
            "language_name": languages.name(one.language),
            "form": one.form.value,
            **{field: text.texts.get(field, "") for field in adapting.FIELDS},
            "credit": text.credit or None,
            "file": {"ref": text.file_ref, "version": text.file_version} if text.file_ref else None,
            "current": text.original_hash == now_says,
            "written_at": text.created_at.isoformat(),
        }
        for one, text in adaptation_lists.approved_of(db(), Adapted.ASSET, [asset.ref]).get(asset.ref, ())
    ]
