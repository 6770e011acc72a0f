"""A player's own figures of one match against matches of their rank, in sentences and dots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import User
from matches.models import Playlist, RankGroup, ReplayPlayer
from training.errors import NoBenchmark
from training.models import Category, SkillReport
from training.reading.dot_and_band import DotAndBand, Spread, dot_and_band

if TYPE_CHECKING:
    import pandas as pd

    from training.rocket_league.benchmarks import Benchmark
    from training.rocket_league.features import Feature

TELLING = 10
AT_LEAST = 6
"""How many features are shown with a chart; at least so many even if they are as usual. The rest is in the table."""

A_CATEGORY = 2
"""Of one category at most so many among the telling ones."""

USUAL = (0.25, 0.75)
"""The middle half of others: nothing to remark."""

BARE = frozenset({"ratio", "0-1", "0-100"})
"""Units that are none, and are not written."""


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Why nothing is compared, in words; `settings` if what is missing can be said in the settings."""

    words: str
    settings: bool = False


@dataclass(frozen=True, kw_only=True)
class FeatureRow:
    """One feature of one match. `percentile` 0..1 is the share of others' matches below; `verdict` good, bad or none.

    `remark` is the sentence beside the chart; `usual` the range of the middle half.
    """

    title: str
    description: str
    category: Category
    value: str
    middle: str
    usual: str
    percentile: float
    verdict: str
    remark: str
    chart: DotAndBand
    weight: float


@dataclass(frozen=True, kw_only=True)
class AgainstRank:
    """`telling` are the features farthest from what is usual; `categories` has all that could be measured."""

    rank: str
    rank_source: str
    rows: int
    source: str
    is_simulated: bool
    is_interpolated: bool
    telling: tuple[FeatureRow, ...]
    categories: tuple[tuple[Category, tuple[FeatureRow, ...]], ...]


def against_rank(own: ReplayPlayer | None, subject: User) -> AgainstRank | Silence:
    """The player's row against the benchmark of their rank and this playlist, or why that can't be."""
    from training.rocket_league.benchmarks import benchmark

    if own is None:
        return Silence(
            words="None of the linked accounts played in this match, or too briefly to be measured.", settings=True
        )
    known = _rank(own, subject)
    if known is None:
        return Silence(words="A replay does not tell ranks, and none is stated for this playlist.", settings=True)
    rank, source = known
    try:
        return _compared(own, benchmark(own.replay.playlist, rank), RankGroup(rank), source)
    except NoBenchmark as missing:
        return Silence(words=str(missing))


def _rank(own: ReplayPlayer, subject: User) -> tuple[str, str] | None:
    """The rank at the time, else the one stated, else what the last analysis made of their play; and where from."""
    from matches.rocket_league.own_rows import rank_of

    if own.rank_group:
        return own.rank_group, "as ballchasing.com had it then"
    known = rank_of(subject, Playlist(own.replay.playlist)) if own.replay.playlist else None
    if known is not None:
        return known[0].value, "as stated" if known[1] == "stated" else "as ballchasing.com last had it"
    report = SkillReport.objects.of(subject).filter(playlist=own.replay.playlist).order_by("-made_at").first()
    return (report.rank_group, "guessed from how they play") if report and report.rank_group else None


def _compared(own: ReplayPlayer, others: Benchmark, rank: RankGroup, rank_source: str) -> AgainstRank:
    from training.rocket_league.features import feature_table

    table = feature_table([own.statistics])
    rows = tuple(_rows(table, others, str(rank.label)))
    return AgainstRank(
        rank=str(rank.label),
        rank_source=rank_source,
        rows=others.rows,
        source=others.source,
        is_simulated=others.is_simulated,
        is_interpolated=others.is_interpolated,
        telling=_telling(rows),
        categories=tuple(
            (category, found) for category in Category if (found := tuple(r for r in rows if r.category == category))
        ),
    )


def _telling(rows: Sequence[FeatureRow]) -> tuple[FeatureRow, ...]:
    """Those that stand out the most, few of each category; what is only context is left to the table."""
    chosen: list[FeatureRow] = []
    taken: Counter[Category] = Counter()
    for row in sorted(rows, key=lambda row: (not row.verdict, -row.weight)):
        is_wanted = len(chosen) < (TELLING if row.verdict else AT_LEAST)
        if row.weight and is_wanted and taken[row.category] < A_CATEGORY:
            chosen.append(row)
            taken[row.category] += 1
    return tuple(chosen)


def _rows(table: pd.DataFrame, others: Benchmark, rank: str) -> Iterable[FeatureRow]:
    import math

    far = others.standardised(table).iloc[0]
    for feature in others.features:
        value = float(table[feature.name].iloc[0])
        if math.isfinite(value):
            weight = abs(float(far[feature.name])) * feature.weight if feature.direction else 0.0
            yield _row(feature, value, others, rank=rank, weight=weight)


def _row(feature: Feature, value: float, others: Benchmark, *, rank: str, weight: float) -> FeatureRow:
    spread = _spread(others, feature)
    percentile = _percentile(others.table[feature.name], value)
    verdict = _verdict(feature, percentile)
    return FeatureRow(
        title=feature.title,
        description=feature.description,
        category=feature.category,
        value=written(value, feature.unit),
        middle=written(spread.middle, feature.unit),
        usual=_range(spread, feature.unit),
        percentile=percentile,
        verdict=verdict,
        remark=_remark(feature, percentile, verdict, rank),
        chart=dot_and_band(value, spread),
        weight=weight,
    )


def _spread(others: Benchmark, feature: Feature) -> Spread:
    quantiles = others.norms[feature.name].quantiles
    lowest, low, middle, high, highest = (quantiles[share] for share in (0.05, 0.25, 0.5, 0.75, 0.95))
    return Spread(lowest=lowest, low=low, middle=middle, high=high, highest=highest)


def _percentile(column: pd.Series[float], value: float) -> float:
    """Share of others' matches below a value, 0..1; equal ones count half."""
    known = column.dropna()
    return float((known < value).mean() + 0.5 * (known == value).mean())


def _verdict(feature: Feature, percentile: float) -> str:
    """Good or bad outside the middle half, the way the feature is turned."""
    if not feature.direction or USUAL[0] <= percentile <= USUAL[1]:
        return ""
    return "good" if (percentile > USUAL[1]) == (feature.direction > 0) else "bad"


def _remark(feature: Feature, percentile: float, verdict: str, rank: str) -> str:
    """More than in 84 % of matches of Gold players; less is better."""
    if USUAL[0] <= percentile <= USUAL[1]:
        return f"As usual among {rank} players."
    is_more = percentile > USUAL[1]
    share = 100 * (percentile if is_more else 1 - percentile)
    told = f"{'More' if is_more else 'Less'} than in {_share(share)} of matches of {rank} players"
    if not verdict:
        return f"{told}."
    return f"{told}: {'a strength' if verdict == 'good' else 'a shortfall'} in this match."


def _share(percentage: float) -> str:
    return "more than 99\u00a0%" if percentage > 99 else f"{percentage:.0f}\u00a0%"


def _range(spread: Spread, unit: str) -> str:
    """Both ends with as many decimals as the upper one."""
    decimals = _decimals(spread.high, unit)
    return f"{_number(spread.low, decimals)} to {_number(spread.high, decimals)}{_sign(unit)}"


def written(value: float, unit: str = "") -> str:
    """With as many decimals as its size makes sense of, and its unit."""
    return _number(value, _decimals(value, unit)) + _sign(unit)


def _decimals(value: float, unit: str) -> int:
    if unit == "%" or 10 <= abs(value) < 100:
        return 1
    return 2 if abs(value) < 10 else 0


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "−")


def _sign(unit: str) -> str:
    return "" if not unit or unit in BARE else f"\u00a0{unit}"
