"""The tree of domain errors: a stable code and parameters.

Nobody below the edge writes a sentence. ``webapp/errors.py`` turns a code into one, in the reader's
language, and knows every code: a test compares both lists.
"""

from typing import ClassVar


class ResuenaError(Exception):
    """What a person can be told about, by its code.

    ``code`` is stable: it is a translation's key, an API's ``type`` and what logs are searched for.
    ``params`` are what the sentence needs; they are plain values and hold no secrets.
    """

    code: ClassVar[str] = "error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params

    def __str__(self) -> str:
        said = ", ".join(f"{key}={value!r}" for key, value in self.params.items())
        return f"{self.code}({said})"


class InvalidError(ResuenaError):
    """What was asked cannot be done with these words or values; ``field`` names where, when one can."""

    code = "invalid"

    def __init__(self, field: str | None = None, **params: object) -> None:
        super().__init__(**params)
        self.field = field


class ConflictError(ResuenaError):
    """Somebody else, or the clock, was faster: what was asked was right a moment ago."""

    code = "conflict"


class ForbiddenError(ResuenaError):
    """Whoever asked may not do this, here."""

    code = "forbidden"


class NotFoundError(ResuenaError):
    """There is no such thing, or it is not this person's to see."""

    code = "not_found"


class SetupError(ResuenaError):
    """The installation is not ready; ``make run`` or an administrator can mend it."""

    code = "setup"


class SettingError(SetupError):
    """A setting holds a value that cannot be used. ``name``, ``value`` and ``expected`` say which."""

    code = "setting_invalid"


class DatabaseNotMigratedError(SetupError):
    """The database's tables are not those of this version. ``found`` and ``expected`` are revisions."""

    code = "database_not_migrated"


class DatabaseUnreachableError(SetupError):
    """The database does not answer."""

    code = "database_unreachable"
