from typing import Any

import pytest

from mlmodels.problem import all_problems
from mlmodels.tuning.spaces import Dimension, one_of, real, whole


@pytest.mark.parametrize(
    "make",
    [
        lambda: real("a", 2.0, 1.0, usual=1.5),
        lambda: real("a", 0.0, 1.0, usual=0.5, log=True),
        lambda: real("a", 0.0, 1.0, usual=3.0),
        lambda: real("a", 0.0, float("inf"), usual=3.0),
        lambda: whole("a", 5, 5, usual=5),
        lambda: one_of("a", ("x",), usual="x"),
        lambda: one_of("a", ("x", "y"), usual="z"),
    ],
)
def test_a_range_that_is_empty_or_misses_what_is_usual_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match="The range of a is empty"):
        make()  # type: ignore[operator]  # one of the above


def test_a_range_is_described_as_json() -> None:
    assert real("rate", 0.01, 1.0, usual=0.1, log=True).to_json() == {
        "name": "rate", "scale": "float", "usual": 0.1, "low": 0.01, "high": 1.0, "log": True,
    }  # fmt: skip
    assert one_of("side", ("l", "r"), usual="l").to_json() == {
        "name": "side", "scale": "categorical", "usual": "l", "choices": ["l", "r"],
    }  # fmt: skip


def _declared() -> list[tuple[str, Dimension]]:
    return [
        (f"{problem.slug} {algorithm.name} {dimension.name}", dimension)
        for problem in all_problems()
        for algorithm in problem.algorithms
        for dimension in algorithm.space
    ]


def test_what_is_usual_is_what_the_algorithm_is_made_with_where_nobody_tunes() -> None:
    checked = 0
    for problem in all_problems():
        for algorithm in problem.algorithms:
            made: Any = algorithm.build(**algorithm.defaults)
            for dimension in algorithm.space:
                # A factory may take more than its estimator keeps under the same name.
                kept = made.get_params(deep=False)
                if dimension.name in kept:
                    assert kept[dimension.name] == dimension.usual, (algorithm.name, dimension.name)
                    checked += 1
                algorithm.build(**{**algorithm.defaults, dimension.name: dimension.usual})
    assert checked >= 15


def test_several_ways_to_make_a_football_model_can_be_tuned() -> None:
    tunable = {name.split()[1] for name, _ in _declared()}
    assert {"dixon-coles", "elo", "pi-ratings", "gbm", "blend"} <= tunable
