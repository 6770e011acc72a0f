"""What can go wrong in the life of a model, in words for a person."""

from collections.abc import Mapping, Sequence


class ModelError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "model_error"
    status = 400


class InvalidSelection(ModelError):
    code = "invalid_selection"


class InvalidName(ModelError):
    code = "invalid_name"


class InvalidHyperParameters(ModelError):
    code = "invalid_hyper_parameters"
    status = 422


class InvalidTuning(ModelError):
    """A search that can't be made: an empty budget, or an algorithm with nothing to vary."""

    code = "invalid_tuning"
    status = 422


class TuningFailed(ModelError):
    """A search that came to nothing."""

    code = "tuning_failed"
    status = 422


class InvalidFeatureSelection(ModelError):
    code = "invalid_feature_selection"
    status = 422


class InvalidPolicy(ModelError):
    """A rule of promotion that no rule can be; `fields` has the complaints about each field."""

    code = "invalid_policy"
    status = 422

    def __init__(self, fields: Mapping[str, Sequence[str]], *, labels: Mapping[str, str] | None = None) -> None:
        """labels: what people call the fields; what is about no field has none and stands alone."""
        called = labels or {}
        told = ((called.get(name, ""), " ".join(words)) for name, words in fields.items())
        super().__init__(" ".join(f"{label}: {words}" if label else words for label, words in told))
        self.fields = fields


class InvalidReport(ModelError):
    """Runs that can't be reported on together, or at all."""

    code = "invalid_report"
    status = 422


class UnknownProblem(ModelError):
    code = "unknown_problem"
    status = 404


class UnknownAlgorithm(ModelError):
    code = "unknown_algorithm"


class TooLittleData(ModelError):
    code = "too_little_data"
    status = 422


class CannotEmphasise(ModelError):
    """Some examples can't be learned harder: the algorithm has no way to, or the weight is none."""

    code = "cannot_emphasise"
    status = 422


class TableUnreadable(ModelError):
    """A data set's table that is missing, broken, or in a form that nothing here can read."""

    code = "table_unreadable"
    status = 500


class InvalidState(ModelError):
    """An action that the present state of a run or version does not allow."""

    code = "invalid_state"
    status = 409


class ModelNotTrained(ModelError):
    code = "model_not_trained"
    status = 503


class ArtifactError(ModelError):
    """A missing, truncated or tampered file."""

    code = "artifact_error"
    status = 500


class FeatureMismatch(ModelError):
    code = "feature_mismatch"
    status = 500


class RunCancelled(ModelError):
    code = "run_cancelled"
    status = 409
