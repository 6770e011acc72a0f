"""What to expect of practising something: what was measured of players who did, or else nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from training.measured_effects import effects_of
from training.measuring import mean_interval
from training.models import Category, TrainingSession
from training.recommending.keeping import put
from training.recommending.statistics import feature_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.models import Drill, TrainingPack

FEWEST_PLAYERS = 5
"""Of fewer people no average is told."""
UNIT = "sd of players of the rank"
UNMEASURED = "no measurements yet: too few players have matches before and after this practice"


@dataclass(frozen=True)
class Expectation:
    """The mean effect of practising a category over players, with its 95 % interval, in sd of players of a rank."""

    low: float
    expected: float
    high: float
    players: int


def estimated_improvement(
    item: TrainingPack | Drill, statistic: str, measured: Mapping[str, Expectation]
) -> dict[str, Any]:
    """`{"statistic", "low", "expected", "high", "unit", "evidence"}`; the figures are null where nothing was measured.

    `statistic` is the feature that the item should move; measured is the score of its whole category.
    """
    found = measured.get(item.category)
    if found is None:
        feature = feature_named(statistic)
        title, unit = (feature.title, feature.unit) if feature else (Category(item.category).label, UNIT)
        return {"statistic": title, "low": None, "expected": None, "high": None, "unit": unit, "evidence": UNMEASURED}
    figures = {name: round(getattr(found, name), 2) for name in ("low", "expected", "high")}
    evidence = f"{found.players} players measured"
    return {"statistic": Category(item.category).label, **figures, "unit": UNIT, "evidence": evidence}


def measure_and_keep() -> dict[str, Expectation]:
    """Measure again, over all players, what practice brought them, and keep it for all processes.

    Only effects whose matches before had no part in choosing what to practise: the others' mean would tell mostly of
    the return from a bad spell. Of simulated matches none.
    """
    measured = averaged(_effects())
    keep(measured)
    return measured


def _effects() -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    practised = TrainingSession.objects.done().order_by().values_list("user", flat=True).distinct()
    now = timezone.now()
    for user in User.objects.filter(pk__in=practised).order_by("pk").iterator():
        for effect in effects_of(user, now=now):
            if effect.change is not None and effect.is_fresh and not effect.is_simulated:
                found.setdefault(effect.category, []).append(effect.change.value)
    return found


def averaged(effects: Mapping[str, Sequence[float]]) -> dict[str, Expectation]:
    """Mean and t-interval of effects of players, by category; categories with too few players are left out."""
    found = {}
    for category, values in effects.items():
        if len(values) >= FEWEST_PLAYERS:
            interval = mean_interval(values)
            found[category] = Expectation(interval.low, interval.value, interval.high, len(values))
    return found


def keep(measured: Mapping[str, Expectation]) -> None:
    """Write what was measured down for all processes."""
    told = json.dumps({category: asdict(each) for category, each in measured.items()})
    put(path(), lambda file: file.write_text(told, encoding="utf-8"))


def kept() -> dict[str, Expectation]:
    """What was measured last; nothing where nothing was."""
    try:
        told = json.loads(path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {category: Expectation(**each) for category, each in told.items()}


def path() -> Path:
    return Path(settings.ARTIFACT_DIR) / "recommending" / "effects.json"
