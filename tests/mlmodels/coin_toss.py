"""A problem without a sport: a biased coin, to prove that the spine needs to know no sport."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from mlmodels.problem import Algorithm, Choice, Forecast, Kind, Metric, Problem, Progress, Result, Snapshot, silent
from mlmodels.selection import Selection

FIRST_TOSS = datetime(2020, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Toss:
    """One toss to come; the bias of its coin is known."""

    number: int
    bias: float
    at: datetime


def brier(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    return float(np.mean(np.sum((probabilities - np.eye(2)[outcomes]) ** 2, axis=1)))


class CoinToss(Problem):
    slug = "coin-toss"
    title = "Coin toss"
    sport = "numismatics"
    kind = Kind.CLASSIFICATION
    labels: ClassVar[tuple[str, ...]] = ("heads", "tails")
    outcome_column = "outcome"
    metrics = (Metric(name="brier", title="Brier", compute=brier),)
    algorithms: ClassVar[tuple[Algorithm, ...]] = (
        Algorithm(name="logit", title="Logit", build=LogisticRegression, columns=("bias",), target=("outcome",)),
    )
    default_algorithm = "logit"
    minimum_rows = 50

    def __init__(self, tosses: int = 400) -> None:
        self.tosses = tosses
        self.outcomes: dict[int, str] = {}
        self.seen_progress: list[float] = []

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        random = np.random.default_rng(1)
        bias = random.uniform(0.1, 0.9, self.tosses)
        progress(0.5, "Tossing")
        frame = pd.DataFrame(
            {
                "subject": np.arange(self.tosses),
                "event_at": pd.to_datetime([FIRST_TOSS + timedelta(days=i) for i in range(self.tosses)], utc=True),
                "bias": bias,
                "outcome": (random.uniform(size=self.tosses) > bias).astype(int),
            }
        )
        return Snapshot(frame=frame, state={"tosses": self.tosses})

    def fingerprint(self, selection: Selection) -> str:
        return f"{self.tosses} tosses"

    def featurise(self, subjects: Sequence[Toss], *, state: Mapping[str, Any], state_key: str) -> pd.DataFrame:
        return pd.DataFrame({"bias": [toss.bias for toss in subjects]})

    def forecast(self, estimator: Any, frame: pd.DataFrame) -> list[Forecast]:
        return [
            Forecast(
                probabilities=dict(zip(self.labels, map(float, row), strict=True)),
                distribution={"bias": float(bias)},
                features={"bias": float(bias)},
                confidence=float(max(row)),
            )
            for row, bias in zip(estimator.predict_proba(frame[["bias"]]), frame["bias"], strict=True)
        ]

    def subject(self, reference: Mapping[str, Any]) -> Toss:
        return Toss(**reference)

    def subject_reference(self, subject: Toss) -> Mapping[str, Any]:
        return {"number": subject.number}

    def event_at(self, subject: Toss) -> datetime:
        return subject.at

    def upcoming(self, since: datetime, until: datetime) -> Sequence[Toss]:
        return []

    def results(self, references: Sequence[Mapping[str, Any]]) -> list[Result | None]:
        return [
            Result(
                outcome=self.outcomes[r["number"]],
                market_probabilities={"heads": 0.6, "tails": 0.4},
                best_prices={"heads": 1.5, "tails": 3.0},
            )
            if r["number"] in self.outcomes
            else None
            for r in references
        ]

    def choices(self) -> Mapping[str, Sequence[Choice]]:
        return {"competitions": [Choice(code="penny", title="Penny", rows=self.tosses)], "seasons": []}

    def count(self, selection: Selection) -> int:
        return self.tosses

    def chosen(self, frame: pd.DataFrame, selection: Selection) -> pd.Series:
        start = pd.Timestamp(selection.date_from or FIRST_TOSS.date(), tz="UTC")
        return pd.Series(frame["event_at"] >= start)


class ManyHands(CoinToss):
    """Tosses of forty hands: one hand's are never split apart, so that no model is asked about a hand it knows."""

    group_column = "hand"
    hands = 40

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        tossed = super().load(selection, progress=progress)
        hands = [f"hand-{number % self.hands}" for number in tossed.frame["subject"]]
        return Snapshot(frame=tossed.frame.assign(hand=hands), state=tossed.state)

    def fingerprint(self, selection: Selection) -> str:
        return f"{super().fingerprint(selection)} by {self.hands}"
