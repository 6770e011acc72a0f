"""What can go wrong with a prediction, in words for a person."""

from collections.abc import Mapping, Sequence
from typing import Any


class PredictionError(Exception):
    """The root: `code` for programs, the message for people, `status` for HTTP."""

    code = "prediction_error"
    status = 400


class LedgerIsAppendOnly(PredictionError):
    code = "ledger_is_append_only"
    status = 409


class EventIsOver(PredictionError):
    code = "event_is_over"
    status = 409


class UnknownSubject(PredictionError):
    code = "unknown_subject"
    status = 404


class UnknownStatistic(PredictionError):
    """No statistic that is forecast; `detail` has those that are."""

    code = "unknown_statistic"
    status = 422

    def __init__(self, told: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no statistic {told!r}: choose one of {', '.join(known)}.")
        self.detail: Mapping[str, Any] = {"known": list(known)}


class InvalidLine(PredictionError):
    code = "invalid_line"
    status = 422


class InvalidOdds(PredictionError):
    code = "invalid_odds"
    status = 422


class InvalidDay(PredictionError):
    """A day so far ahead that nothing can be said of it."""

    code = "invalid_day"
    status = 422


class TooMany(PredictionError):
    """More in one request than it may hold."""

    code = "too_many"
    status = 422


class TookTooLong(PredictionError):
    """An entry of a batch that was not come to in time."""

    code = "timed_out"
    status = 504


class NothingToShow(PredictionError):
    code = "nothing_to_show"
    status = 409


class UnknownAlertKind(PredictionError):
    code = "unknown_alert_kind"


class InvalidAlertState(PredictionError):
    """An action that the present state of an alert, a channel or a message does not allow."""

    code = "invalid_alert_state"
    status = 409


class InvalidChannel(PredictionError):
    code = "invalid_channel"
    status = 422


class InvalidExperiment(PredictionError):
    """An experiment that would not be one: the words say what to mend."""

    code = "invalid_experiment"
    status = 422


class ExperimentIsFixed(PredictionError):
    """A change that the state of an experiment does not allow."""

    code = "experiment_is_fixed"
    status = 409


class InvalidBacktest(PredictionError):
    code = "invalid_backtest"
    status = 422


class InvalidPolicy(PredictionError):
    """Numbers of a policy that no policy can have."""

    code = "invalid_policy"
    status = 422


class InvalidWindow(PredictionError):
    code = "invalid_window"


class TrainingDataGone(PredictionError):
    """The rows a version was trained on are not there any more."""

    code = "training_data_gone"
    status = 409
