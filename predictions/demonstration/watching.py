"""Keeping score of the demonstration's models: a challenger, the daily round, the log, and a backtest."""

from __future__ import annotations

import socket
from collections.abc import Sequence

from accounts.models import User
from mlmodels import promotion
from mlmodels.models import ModelVersion
from mlmodels.problem import Choice, get_problem
from mlmodels.selection import Selection
from predictions.backtesting import asking, running
from predictions.backtesting.plans import Plan
from predictions.backtesting.strategies import parse_all
from predictions.challenging.deciding import decide_all
from predictions.demonstration.stage import Stage
from predictions.demonstration.training import CHOSEN_BY, PROBLEM, Trained
from predictions.errors import NothingToShow
from predictions.evaluation_log.writing import write_log
from predictions.models import Backtest
from predictions.monitoring.watching import watch

BACKTESTED = "dixon-coles"
STRATEGIES = ("value", "kelly-quarter")
SEASONS = 2
"""The last so many of one league are bet on."""


def let_the_runner_up_challenge(stage: Stage, trained: Trained, champion: ModelVersion, *, by: User | None) -> None:
    """Have the second best on validation rows shadow the champion, unless somebody challenges already."""
    if ModelVersion.objects.for_problem(PROBLEM).filter(role=ModelVersion.Role.CHALLENGER).exists():
        return
    idle = ModelVersion.objects.filter(pk__in=[version.pk for version in trained.new]).exclude(pk=champion.pk)
    others = [version for version in idle if version.role == ModelVersion.Role.EXPERIMENTAL]
    if not others:
        return
    second = min(others, key=lambda version: float(version.metrics["validation"][CHOSEN_BY]))
    promotion.make_challenger(second, by=by, reason="Second lowest log loss on validation rows in the demonstration")
    stage.say(f"{second} challenges it: it predicts the same matches in the shadow")


def keep_score(stage: Stage) -> None:
    """The daily round once, now: watch the champion, look at the challenger, write the log."""
    with stage.step("Watching the champion"):
        if any(report.outliers for report in watch().quality):
            stage.say("Inputs lie far out: rounds were brought forward, so clubs rested less than in training")
        for decision in decide_all(PROBLEM):
            stage.say(f"{decision.version}: {decision.reason}")
        write_log()


def backtest(stage: Stage, *, by: User | None) -> Backtest | None:
    """Bet through the last seasons of a league, as one would have; None where no league has prices and seasons."""
    league = _league(get_problem(PROBLEM).choices()["competitions"])
    if league is None:
        return None
    plan = Plan(
        problem=PROBLEM,
        algorithm=BACKTESTED,
        selection=Selection(competitions=(league.code,), seasons=league.seasons[1 : SEASONS + 1]),
        strategies=parse_all(STRATEGIES),
    )
    asked, is_new = asking.request_backtest(plan, requested_by=by, dispatch=False)
    if not is_new:
        return asked
    with stage.step(f"Backtesting two strategies on {league.title}") as report:
        done = running.execute(str(asked.pk), worker=f"demo@{socket.gethostname()}", watch=report)
    if done is None or done.status != Backtest.Status.COMPLETED:
        raise NothingToShow(f"The backtest gave nothing: {done.error_message if done else 'it was taken away'}")
    return done


def _league(leagues: Sequence[Choice]) -> Choice | None:
    """The one with most rows of those that have a season before the last seasons that are over."""
    long = [league for league in leagues if len(league.seasons) > SEASONS + 1]
    return max(long, key=lambda league: (league.rows, league.code), default=None)
