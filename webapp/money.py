"""Money as people read and type it: US dollars, kept as whole thousandths (mills)."""

import re

from flask import Flask

from content_calendar.errors import InvalidError

_MILLS = 1000
# Commas only between thousands: "24,50" could be read two ways, and is asked again.
_TYPED = re.compile(r"(?P<dollars>\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(?P<cents>\d{1,3}))?", re.ASCII)


class MoneyInvalidError(InvalidError):
    """What was typed is no amount of dollars."""

    code = "money_invalid"


def format_mills(mills: int | None) -> str:
    """Return an amount in words, such as "0.015 USD" or "1,234.50 USD"; nothing for a missing one."""
    if mills is None:
        return ""
    dollars, rest = divmod(abs(mills), _MILLS)
    cents = f"{rest:03d}"
    return f"{'-' if mills < 0 else ''}{dollars:,}.{cents.removesuffix('0')} USD"


def mills_of(typed: str, field: str) -> int | None:
    """Return what a person typed in dollars ("24", "24.50", "$1,234.50 USD") as mills; None for nothing.

    Raises MoneyInvalidError with its field.
    """
    bare = typed.strip().removeprefix("$").removesuffix("USD").strip()
    if not bare:
        return None
    found = _TYPED.fullmatch(bare)
    if found is None:
        raise MoneyInvalidError(field=field)
    return int(found["dollars"].replace(",", "")) * _MILLS + int((found["cents"] or "0").ljust(3, "0"))


def install(app: Flask) -> None:
    """Give the templates their filter."""
    app.jinja_env.filters["mills"] = format_mills
