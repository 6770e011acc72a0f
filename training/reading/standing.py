"""What a report says, in words and pictures: the verdict, every category with its features, and how they change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from matches.models import Playlist, RankGroup
from training.charts.radar import Radar, Standing, radar
from training.charts.trend import TrendChart, trend_chart
from training.errors import NoBenchmark
from training.models import Category
from training.reading.replay_rank import written

if TYPE_CHECKING:
    from training.models import SkillReport

HIGH, LIKELY = 0.7, 0.4
"""Confidence from which a verdict is called high, and from which it is called likely."""
TELLING_MATCHES = (3, 10, 20)
"""With so many matches an analysis becomes markedly surer."""
RANK_SOURCES = {
    "stated": "as stated",
    "ballchasing": "as ballchasing.com last had it",
    "detected": "guessed from the play itself",
}
SCORES_KEPT = 3600
"""Seconds for which the scores of a report's matches are kept."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer to "what holds me back", and how sure it is. `level` is good, warn or empty, as badges are called."""

    headline: str
    sentence: str
    confidence: str
    level: str
    more: str
    """What would make it surer; empty where it is sure."""


@dataclass(frozen=True, kw_only=True)
class FeatureLine:
    title: str
    description: str
    value: str
    usual: str
    percentile: int
    verdict: str
    """good, bad, or empty for what is near the middle or only context."""


@dataclass(frozen=True, kw_only=True)
class CategoryStanding:
    """One category: percentile 0..100, score and interval in standard deviations of the rank."""

    category: Category
    percentile: int
    score: float
    low: float
    high: float
    probability: float
    remark: str
    trend_words: str
    trend_badge: str
    trend: TrendChart | None
    features: tuple[FeatureLine, ...]
    is_weakest: bool

    @property
    def dot_x(self) -> float:
        """Where the percentile lies on a line of 116 from 2."""
        return round(2 + 1.16 * self.percentile, 1)

    @property
    def badge(self) -> str:
        """good where it is surely above the rank's average, bad where surely below."""
        return "good" if self.low > 0 else "bad" if self.high < 0 else ""


@dataclass(frozen=True, kw_only=True)
class ReportStanding:
    report: SkillReport
    verdict: Verdict
    compared_with: str
    categories: tuple[CategoryStanding, ...]
    """The weakest first."""
    radar: Radar | None
    radar_words: str

    @property
    def strengths(self) -> tuple[CategoryStanding, ...]:
        return tuple(each for each in reversed(self.categories) if each.badge == "good")

    @property
    def weaknesses(self) -> tuple[CategoryStanding, ...]:
        return tuple(each for each in self.categories if each.badge == "bad")


def standing(report: SkillReport) -> ReportStanding:
    """Everything that the dashboard shows of a report."""
    scores = match_scores(report)
    categories = [
        _category(report, Category(name), told, scores.get(name, []))
        for name, told in report.categories.items()
        if told.get("score") is not None
    ]
    ranked = tuple(sorted(categories, key=lambda each: (not each.is_weakest, each.score)))
    return ReportStanding(
        report=report,
        verdict=_verdict(report),
        compared_with=_compared_with(report),
        categories=ranked,
        radar=_radar(categories, report),
        radar_words=_radar_words(ranked, others(report)),
    )


def _radar(categories: Sequence[CategoryStanding], report: SkillReport) -> Radar | None:
    in_order = sorted(categories, key=lambda each: list(Category).index(each.category))
    spokes = [
        Standing(
            title=str(each.category.label),
            told=f"{ordinal(each.percentile)} percentile",
            score=each.score,
            low=each.low,
            high=each.high,
        )
        for each in in_order
    ]
    return radar(spokes, weakest=_label(report.primary_weakness))


def others(report: SkillReport) -> str:
    """Whom a player is compared with, such as `simulated Gold players`."""
    made_up = "simulated " if report.benchmark.get("is_simulated") else ""
    return f"{made_up}{RankGroup(report.rank_group).label} players"


def ordinal(number: int) -> str:
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def match_scores(report: SkillReport) -> dict[str, list[float]]:
    """The category scores of the report's matches that are still there, the oldest first; none without a benchmark."""
    key = f"coach:match-scores:{report.pk}"
    kept: dict[str, list[float]] | None = cache.get(key)
    if kept is None:
        kept = _match_scores(report)
        cache.set(key, kept, SCORES_KEPT)
    return kept


def _match_scores(report: SkillReport) -> dict[str, list[float]]:
    from matches.rocket_league import own_rows
    from training.rocket_league.benchmarks import benchmark
    from training.rocket_league.features import feature_table

    rows = own_rows.rows_of(report.user, replay_ids=report.matches)
    statistics = list(rows.values_list("statistics", flat=True))
    if not statistics:
        return {}
    try:
        found = benchmark(report.playlist, report.rank_group)
    except NoBenchmark:
        return {}
    scores = found.category_scores(feature_table(statistics))
    return {str(name): [float(score) for score in scores[name]] for name in scores.columns}


def _verdict(report: SkillReport) -> Verdict:
    n, who = len(report.matches), others(report)
    if not report.primary_weakness:
        return Verdict(
            headline="Nothing stands out",
            sentence=f"Over {_matches(n)} no category lies clearly below the others, compared with {who}.",
            confidence="",
            level="good",
            more=_more(n),
        )
    named = _label(report.primary_weakness)
    percentile = round(report.categories.get(report.primary_weakness, {}).get("percentile") or 0)
    sentence = (
        f"Over {_matches(n)} your {named.lower()} is at the {ordinal(percentile)} percentile of {who}: "
        f"better than {percentile} of 100 of them over as many matches."
    )
    words, level = _confidence(report.confidence)
    headline = named if report.confidence >= LIKELY else f"We can't tell yet; perhaps {named.lower()}"
    return Verdict(
        headline=headline,
        sentence=sentence,
        confidence=words,
        level=level,
        more="" if report.confidence > HIGH else _more(n),
    )


def _confidence(confidence: float) -> tuple[str, str]:
    """How sure a verdict is, in words, and the badge of it."""
    tenths = round(confidence * 10)
    share = "more than 9 of 10" if tenths == 10 else f"about {tenths} of 10" if tenths else "fewer than 1 of 10"
    right = f"{share} such verdicts are right"
    if confidence > HIGH:
        return f"High confidence: {right}", "good"
    return (f"Likely, not sure: {right}" if confidence >= LIKELY else f"A first guess: {right}"), "warn"


def _more(matches: int) -> str:
    wanted = next((count for count in TELLING_MATCHES if count > matches), 0)
    if not wanted:
        return ""
    return f"Upload about {wanted - matches} more replays of this playlist: {wanted} matches tell more surely."


def _compared_with(report: SkillReport) -> str:
    told = report.benchmark
    where = Playlist(report.playlist).label
    rank = f"{RankGroup(report.rank_group).label} ({RANK_SOURCES.get(report.rank_source, report.rank_source)})"
    source = str(told.get("source") or f"{told.get('rows', 0)} matches of others").rstrip(".")
    words = f"{rank} in {where}: {source}."
    between = " Nobody of this rank was measured here: it lies between its neighbours."
    return f"{words}{between if told.get('is_interpolated') else ''}"


def _category(
    report: SkillReport, category: Category, told: dict[str, Any], scores: Sequence[float]
) -> CategoryStanding:
    trend = told.get("trend") or {}
    words, badge = _trend_words(trend)
    percentile = round(told["percentile"])
    return CategoryStanding(
        category=category,
        percentile=percentile,
        score=told["score"],
        low=told["low"],
        high=told["high"],
        probability=told.get("probability") or 0.0,
        remark=_remark(told, percentile, report),
        trend_words=words,
        trend_badge=badge,
        trend=trend_chart(scores) if len(scores) > 1 else None,
        features=_features(report, category),
        is_weakest=report.primary_weakness == category,
    )


def _remark(told: dict[str, Any], percentile: int, report: SkillReport) -> str:
    who = others(report)
    if told["high"] < 0:
        return f"Surely below the average of {who}: better than {percentile} of 100."
    if told["low"] > 0:
        return f"Surely above the average of {who}: better than {percentile} of 100."
    return f"Not told apart from the average of {who}."


def _trend_words(trend: dict[str, Any]) -> tuple[str, str]:
    """How it changes, and the badge of it; a slope whose interval holds nought is no change."""
    verdict = trend.get("verdict", "too few")
    if verdict == "too few" or trend.get("slope") is None:
        return "Too few matches for a trend", ""
    span = f"{_signed(trend['slope'])} sd in ten matches ({_signed(trend['low'])} to {_signed(trend['high'])})"
    if verdict == "improving":
        return f"Improving: {span}", "good"
    if verdict == "declining":
        return f"Declining: {span}", "bad"
    return f"No change that is more than chance: {span}", ""


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


def _features(report: SkillReport, category: Category) -> tuple[FeatureLine, ...]:
    from training.rocket_league.features import features_of

    lines = []
    for feature in features_of(category, scored=False):
        told = report.features.get(feature.name)
        if told is None or told.get("value") is None:
            continue
        percentile = round(told["percentile"])
        lines.append(
            FeatureLine(
                title=feature.title,
                description=feature.description,
                value=written(told["value"], feature.unit),
                usual=written(told["benchmark_mean"], feature.unit),
                percentile=percentile,
                verdict="" if not feature.direction or 20 < percentile < 80 else "good" if percentile >= 80 else "bad",
            )
        )
    return tuple(lines)


def _radar_words(ranked: Sequence[CategoryStanding], who: str) -> str:
    below = [each.category.label.lower() for each in ranked if each.badge == "bad"]
    above = [each.category.label.lower() for each in ranked if each.badge == "good"]
    told = [f"surely below in {_listed(below)}"] if below else []
    told += [f"surely above in {_listed(above)}"] if above else []
    return (
        f"Compared with the average of {who} you are {' and '.join(told)}."
        if told
        else (f"In no category can your play be told apart from the average of {who} yet.")
    )


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _label(category: str) -> str:
    return str(Category(category).label) if category else ""


def _matches(n: int) -> str:
    return f"{n} match{'es' * (n != 1)}"
