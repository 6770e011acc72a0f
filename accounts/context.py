"""What every template knows about its visitor."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.consents import is_adult_confirmed

THEMES = ("light", "dark")


def visitor(request: HttpRequest) -> dict[str, Any]:
    """`adult_confirmed` (asked only when used) and `theme` (`light`, `dark`, or empty for the system's)."""
    theme = request.COOKIES.get("theme", "")
    return {
        "adult_confirmed": SimpleLazyObject(lambda: is_adult_confirmed(request)),
        "theme": theme if theme in THEMES else "",
    }
