"""Keys as a person pastes them: one line of visible characters, bounded."""

from collections.abc import Mapping, Sequence

from content_calendar.errors import InvalidError

# Far more than any key has; what is longer was pasted by mistake.
LONGEST_KEY = 2_000


class KeyMissingError(InvalidError):
    """Every key that the network asks for is needed. ``field`` is its name."""

    code = "key_missing"


class KeyInvalidError(InvalidError):
    """A key is one line of visible characters without spaces. ``field`` is its name."""

    code = "key_invalid"


def read_keys(names: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the keys of these names; raise KeyMissingError or KeyInvalidError, which hold no key."""
    return {name: _key(name, given.get(name, "")) for name in names}


def _key(name: str, said: str) -> str:
    value = said.strip()
    if not value:
        raise KeyMissingError(field=name)
    if len(value) > LONGEST_KEY or not value.isprintable() or any(one.isspace() for one in value):
        raise KeyInvalidError(field=name)
    return value
