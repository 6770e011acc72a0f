"""Raising an alert in as few words as a test wants."""

from typing import Any

from predictions.alerting import raise_alert
from predictions.delivering import channels
from predictions.models import Alert, AlertChannel

ABOUT: dict[str, Any] = {
    "key": "dixon-coles-20240601-101502",
    "title": "The champion has got worse",
    "message": "Its log loss is 9 % above what its test promised.",
    "severity": "warning",
}


def raised(kind: str = "decay", **about: Any) -> Alert:
    return raise_alert(kind, **{**ABOUT, **about})


def alerts_with_messages() -> None:
    """Three alerts that two addresses are told of, each by a message and a digest that gathers."""
    for name in ("day", "night"):
        address = AlertChannel(name=f"By {name}", kind="email", email=f"{name}@example.org", minimum_severity="info")
        channels.add(address)
    for number in range(3):
        raised(key=f"version {number}")
