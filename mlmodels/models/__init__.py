"""How a model is made, kept and promoted."""

from mlmodels.models.data import Dataset
from mlmodels.models.parts import FitPart, SubjectReport
from mlmodels.models.policies import PromotionPolicy
from mlmodels.models.runs import TrainingRun
from mlmodels.models.tuning import TuningLogEntry, TuningStudy, TuningTrial
from mlmodels.models.versions import ModelVersion, Promotion

__all__ = [
    "Dataset",
    "FitPart",
    "ModelVersion",
    "Promotion",
    "PromotionPolicy",
    "SubjectReport",
    "TrainingRun",
    "TuningLogEntry",
    "TuningStudy",
    "TuningTrial",
]
