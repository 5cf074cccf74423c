"""Money as people read it. It is kept in whole thousandths of a US dollar."""

_MILLS = 1000


def dollars(mills: int) -> str:
    """Return an amount such as "0.015 USD", without rounding."""
    whole, rest = divmod(abs(mills), _MILLS)
    return f"{'-' if mills < 0 else ''}{whole:,}.{rest:03} USD"
