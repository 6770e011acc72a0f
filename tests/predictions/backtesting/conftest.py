from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from mlmodels import problem as problems
from mlmodels.problem import Algorithm, Choice, Offers, Progress, Snapshot, silent
from mlmodels.selection import Selection
from predictions.backtesting import asking, running
from predictions.backtesting.plans import Plan
from predictions.backtesting.strategies import parse_all
from predictions.models import Backtest
from tests.mlmodels.coin_toss import CoinToss

LOGIT = CoinToss.algorithms[0]
Change = Callable[[pd.DataFrame], pd.DataFrame]


class PricedToss(CoinToss):
    """Coins on which somebody takes bets: half the time too generous about heads, and about tails otherwise."""

    slug = "priced-toss"
    title = "Priced toss"
    unit = "tosses"
    algorithms: ClassVar[tuple[Algorithm, ...]] = (
        replace(LOGIT, calibrates=False),
        replace(LOGIT, name="calibrated-logit"),
    )
    bookmakers: ClassVar[Mapping[str, str]] = {"PENNY": "Penny & Sons"}

    def __init__(self, tosses: int = 400) -> None:
        super().__init__(tosses)
        self.change: Change | None = None
        self.version = 0

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        found = super().load(selection, progress=progress)
        frame = self.change(found.frame.copy()) if self.change else found.frame
        if selection.date_to:
            frame = frame[frame["event_at"] < pd.Timestamp(selection.date_to, tz="UTC") + pd.Timedelta(days=1)]
        return Snapshot(frame=frame, state=found.state)

    def fingerprint(self, selection: Selection) -> str:
        return f"{self.tosses} tosses, version {self.version}"

    def offers(self, frame: pd.DataFrame, *, book: str = "") -> Offers:
        random = np.random.default_rng(2).normal(0, 0.25, self.tosses)[frame["subject"].to_numpy()]
        heads = 1 / (1 + np.exp(-(np.log(frame["bias"] / (1 - frame["bias"])) + random)))
        prices = np.column_stack([1 / heads, 1 / (1 - heads)]) / 1.02
        return Offers(
            prices=prices.round(2),
            books=np.full(prices.shape, "PENNY"),
            closing_prices=np.column_stack([1 / frame["bias"], 1 / (1 - frame["bias"])]) / 1.02,
            closing_probabilities=np.column_stack([frame["bias"], 1 - frame["bias"]]),
            subjects=[f"Toss {number}" for number in frame["subject"]],
        )

    def choices(self) -> dict[str, list[Choice]]:
        return {"competitions": [Choice(code="penny", title="Penny", rows=self.tosses)], "seasons": []}


@pytest.fixture
def priced_toss(monkeypatch: pytest.MonkeyPatch, storage: Path) -> PricedToss:
    problem = PricedToss()
    monkeypatch.setitem(problems._problems, problem.slug, problem)
    return problem


def plan(*strategies: str, **changes: Any) -> Plan:
    asked: dict[str, Any] = {
        "problem": "priced-toss",
        "algorithm": "logit",
        "selection": Selection(),
        "strategies": parse_all(strategies or ("value",)),
        "refit_days": 30,
    }
    return Plan(**{**asked, **changes})


@pytest.fixture
def carried_out(db: None, priced_toss: PricedToss) -> Callable[..., Backtest]:
    """Ask for a backtest of the priced toss and carry it out."""

    def carry_out(*strategies: str, **changes: Any) -> Backtest:
        backtest, _ = asking.request_backtest(plan(*strategies, **changes), dispatch=False)
        done = running.execute(str(backtest.pk), worker="w1")
        assert done is not None
        return done

    return carry_out
