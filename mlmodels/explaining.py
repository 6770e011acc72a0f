"""From contributions of dozens of features to the few drivers that a person can take in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlmodels.problem import Driver

if TYPE_CHECKING:
    import numpy as np

    from mlmodels.estimators.attribution import Attribution

BASELINE = "baseline"
"""Group of the driver that every forecast begins with."""

CALIBRATION = "calibration"
"""Group of the driver that the calibration is, which comes last."""

DIGITS = 6
"""Effects and probabilities are kept to so many decimals: what is hashed must not hang on the last bit of a float."""

Words = Callable[[str, float], str]
"""(group, its effect) in words for a person."""


def drivers_of(
    estimator: Any, X: Any, *, labels: Sequence[str], group_of: Callable[[str], str], words: Words
) -> list[tuple[Driver, ...]]:
    """Of each row of X what moved its forecast; nothing of an estimator that can't tell.

    labels: of the classes; effects are log-odds of the first against the last, and those of a row sum to what the
    estimator says, calibration included. group_of: the group that a feature belongs to.
    """
    from mlmodels.estimators.attribution import attribution_of

    told = attribution_of(estimator, X)
    if told is None:
        return [()] * len(X)
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(told.names):
        groups.setdefault(CALIBRATION if name == CALIBRATION else group_of(name), []).append(i)
    begin, effects = told.log_odds(0, -1)
    left_out = _without(estimator, told, groups)
    return [
        _of_row(
            told.names,
            groups,
            begin=float(begin[row]),
            effects=effects[row].tolist(),
            without={group: dict(zip(labels, p[row].tolist(), strict=True)) for group, p in left_out.items()},
            words=words,
        )
        for row in range(len(begin))
    ]


def _of_row(
    names: Sequence[str],
    groups: Mapping[str, Sequence[int]],
    *,
    begin: float,
    effects: Sequence[float],
    without: Mapping[str, Mapping[str, float]],
    words: Words,
) -> tuple[Driver, ...]:
    found = []
    for group, places in groups.items():
        total = _rounded(sum(effects[i] for i in places))
        features = {names[i]: value for i in places if (value := _rounded(effects[i]))}
        if features:
            found.append(Driver(words(group, total), total, group, features, without[group]))
    # Python sorts stably: of equal effects the one whose feature comes first in the model stays first.
    found.sort(key=lambda driver: (driver.group == CALIBRATION, -abs(driver.effect)))
    begins = _rounded(begin)
    return (Driver(words(BASELINE, begins), begins, BASELINE, {}, {}), *found)


def _without(estimator: Any, told: Attribution, groups: Mapping[str, Sequence[int]]) -> dict[str, np.ndarray]:
    """Probabilities (n, k) by group as they would be without what it adds, calibrated like those that are said."""
    import numpy as np

    from mlmodels.estimators.attribution import softmax

    raw = np.array([name != CALIBRATION for name in told.names], dtype=float)
    scores = told.baseline + np.einsum("m,nmk->nk", raw, told.parts)
    others = [group for group in groups if group != CALIBRATION]
    less = [scores - told.parts[:, groups[group]].sum(1) for group in others]
    found = {group: softmax(scores) for group in groups if group == CALIBRATION}
    if others:
        said = softmax(np.concatenate(less))
        calibration = getattr(estimator, "calibration", None)
        # All at once: calibrating one row takes as long as calibrating a hundred.
        calibrated = said if calibration is None else calibration.transform(said)
        found |= zip(others, np.split(calibrated, len(others)), strict=True)
    return {group: np.round(p, DIGITS) for group, p in found.items()}


def _rounded(value: float) -> float:
    # Adding 0 makes -0.0 a plain zero.
    return round(value, DIGITS) + 0.0
