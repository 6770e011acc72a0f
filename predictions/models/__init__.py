"""What we said about events, and how it turned out."""

from predictions.models.alerts import Alert, AlertChannel, AlertDelivery, AlertRule, Severity
from predictions.models.experiments import Experiment, ExperimentArm, ExperimentQuerySet
from predictions.models.ledger import GENESIS_HASH, LedgerHead, Prediction, PredictionQuerySet, Settlement
from predictions.models.reinforcement import ReinforcementPolicy

__all__ = [
    "GENESIS_HASH",
    "Alert",
    "AlertChannel",
    "AlertDelivery",
    "AlertRule",
    "Experiment",
    "ExperimentArm",
    "ExperimentQuerySet",
    "LedgerHead",
    "Prediction",
    "PredictionQuerySet",
    "ReinforcementPolicy",
    "Settlement",
    "Severity",
]
