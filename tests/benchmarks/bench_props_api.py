"""CPU and wall time of the API of player props in a warm process, on four real NBA seasons, nothing kept in the cache.

The model is trained on the last season, which makes it no smaller and no faster in serving; features and contexts stand
on all four. Two games to come are added, as a schedule would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import time_machine
from django.core.cache import cache
from rest_framework.test import APIClient

from accounts import consents
from accounts.models import Consent, User
from matches.importing import import_paths
from matches.models import Match, Player, PlayerGame
from mlmodels import promotion, registry, runs
from mlmodels.models import TrainingRun
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.basketball import table
from predictions.basketball.features import features
from tests.benchmarks.figures import cpu_seconds, report

SLUG = "player-props-points"
REPEATS = 15
LIMIT_OF_ONE_MS = 50.0
LIMIT_OF_FEATURES_MS = 100.0
LIMIT_OF_TWENTY_S = 1.0
LIMIT_OF_FIFTY_S = 3.0


@pytest.fixture
def regulars(db: None, storage: Path, real_basketball: Path) -> Iterator[list[Player]]:
    """Fifty players of the last season, twenty and more of whom have a game tomorrow, and a champion of points."""
    import_paths(sorted(real_basketball.glob("player_logs_*.csv.gz")), source="nba-logs")
    run, _ = runs.request_run(
        problem=SLUG, algorithm="global", selection=Selection(seasons=("2023-24",)), dispatch=False
    )
    ended = runs.execute(str(run.pk), worker="bench")
    assert ended is not None
    assert ended.status == TrainingRun.Status.COMPLETED, ended.message
    promotion.promote(ended.model_version, by=None)
    registry.forget_champion(SLUG)
    last = list(Match.objects.filter(is_playoff=False).order_by("-date", "-pk")[:2])
    tip_off = last[0].kickoff + timedelta(days=1)
    for match in last:
        Match.objects.create(
            season=match.season, home=match.away, away=match.home, date=tip_off.date(), kickoff=tip_off
        )
    recent = PlayerGame.objects.filter(match__in=last, minutes__gte=10).values_list("player_id", flat=True)
    playing = list(Player.objects.filter(pk__in=recent).order_by("pk"))
    others = Player.objects.filter(games__match__date__gte=last[0].date - timedelta(days=5)).distinct()
    with time_machine.travel(tip_off - timedelta(hours=6)):
        yield [*playing, *others.exclude(pk__in=recent).order_by("pk")][:50]


@pytest.fixture
def ask(alice: User) -> Callable[[str, Any], Any]:
    """Post as a person who may see everything, with nothing kept."""
    consents.grant(alice, Consent.Kind.ADULT)
    client = APIClient()
    client.force_authenticate(alice)

    def post(path: str, body: Any) -> Any:
        cache.clear()
        answer = client.post(path, body)
        assert answer.status_code == 200, answer.json()
        return answer.json()

    return post


def wall_seconds(work: Callable[[], Any]) -> float:
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_answers_come_as_fast_as_they_must(regulars: list[Player], ask: Callable[[str, Any], Any]) -> None:
    def question(player: Player) -> dict[str, Any]:
        return {"player": player.name, "stat": "points", "line": 14.5, "odds": {"over": -110, "under": -110}}

    def single() -> Any:
        return ask("/api/predict", question(regulars[0]))

    def batch() -> Any:
        told = ask("/api/batch_predict", [question(player) for player in regulars[:20]])
        assert told["succeeded"] == 20, told
        return told

    def fifty() -> Any:
        names = [player.name for player in regulars]
        told = ask("/api/batch_player_context", {"players": names, "stat_type": "points", "game_date": "2024-04-10"})
        assert told["succeeded"] == 50, told
        return told

    one = 1000 * cpu_seconds(single, repeats=REPEATS)
    report("props API, one prediction", one, "ms CPU")
    twenty = cpu_seconds(batch, repeats=5)
    report("props API, twenty predictions at once", twenty, "s CPU")
    report("props API, twenty predictions at once, wall", wall_seconds(batch), "s")
    contexts = cpu_seconds(fifty, repeats=5)
    report("props API, fifty contexts at once", contexts, "s CPU")
    report("props API, fifty contexts at once, wall", wall_seconds(fifty), "s")
    alone = 1000 * cpu_seconds(lambda: features_of_one(regulars[0]), repeats=REPEATS)
    report("features of one player", alone, "ms CPU")
    for what, seconds in steps(regulars[0]).items():
        report(f"props API, one prediction, {what}", 1000 * seconds, "ms CPU")
    assert one < LIMIT_OF_ONE_MS
    assert twenty < LIMIT_OF_TWENTY_S
    assert contexts < LIMIT_OF_FIFTY_S
    assert alone < LIMIT_OF_FEATURES_MS


def features_of_one(player: Player) -> Any:
    """Of a game tomorrow, on the table that a serving process holds."""
    box = table.current()
    asked = box.asking(
        match=-1,
        player=player.pk,
        team=player.team_id or 0,
        opponent=int(box.team[-1]),
        day=int(box.day[-1]) + 1,
        season=str(box.season[-1]),
        is_home=True,
    )
    return features(asked, np.arange(1), statistic="points")


def steps(player: Player) -> dict[str, float]:
    """CPU seconds of what a prediction is made of."""
    problem = get_problem(SLUG)
    model = registry.serving_champion(SLUG)
    props = [problem.subject({"player": player.pk, "line": 14.5})]
    frame = problem.featurise(props, state=model.state, state_key="")
    work = {
        "featurise": lambda: problem.featurise(props, state=model.state, state_key=""),
        "forecast": lambda: problem.forecast(model.estimator, frame),
        "stamp of the data": table.stamp,
    }
    return {name: cpu_seconds(step, repeats=REPEATS) for name, step in work.items()}
