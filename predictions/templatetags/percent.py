"""Probabilities and other fractions as percentages, with a real minus."""

from django import template

register = template.Library()

SIGN = "\u00a0%"
"""With a space that no line breaks at."""


@register.filter
def percent(fraction: float, decimals: int = 0) -> str:
    """`{{ 0.1234|percent:1 }}` is 12.3 %."""
    return f"{100 * fraction:.{decimals}f}{SIGN}".replace("-", "−")


@register.filter
def signed(number: float, decimals: int = 3) -> str:
    """`{{ -0.0123|signed:3 }}` is −0.012: the sign is always written."""
    return f"{number:+.{decimals}f}".replace("-", "−")


@register.filter
def signed_percent(fraction: float, decimals: int = 1) -> str:
    """`{{ 0.031|signed_percent:1 }}` is +3.1 %."""
    return f"{signed(100 * fraction, decimals)}{SIGN}"
