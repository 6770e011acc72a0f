"""What we said about events, and how it turned out."""

from predictions.models.alerts import Alert, AlertChannel, AlertDelivery, AlertRule, Severity
from predictions.models.ledger import GENESIS_HASH, LedgerHead, Prediction, PredictionQuerySet, Settlement

__all__ = [
    "GENESIS_HASH",
    "Alert",
    "AlertChannel",
    "AlertDelivery",
    "AlertRule",
    "LedgerHead",
    "Prediction",
    "PredictionQuerySet",
    "Settlement",
    "Severity",
]
