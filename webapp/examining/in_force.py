"""The settings in force, for an administrator's eyes: what each is, and whether somebody said so. No secret is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta

from sqlalchemy.engine import make_url

from content_calendar.setting_values import DAYS
from content_calendar.settings import SETTINGS, Setting, Settings
from webapp.sentences import EXPECTED
from webapp.setting_groups import Group, SettingWords
from webapp.setting_words import SETTING_WORDS


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting as it is; ``value`` is empty for one without a value and for a secret."""

    setting: Setting
    words: SettingWords
    expected: str
    value: str
    is_set: bool
    """Whether it has a value at all; all that is told of a secret."""
    is_given: bool
    """Whether the environment named it; else it is the default."""


def in_force(settings: Settings) -> Mapping[Group, Sequence[InForce]]:
    """Return the settings by group, in the groups' order and in the registry's."""
    known = [_told(settings, one) for one in SETTINGS]
    grouped = {group: [one for one in known if one.words.group is group] for group in Group}
    return {group: members for group, members in grouped.items() if members}


def _told(settings: Settings, setting: Setting) -> InForce:
    value = written(getattr(settings, setting.field), setting)
    return InForce(
        setting,
        SETTING_WORDS[setting.field],
        EXPECTED[setting.expected],
        "" if setting.is_secret else value,
        bool(value),
        setting.field in settings.given,
    )


def written(value: object, setting: Setting) -> str:
    """Return a setting's value as one would write it; a password within an address is left out."""
    match value:
        case bool():
            text = "yes" if value else "no"
        case timedelta():
            text = str(
                value // (timedelta(minutes=1) if setting.expected == "minutes" else timedelta(days=1))
            )
        case frozenset():
            text = ",".join(sorted(value))
        case dict():
            text = ",".join(f"{name}={place}" for name, place in value.items())
        case (int(day), time() as at):
            text = f"{DAYS[day]} {at:%H:%M}"
        case tuple():
            text = ",".join(str(one) for one in value)
        case str() if value and setting.expected == "database_url":
            text = make_url(value).render_as_string(hide_password=True)
        case _:
            text = str(value)
    return text
