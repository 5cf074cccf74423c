"""What can be wrong with a provider, or with what it answers."""

from content_calendar.errors import ForbiddenError, SetupError


class ProviderSilentError(SetupError):
    """The provider does not answer, or not as its discovery document promises. ``why`` is for the log."""

    code = "provider_silent"


class ProviderRefusedError(ForbiddenError):
    """The provider sent the person back without letting them in. ``said`` is its own code (RFC 6749, 4.1.2.1)."""

    code = "provider_refused"


class AnswerUntrueError(ForbiddenError):
    """What came back does not hold: ``why`` says which promise, for the log and not for the page."""

    code = "provider_answer_untrue"
