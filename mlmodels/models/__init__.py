"""How a model is made, kept and promoted."""

from mlmodels.models.data import Dataset
from mlmodels.models.policies import PromotionPolicy
from mlmodels.models.runs import TrainingRun
from mlmodels.models.tuning import TuningLogEntry, TuningStudy, TuningTrial
from mlmodels.models.versions import ModelVersion, Promotion

__all__ = [
    "Dataset",
    "ModelVersion",
    "Promotion",
    "PromotionPolicy",
    "TrainingRun",
    "TuningLogEntry",
    "TuningStudy",
    "TuningTrial",
]
