"""Keeping odds, fair odds and profits from people who have not said that they are 18 or older."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from predictions.football.markets import fair_odds


def may_see_prices(context: Mapping[str, Any]) -> bool:
    """Whether the person behind a serializer's request confirmed their age."""
    request: Request | None = context.get("request")
    return request is not None and request.user.is_authenticated and request.user.is_adult_confirmed


def why_hidden(context: Mapping[str, Any]) -> str | None:
    """What to tell who may not see prices; None for who may."""
    if may_see_prices(context):
        return None
    return f"Only shown to people who confirmed that they are 18 or older: sign in and open {_age_gate()}."


def _age_gate() -> str:
    return reverse("accounts:age-gate")


def fair_prices(probabilities: Mapping[str, float]) -> dict[str, str | None]:
    """Decimal odds without a margin, by outcome, written as prices are; None for what is impossible."""
    return {
        label: f"{fair_odds(probability):.3f}" if probability > 0 else None
        for label, probability in probabilities.items()
    }
