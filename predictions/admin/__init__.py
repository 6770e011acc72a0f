"""What staff may look at and decide in the admin, by part."""

from predictions.admin import alerts, evaluation_log, ledger

__all__ = ["alerts", "evaluation_log", "ledger"]
