"""Why an item is recommended: one sentence with the statistic and its percentile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matches.models import RankGroup
from training.models import Category
from training.recommending.statistics import feature_named, in_words, scored_features
from training.recommending.sub_skills import features_trained

if TYPE_CHECKING:
    from training.models import Drill, SkillReport, TrainingPack
    from training.recommending.needs import Needs

LONGEST = 400
MEDIAN = 50


def reason(report: SkillReport, item: TrainingPack | Drill, needs: Needs) -> str:
    """Such as `In boost collected per minute you are below 82 % of Diamond players (18th percentile): Small-pad laps
    works on that.`

    The statistic is the weakest of those that the item should move; where nothing measures that, the weakest of its
    category, and the sentence doesn't claim that the item moves it.
    """
    trained = features_trained(item.category, item.sub_skill, getattr(item, "moves_statistic", ""))
    moved = _weakest(report, trained, needs)
    name = moved or _weakest(report, scored_features(item.category), needs)
    ending = "works on that" if moved else f"trains {item.sub_skill}, which is part of {_category(item)}"
    standing = _of_feature(report, name) if name else _of_category(report, item)
    return f"{standing}: {item.name} {ending}."[:LONGEST]


def statistic_of(report: SkillReport, item: TrainingPack | Drill, needs: Needs) -> str:
    """The feature that an item is measured by: the weakest of those it should move; empty where there is none."""
    trained = features_trained(item.category, item.sub_skill, getattr(item, "moves_statistic", ""))
    return _weakest(report, trained, needs)


def _weakest(report: SkillReport, names: tuple[str, ...], needs: Needs) -> str:
    measured = [name for name in names if _percentile(report.features.get(name)) is not None and feature_named(name)]
    return max(measured, key=lambda name: needs.shortfalls.get(name, 0.0), default="")


def _of_feature(report: SkillReport, name: str) -> str:
    feature = feature_named(name)
    assert feature is not None, name  # noqa: S101 - `_weakest` names known ones only
    percentile = _percentile(report.features[name])
    assert percentile is not None, name  # noqa: S101 - as above
    return f"In {in_words(feature)} {_standing(percentile, feature.direction, who(report))}"


def _of_category(report: SkillReport, item: TrainingPack | Drill) -> str:
    percentile = _percentile(report.categories.get(item.category))
    if percentile is None:
        return f"Your {_category(item)} was not measured"
    return f"In {_category(item)} {_standing(percentile, 1, who(report))}"


def _standing(percentile: int, direction: int, others: str) -> str:
    """`percentile` is how many per cent of the others do worse; where no way is better, how many have less."""
    ordinal = f"{percentile}{_suffix(percentile)} percentile"
    if direction > 0 and percentile < MEDIAN:
        return f"you are below {100 - percentile} % of {others} ({ordinal})"
    if direction < 0 and percentile < MEDIAN:
        return f"you do worse than {100 - percentile} % of {others} ({ordinal}; less is better)"
    return f"you are at the {ordinal} of {others}"


def who(report: SkillReport) -> str:
    """Whom the player is compared with; what is simulated or interpolated says so."""
    rank = RankGroup(report.rank_group).label
    made_up = "simulated " if report.benchmark.get("is_simulated") else ""
    between = ", interpolated from the ranks next to it" if report.benchmark.get("is_interpolated") else ""
    return f"{made_up}{rank} players{between}"


def _category(item: TrainingPack | Drill) -> str:
    return Category(item.category).label.lower()


def _percentile(told: Any) -> int | None:
    """A whole number in 1..99: nobody is proven better or worse than everybody."""
    value = (told or {}).get("percentile")
    return None if value is None else min(max(round(value), 1), 99)


def _suffix(number: int) -> str:
    if 10 < number % 100 < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
