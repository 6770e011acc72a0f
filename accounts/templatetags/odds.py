"""Showing a decimal price in the format that the person chose."""

from decimal import Decimal

from django import template

from accounts.models import User

register = template.Library()
TOLERANCE = 0.005
LARGEST_DENOMINATOR = 100


@register.filter
def odds(price: Decimal | float | None, style: str = User.OddsFormat.DECIMAL) -> str:
    """`{{ price|odds:odds_format }}`: 2.5 as 2.50, 3/2 or +150; an empty string for no price.

    The fraction is the simplest one within half a per cent of the price, as bookmakers write it.
    """
    if price is None:
        return ""
    decimal = float(price)
    if style == User.OddsFormat.FRACTIONAL:
        return _fraction(decimal)
    if style == User.OddsFormat.AMERICAN and decimal > 1:
        return f"+{(decimal - 1) * 100:.0f}" if decimal >= 2 else f"-{100 / (decimal - 1):.0f}"
    return f"{decimal:.2f}"


def _fraction(decimal: float) -> str:
    for denominator in range(1, LARGEST_DENOMINATOR + 1):
        numerator = round((decimal - 1) * denominator)
        if numerator and abs(1 + numerator / denominator - decimal) <= TOLERANCE * decimal:
            return f"{numerator}/{denominator}"
    return f"1/{LARGEST_DENOMINATOR}"
