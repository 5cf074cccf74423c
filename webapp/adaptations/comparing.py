"""What changed in an original since a version was made of it."""

from collections.abc import Mapping

from content_calendar.adaptations import Original
from content_calendar.models.adaptations import AdaptationText
from webapp.calendar.comparing import word_difference


def changed_originals(text: AdaptationText, original: Original) -> Mapping[str, list[tuple[str, str]]]:
    """Return, by field of the original, how it differs from what the version was made of; empty when it does not.

    Where it is not known what the original said then, every field is told as new.
    """
    if text.original_hash == original.hash:
        return {}
    return {
        key: word_difference(text.original.get(key, ""), original.texts.get(key, ""))
        for key in dict.fromkeys([*text.original, *original.texts])
        if text.original.get(key, "") != original.texts.get(key, "")
    }
