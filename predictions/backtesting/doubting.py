"""Results that are too good to be true: an alert says to look for a leak before anybody believes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mlmodels.problem import get_problem
from predictions import alerting
from predictions.backtesting import words
from predictions.models import Alert, Backtest, Severity


def raise_where_too_good(backtest: Backtest, strategies: Sequence[Mapping[str, Any]]) -> Alert | None:
    """An alert about the problem and algorithm of a backtest with figures that a leak explains best; else None.

    strategies: the figures of each. The same algorithm's next such backtest counts the alert up.
    """
    doubted = [found for found in strategies if words.is_too_good(found)]
    if not doubted:
        return None
    title = get_problem(backtest.problem).title
    sentences = [f"{found['title']}: {' '.join(words.warnings(found))}" for found in doubted]
    return alerting.raise_alert(
        Alert.Kind.LEAKAGE,
        key=f"{backtest.problem}/{backtest.algorithm}",
        title=f"{title}: a backtest of {backtest.algorithm} is too good to be true: look for a leak",
        message="\n".join([f"Backtest {backtest.pk}, {backtest}.", *sentences]),
        severity=Severity.WARNING,
        problem=backtest.problem,
        evidence={
            "backtest": str(backtest.pk),
            "strategies": {
                found["strategy"]: {name: found[name] for name in ("bets", "win_rate", "yield", "mean_price")}
                for found in doubted
            },
        },
    )
