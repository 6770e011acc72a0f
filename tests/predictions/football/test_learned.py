"""What a model learned is JSON, and reads as tables with a named row for every team, competition or feature."""

import json

from matches.models import Match
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from mlmodels.weights import readable

NAMED = {
    "base-rate": (),  # one competition is a line, not a table
    "elo": ("rating",),
    "pi-ratings": ("at home", "away"),
    "dixon-coles": ("attack", "defence", "matches, by weight"),
    "gbm": (),
    "blend": (),
    "blend-market": (),
}


def test_every_algorithm_shows_what_it_learned(league: list[Match]) -> None:
    problem = get_problem("football-outcome")
    frame = problem.load(Selection()).frame
    assert set(NAMED) == {algorithm.name for algorithm in problem.algorithms}
    for algorithm in problem.algorithms:
        assert algorithm.weights is not None
        y = frame[list(algorithm.target)].to_numpy()
        estimator = algorithm.build().fit(frame[list(algorithm.columns)], y[:, 0] if y.shape[1] == 1 else y)
        learned = json.loads(json.dumps(algorithm.weights(estimator), allow_nan=False))
        tables = readable(learned)
        assert any(table.columns == NAMED[algorithm.name] for table in tables), algorithm.name


def test_the_strengths_are_those_of_the_model(league: list[Match]) -> None:
    problem = get_problem("football-outcome")
    frame, algorithm = problem.load(Selection()).frame, problem.algorithm("dixon-coles")
    model = algorithm.build().fit(frame[list(algorithm.columns)], frame[list(algorithm.target)].to_numpy())
    assert algorithm.weights is not None
    shown = algorithm.weights(model)["strengths"]["E0"]["england-0"]
    known = model.strength("E0", "england-0")
    assert shown == {"attack": known.attack, "defence": known.defence, "matches, by weight": known.weight}
