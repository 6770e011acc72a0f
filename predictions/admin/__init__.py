"""What staff may look at and decide in the admin, by part."""

from predictions.admin import alerts, ledger

__all__ = ["alerts", "ledger"]
