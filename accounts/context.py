"""What every template knows about its visitor."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.consents import is_adult_confirmed
from accounts.models import User

THEMES = ("light", "dark")


def visitor(request: HttpRequest) -> dict[str, Any]:
    """`adult_confirmed` and `odds_format`, asked only when used; `theme`: `light`, `dark` or empty."""
    theme = request.COOKIES.get("theme", "")
    return {
        "adult_confirmed": SimpleLazyObject(lambda: is_adult_confirmed(request)),
        "odds_format": SimpleLazyObject(lambda: getattr(request.user, "odds_format", User.OddsFormat.DECIMAL)),
        "theme": theme if theme in THEMES else "",
    }
