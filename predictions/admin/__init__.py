"""What staff may look at and decide in the admin, by part."""

from predictions.admin import alerts, backtests, challengers, evaluation_log, experiments, ledger, monitoring

__all__ = ["alerts", "backtests", "challengers", "evaluation_log", "experiments", "ledger", "monitoring"]
