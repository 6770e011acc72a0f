"""Where a player stands among players of their rank, category by category, and whether that is changing.

Two things are kept apart that are easily taken for each other: how sure a mean over matches is (the interval), and how
it compares with what others' means over as many matches would be (the percentile).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from training.models import Category
from training.rocket_league.benchmarks import FARTHEST, Benchmark
from training.rocket_league.features import Feature

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LEVEL = 0.95
"""Of intervals."""
FEWEST_FOR_TREND = 8
PRIOR_MATCHES = 10
"""The deviation from match to match is the benchmark's, as if seen in so many matches, until the player's own count."""
PLAYER_SHARE: Mapping[Category, float] = {
    Category.MECHANICAL: 0.45,
    Category.POSITIONING: 0.30,
    Category.GAME_SENSE: 0.06,
    Category.BOOST_MANAGEMENT: 0.30,
    Category.ROTATION: 0.04,
    Category.AERIAL_ABILITY: 0.27,
    Category.SHOOTING: 0.08,
    Category.DEFENDING: 0.04,
}
"""How much of the variance of a match's score is the player and not the match (intraclass correlation).

Measured on players with ten and more matches of one league; see docs/models/skill.md.
"""
Verdict = Literal["improving", "declining", "steady", "too few"]


@dataclass(frozen=True, kw_only=True)
class Trend:
    """How a score changes, in standard deviations of one match in ten matches.

    slope, low, high: None where there are too few matches. The interval is one of all the categories together: in 95
    of 100 players who don't change, none of them leaves nought out.
    """

    slope: float | None
    low: float | None
    high: float | None
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class CategorySkill:
    """A category over some matches: the mean score in standard deviations of one match of the rank, and its interval.

    percentile: 0..100, the share of players of the rank whose mean over as many matches is lower.
    """

    category: Category
    score: float
    low: float
    high: float
    percentile: float
    matches: int
    trend: Trend


@dataclass(frozen=True, kw_only=True)
class FeatureSkill:
    """A feature over some matches: its mean in its unit, beside that of the rank.

    z: how far the mean is above that of the rank, in standard deviations of one match (each match at most ±3).
    percentile: 0..100, the share of players of the rank who do worse over as many matches; of features without a
    better way, who have less of it.
    """

    name: str
    value: float
    z: float
    percentile: float
    benchmark_mean: float
    matches: int


@dataclass(frozen=True, kw_only=True)
class SkillProfile:
    """What some matches tell of a player; categories that can't be measured are left out."""

    matches: int
    categories: Mapping[Category, CategorySkill]
    features: Mapping[str, FeatureSkill]
    strengths: tuple[Category, ...]
    """Surely above the mean of the rank (the whole interval is), the farthest first."""
    weaknesses: tuple[Category, ...]
    """Surely below it, the farthest first."""


@dataclass(frozen=True)
class SkillAnalyzer:
    """Compares players with those of one benchmark."""

    benchmark: Benchmark

    def analyse(self, table: pd.DataFrame, times: Sequence[datetime | None] = ()) -> SkillProfile:
        """A profile of matches given as features (n, k) and when they were played; without times in the order given.

        Raises ValueError where there are other than n times, or no match at all.
        """
        if (times and len(times) != len(table)) or not len(table):
            raise ValueError(f"{len(table)} matches and {len(times)} times")
        ordered = table.iloc[_order(times)] if times else table
        scores = self.benchmark.category_scores(ordered)
        measured = {c: known for c in self.benchmark.categories if len(known := scores[c.value].dropna().to_numpy())}
        level = 1 - (1 - LEVEL) / max(len(measured), 1)
        categories = {category: self._category(category, known, level) for category, known in measured.items()}
        by_score = sorted(categories.values(), key=lambda skill: skill.score)
        return SkillProfile(
            matches=len(table),
            categories=categories,
            features=self._features(ordered),
            strengths=tuple(skill.category for skill in reversed(by_score) if skill.low > 0),
            weaknesses=tuple(skill.category for skill in by_score if skill.high < 0),
        )

    def _category(self, category: Category, scores: np.ndarray, level: float) -> CategorySkill:
        mean = float(scores.mean())
        half = _half_width(scores)
        return CategorySkill(
            category=category,
            score=mean,
            low=mean - half,
            high=mean + half,
            percentile=percentile(
                mean, matches=len(scores), share=PLAYER_SHARE[category], skew=self.benchmark.skews[category]
            ),
            matches=len(scores),
            trend=trend(scores, level=level),
        )

    def _features(self, table: pd.DataFrame) -> dict[str, FeatureSkill]:
        import numpy as np

        names = [feature.name for feature in self.benchmark.features]
        standardised, values = self.benchmark.standardised(table).to_numpy(), table[names].to_numpy()
        is_known = ~np.isnan(standardised)
        matches = is_known.sum(0)
        z = np.nan_to_num(standardised).sum(0) / np.maximum(matches, 1)
        mean = np.where(is_known, values, 0.0).sum(0) / np.maximum(matches, 1)
        return {
            feature.name: self._feature(feature, float(mean[k]), float(z[k]), int(matches[k]))
            for k, feature in enumerate(self.benchmark.features)
            if matches[k]
        }

    def _feature(self, feature: Feature, value: float, z: float, matches: int) -> FeatureSkill:
        norm = self.benchmark.norms[feature.name]
        below = percentile(z, matches=matches, share=PLAYER_SHARE[feature.category], skew=norm.skew)
        return FeatureSkill(
            name=feature.name,
            value=value,
            z=z,
            percentile=100 - below if feature.direction < 0 else below,
            benchmark_mean=norm.mean,
            matches=matches,
        )


def percentile(mean: float, *, matches: int, share: float, skew: float = 0.0) -> float:
    """Share, in per cent, of players of the rank whose mean over so many matches is lower; analytic.

    mean: in standard deviations of one match. A match's score is the player's level (`share` of the variance) and what
    comes with the match (the rest, and the skewness); over n matches the latter shrinks by 1/n. The sum is taken as a
    Pearson type III distribution: a shifted gamma with these three moments, for one match that of the benchmark.
    With `share` 0 it is the distribution of means of n matches of different players.
    """
    sd = math.sqrt(share + (1 - share) / matches)
    return 100 * _pearson3(mean / sd, skew / matches**2 / sd**3)


def _pearson3(z: float, skew: float) -> float:
    """Probability below z in a Pearson type III distribution of mean 0 and deviation 1."""
    from scipy.special import gammainc, ndtr

    if abs(skew) < 1e-3:
        return float(ndtr(z))
    if skew < 0:
        return 1 - _pearson3(-z, -skew)
    shape = 4 / skew**2
    return float(gammainc(shape, max(0.0, shape + z * math.sqrt(shape))))


def _half_width(scores: np.ndarray) -> float:
    """Of the interval of a mean (Student's t), the deviation drawn towards the benchmark's, which is 1.

    One match alone has no deviation of its own, and three have next to none (scaled inverse chi-square prior).
    """
    from scipy.special import stdtrit

    matches = len(scores)
    squares = float(((scores - scores.mean()) ** 2).sum())
    freedom = PRIOR_MATCHES + matches - 1
    variance = (PRIOR_MATCHES + squares) / freedom
    return float(stdtrit(freedom, (1 + LEVEL) / 2)) * math.sqrt(variance / matches)


def trend(scores: np.ndarray, *, level: float = LEVEL) -> Trend:
    """The line through scores in the order of time, by least squares; its interval by Student's t.

    Scores farther than three deviations count as three. Where a match resembles the one before (evenings, team-mates),
    the standard error grows as for an autoregression of the first order, by √((1+r)/(1-r)).
    """
    import numpy as np

    if len(scores) < FEWEST_FOR_TREND:
        return Trend(slope=None, low=None, high=None, verdict="too few")
    y = np.clip(scores, -FARTHEST, FARTHEST)
    x = np.arange(len(y)) / 10
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    half = _slope_error(x, y - y.mean() - slope * x, level)
    low, high = slope - half, slope + half
    return Trend(slope=slope, low=low, high=high, verdict=_verdict(low, high))


def _slope_error(x: np.ndarray, residuals: np.ndarray, level: float) -> float:
    from scipy.special import stdtrit

    freedom = len(x) - 2
    squares = float(residuals @ residuals)
    # A fitted line leaves residuals slightly less alike than the errors are: on average by about 4/n.
    alike = float(residuals[1:] @ residuals[:-1]) / squares + 4 / len(x) if squares else 0.0
    alike = min(max(alike, 0.0), 0.9)
    error = math.sqrt(squares / freedom / float(x @ x) * (1 + alike) / (1 - alike))
    return float(stdtrit(freedom, (1 + level) / 2)) * error


def _verdict(low: float, high: float) -> Verdict:
    if low > 0:
        return "improving"
    return "declining" if high < 0 else "steady"


def _order(times: Sequence[datetime | None]) -> list[int]:
    """Oldest first; matches without a time come before all others, as they were given."""
    unknown = datetime.min.replace(tzinfo=UTC)
    return sorted(range(len(times)), key=lambda place: times[place] or unknown)
