"""What we said about events, and how it turned out."""

from predictions.models.alerts import Alert, AlertChannel, AlertDelivery, AlertRule, Severity
from predictions.models.backtests import Backtest, BacktestQuerySet
from predictions.models.challengers import Proposal
from predictions.models.evaluation_log import LoggedDay
from predictions.models.experiments import Experiment, ExperimentArm, ExperimentQuerySet
from predictions.models.ledger import GENESIS_HASH, LedgerHead, Prediction, PredictionQuerySet, Settlement
from predictions.models.monitoring import DriftEvent, MonitorReport, QualityReport, RetrainingPolicy
from predictions.models.reinforcement import ReinforcementPolicy

__all__ = [
    "GENESIS_HASH",
    "Alert",
    "AlertChannel",
    "AlertDelivery",
    "AlertRule",
    "Backtest",
    "BacktestQuerySet",
    "DriftEvent",
    "Experiment",
    "ExperimentArm",
    "ExperimentQuerySet",
    "LedgerHead",
    "LoggedDay",
    "MonitorReport",
    "Prediction",
    "PredictionQuerySet",
    "Proposal",
    "QualityReport",
    "ReinforcementPolicy",
    "RetrainingPolicy",
    "Settlement",
    "Severity",
]
