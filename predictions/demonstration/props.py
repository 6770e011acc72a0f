"""Player props in the demonstration: a simulated basketball league, and a model of each statistic that has lines."""

from __future__ import annotations

from accounts.models import User
from matches.models import Competition, Sport
from matches.simulating_games import play_due_games, simulate_games
from mlmodels import promotion, registry
from mlmodels.models import ModelVersion
from mlmodels.problem import get_variant
from mlmodels.selection import Selection
from predictions.basketball.props import FAMILY
from predictions.demonstration.stage import Stage
from predictions.demonstration.training import train_one

STATISTICS = ("points", "rebounds", "assists", "pra")
ALGORITHM = "global"
QUICK = {"rounds": 120, "learning_rate": 0.08}
"""The made-up league has a fifth of the rows that the usual number of trees is meant for."""


def offer_props(stage: Stage, *, by: User | None) -> list[ModelVersion]:
    """Simulate a basketball league, train a model of each statistic on it and put it into service, where none is.

    Raises what its steps raise, and NothingToShow with the words of a training that failed.
    """
    with stage.step("Simulating a basketball league") as report:
        simulate_games(progress=lambda done, total, name: report(done / max(total, 1), name))
        play_due_games()
    made_up = Competition.objects.filter(sport=Sport.BASKETBALL, is_simulated=True)
    selection = Selection(competitions=tuple(made_up.values_list("code", flat=True)))
    return [_in_service(stage, statistic, selection, by=by) for statistic in STATISTICS]


def _in_service(stage: Stage, statistic: str, selection: Selection, *, by: User | None) -> ModelVersion:
    """A champion stays: a person may have chosen it."""
    problem = get_variant(FAMILY, statistic)
    champion = registry.champion(problem.slug)
    if champion is not None:
        stage.say(f"{problem.title}: {champion} is in service already")
        return champion
    with stage.step(f"Training {problem.title.lower()}") as report:
        version = train_one(problem, ALGORITHM, selection, by=by, report=report, hyper_parameters=QUICK)
    promotion.promote(version, by=by, reason="The first of its statistic in the demonstration")
    test = version.metrics["test"]
    stage.say(f"Off by {test['mae']:.2f} {statistic} in the mean on {test['n']} later games of players")
    return version
