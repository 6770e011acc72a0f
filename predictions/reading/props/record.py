"""How what we said of players turned out, by statistic.

Each player's game counts once, by our last word before tip-off at the line of record. Players of one game share its
pace and its score, so that intervals are drawn over games, not over players.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db.models import Count, Max

from mlmodels.drawing.lines import LineChart, Series, line_chart
from predictions.basketball.props import LABELS
from predictions.charts.reliability import ReliabilityDiagram, reliability_diagram
from predictions.intervals import Z95, Mean
from predictions.models import Settlement
from predictions.reading.props.statements import prop_predictions, standing
from predictions.reading.props.words import named

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FEW = 200
"""Of fewer predictions little can be said."""

KEPT_SECONDS = 3600

CLASSES = ((0.5, 0.55), (0.55, 0.6), (0.6, 0.65), (0.65, 0.7), (0.7, 0.8), (0.8, 1.0))
"""Classes of the probability of the likelier side: at least, less than."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What counts, as columns (n,): probabilities (n, 3), outcomes as indices of LABELS, NaN for a market unknown."""

    said: NDArray[np.float64]
    came: NDArray[np.int64]
    market_loss: NDArray[np.float64]
    baseline_loss: NDArray[np.float64]
    match: NDArray[np.int64]
    event_at: Sequence[datetime]
    simulated: bool


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Means over props. Brier of over and under, 0..1; differences are model less other, so that below zero is better.

    base_rate: how often the side that came more often would have been right, had one always called it.
    """

    props: int
    games: int
    log_loss: float
    brier: float
    ece: float
    accuracy: Mean
    base_rate: float
    base_side: str
    versus_base: Mean
    versus_market: Mean | None
    versus_coin: Mean | None

    @property
    def is_small(self) -> bool:
        return self.props < FEW


@dataclass(frozen=True, kw_only=True)
class ConfidenceClass:
    """Props whose likelier side had a probability in [low, high): how many, what was said and how often it came."""

    low: float
    high: float
    props: int
    said: float
    came: Mean


@dataclass(frozen=True, kw_only=True)
class Month:
    first: date
    props: int
    log_loss: float
    accuracy: float
    market: float | None
    """The market's mean log loss on those of the props that it priced; `model_there` is ours on the same."""

    model_there: float | None


@dataclass(frozen=True)
class PropRecord:
    """Figures of one statistic's settled predictions that count."""

    statistic: str
    counted: Counted | None

    @cached_property
    def totals(self) -> Totals | None:
        """None where nothing was settled yet."""
        return None if self.counted is None else _totals(self.counted)

    @property
    def in_words(self) -> str:
        """What is shown, for whoever hears it read out."""
        if self.totals is None:
            return f"{named(self.statistic)}: nothing is settled yet."
        return f"{named(self.statistic)}: {self.totals.props:,} props settled, Brier score {self.totals.brier:.4f}."

    @cached_property
    def diagram(self) -> ReliabilityDiagram | None:
        if self.counted is None:
            return None
        from mlmodels.evaluation.metrics import reliability_bins

        return reliability_diagram(reliability_bins(self.counted.said, self.counted.came))

    @cached_property
    def classes(self) -> list[ConfidenceClass]:
        return [] if self.counted is None else _classes(self.counted)

    @cached_property
    def months(self) -> list[Month]:
        return [] if self.counted is None else _months(self.counted)

    @cached_property
    def month_chart(self) -> LineChart | None:
        months = list(enumerate(self.months))
        series = [Series(name="Model", points=[(i, month.log_loss) for i, month in months], style="s1")]
        if any(month.market is not None for _, month in months):
            series.append(Series(name="Market", points=[(i, month.market) for i, month in months], style="s3"))
        return line_chart(series, x_labels=[(i, f"{month.first:%b %Y}") for i, month in months])


def record_of(statistic: str) -> PropRecord:
    """The figures of a statistic; gathered again whenever anything was settled, and kept until then."""
    stamp = Settlement.objects.aggregate(rows=Count("pk"), last=Max("settled_at"))
    last = stamp["last"].timestamp() if stamp["last"] else 0
    found: PropRecord | None = cache.get_or_set(
        f"props-record:{statistic}:{stamp['rows']}:{last}", lambda: _gathered(statistic), KEPT_SECONDS
    )
    return found or _gathered(statistic)


def _gathered(statistic: str) -> PropRecord:
    settled = prop_predictions(statistic=statistic).settled()
    keys = set(standing(settled).values())
    rows = settled.select_related(None).order_by("event_at", "sequence")
    columns = rows.values_list(
        "pk",
        "probabilities",
        "settlement__outcome",
        "settlement__market_log_loss",
        "settlement__baseline_log_loss",
        "match_id",
        "event_at",
        "match__season__competition__is_simulated",
    )
    return PropRecord(statistic, _counted([row[1:] for row in columns.iterator(chunk_size=2000) if row[0] in keys]))


def _counted(rows: Sequence[tuple[object, ...]]) -> Counted | None:
    import numpy as np

    if not rows:
        return None
    said, came, market, baseline, match, event_at, simulated = zip(*rows, strict=True)
    return Counted(
        said=np.array([[row[label] for label in LABELS] for row in said], dtype=float),
        came=np.array([LABELS.index(str(outcome)) for outcome in came], dtype=np.int64),
        market_loss=np.array(market, dtype=float),
        baseline_loss=np.array(baseline, dtype=float),
        match=np.array(match, dtype=np.int64),
        event_at=list(event_at),
        simulated=any(simulated),
    )


def _totals(counted: Counted) -> Totals:
    import numpy as np

    from mlmodels.evaluation import metrics

    said, came = counted.said, counted.came
    losses = metrics.log_loss_each(said, came)
    hits = (said.argmax(1) == came).astype(float)
    shares = np.bincount(came, minlength=len(LABELS)) / len(came)
    common = int(shares.argmax())
    always = (came == common).astype(float)
    return Totals(
        props=len(came),
        games=len(set(counted.match.tolist())),
        log_loss=float(losses.mean()),
        brier=metrics.rps(said, came),
        ece=metrics.ece(said, came),
        accuracy=_known(mean_over_games(hits, counted.match)),
        base_rate=float(shares[common]),
        base_side=LABELS[common],
        versus_base=_known(mean_over_games(hits - always, counted.match)),
        versus_market=mean_over_games(losses - counted.market_loss, counted.match),
        versus_coin=mean_over_games(losses - counted.baseline_loss, counted.match),
    )


def mean_over_games(values: NDArray[np.float64], games: NDArray[np.int64]) -> Mean | None:
    """The mean of values (n,), and its 95 % interval where values of one game may lean on each other; NaN is left out.

    The cluster-robust variance of a mean (Liang and Zeger 1986): the squared sums of each game's deviations, with the
    small-sample factor g / (g - 1) of g games. None without values; no interval for a single game.
    """
    import numpy as np

    known = ~np.isnan(values)
    values, games = values[known], games[known]
    if not len(values):
        return None
    mean = float(values.mean())
    _, place = np.unique(games, return_inverse=True)
    sums = np.bincount(place, weights=values - mean)
    if len(sums) < 2:
        return Mean(value=mean, low=None, high=None, count=len(values))
    variance = float((sums**2).sum()) / len(values) ** 2 * len(sums) / (len(sums) - 1)
    reach = Z95 * variance**0.5
    return Mean(value=mean, low=mean - reach, high=mean + reach, count=len(values))


def _classes(counted: Counted) -> list[ConfidenceClass]:
    import numpy as np

    likelier = counted.said[:, [0, 2]].max(1)
    hits = (counted.said.argmax(1) == counted.came).astype(float)
    found = []
    for low, high in CLASSES:
        inside = (likelier >= low) & ((likelier < high) | (high == 1.0))
        came = mean_over_games(np.where(inside, hits, np.nan), counted.match)
        if came is not None:
            said = float(likelier[inside].mean())
            found.append(ConfidenceClass(low=low, high=high, props=came.count, said=said, came=came))
    return found


def _months(counted: Counted) -> list[Month]:
    import numpy as np

    from mlmodels.evaluation.metrics import log_loss_each

    losses = log_loss_each(counted.said, counted.came)
    hits = counted.said.argmax(1) == counted.came
    month = np.array([f"{when.astimezone(UTC):%Y-%m}" for when in counted.event_at])
    found = []
    for name in sorted(set(month.tolist())):
        of_month = month == name
        priced = of_month & ~np.isnan(counted.market_loss)
        found.append(
            Month(
                first=date.fromisoformat(f"{name}-01"),
                props=int(of_month.sum()),
                log_loss=float(losses[of_month].mean()),
                accuracy=float(hits[of_month].mean()),
                market=float(counted.market_loss[priced].mean()) if priced.any() else None,
                model_there=float(losses[priced].mean()) if priced.any() else None,
            )
        )
    return found


def _known(mean: Mean | None) -> Mean:
    if mean is None:
        raise ValueError("A mean of nothing.")
    return mean
