"""`python -m tests.benchmarks.per_player ask COMBINE | work | tell`: ensembles for 200 players, on real game logs.

A problem of its own, so that what is measured is the fan-out and the fits: points of the 200 players with the most
games, from what each did in earlier games. BASKETBALL_LOGS names the folder with the logs.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import django

django.setup()

import numpy as np  # noqa: E402 - after the set-up
import pandas as pd  # noqa: E402 - after the set-up

from config.celery import app  # noqa: E402 - after the set-up
from mlmodels import artifacts, runs  # noqa: E402 - after the set-up
from mlmodels.estimators.per_subject import PerSubject  # noqa: E402 - after the set-up
from mlmodels.models import FitPart, ModelVersion, TrainingRun  # noqa: E402 - after the set-up
from mlmodels.problem import Algorithm, Kind, Metric, Progress, Snapshot, register, silent  # noqa: E402 - after the set-up
from mlmodels.selection import Selection  # noqa: E402 - after the set-up
from tests.mlmodels.coin_toss import CoinToss  # noqa: E402 - after the set-up

PLAYERS = 200
COUNTED = ["MIN", "PTS", "FGM", "FGA", "FG3M", "FG3A", "FTM", "FTA", "REB", "AST", "STL", "BLK", "TOV", "PF"]
FORMS = ("last3", "last5", "last10", "ema", "season", "sd10")
FEATURES = (*(f"{name}_{form}" for name in COUNTED for form in FORMS), "rest", "home")


def of_logs(folder: Path) -> pd.DataFrame:
    """One row a game of the 200 players with the most games, oldest first; features of earlier games only."""
    logs = pd.concat(pd.read_csv(file) for file in sorted(folder.glob("player_logs_*.csv.gz")))
    logs = logs[logs["MIN"] > 0].sort_values(["GAME_DATE", "GAME_ID", "PLAYER_ID"], ignore_index=True)
    most = logs["PLAYER_ID"].value_counts().index[:PLAYERS]
    logs = logs[logs["PLAYER_ID"].isin(most)].reset_index(drop=True)
    columns = {"rest": _rest(logs), "home": logs["MATCHUP"].str.contains("vs.").astype(float)}
    by_player, by_season = logs.groupby("PLAYER_ID")[COUNTED], logs.groupby(["PLAYER_ID", "SEASON_LABEL"])[COUNTED]
    for form, table in {
        "last3": by_player.transform(lambda games: games.shift().rolling(3, 1).mean()),
        "last5": by_player.transform(lambda games: games.shift().rolling(5, 1).mean()),
        "last10": by_player.transform(lambda games: games.shift().rolling(10, 1).mean()),
        "ema": by_player.transform(lambda games: games.shift().ewm(alpha=0.3).mean()),
        "season": by_season.transform(lambda games: games.shift().expanding().mean()),
        "sd10": by_player.transform(lambda games: games.shift().rolling(10, 2).std()),
    }.items():
        columns |= {f"{name}_{form}": table[name] for name in COUNTED}
    line = np.floor(columns["PTS_last10"].fillna(10.0)) + 0.5
    return pd.DataFrame(
        {
            "subject": np.arange(len(logs)),
            "event_at": pd.to_datetime(logs["GAME_DATE"], utc=True),
            "player": logs["PLAYER_ID"],
            "line": line,
            **{name: columns[name] for name in FEATURES},
            "count": logs["PTS"].astype(float),
            "outcome": np.where(logs["PTS"] > line, 0, 2),
        }
    )


def _rest(logs: pd.DataFrame) -> pd.Series:
    days = (pd.to_datetime(logs["GAME_DATE"]) - pd.Timestamp("2000-01-01")) / pd.Timedelta(days=1)
    return pd.Series(days.groupby(logs["PLAYER_ID"]).diff().clip(upper=10))


def brier(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    return float(np.mean((probabilities[:, 0] - (outcomes == 0)) ** 2))


@register
class Points(CoinToss):
    slug = "bench-points"
    title = "Points"
    kind = Kind.COUNTS
    labels = ("over", "push", "under")
    count_column = "count"
    metrics = (Metric(name="brier", title="Brier", compute=brier),)
    algorithms: ClassVar[tuple[Algorithm, ...]] = tuple(
        Algorithm(
            name=combine,
            title=combine.capitalize(),
            build=PerSubject,
            defaults={"subject": "player", "combine": combine},
            columns=("player", "line", *FEATURES),
            target=("count",),
        )
        for combine in ("voting", "stacking")
    )
    default_algorithm = "voting"

    def load(self, selection: Selection, *, progress: Progress = silent) -> Snapshot:
        return Snapshot(frame=of_logs(Path(os.environ["BASKETBALL_LOGS"])), state={})

    def subject_names(self, subjects: Sequence[str]) -> Mapping[str, str]:
        return {}


def ask(combine: str) -> None:
    runs.request_run(problem=Points.slug, algorithm=combine, selection=Selection(), force=True)


def work() -> None:
    app.worker_main(["--skip-checks", "worker", "--pool", "solo", "--queues", "training", "--loglevel", "ERROR"])


def tell() -> None:
    """As JSON: how the run and its parts are getting on, and once it has ended what came of it."""
    run = TrainingRun.objects.latest("created_at")
    told: dict[str, Any] = {
        "status": run.status,
        "error": run.error_message,
        "phase": run.phase,
        "attempt": run.attempt,
        "worker": run.worker,
        "working": sorted(FitPart.objects.filter(status="running").values_list("worker", flat=True)),
        "logs": run.logs,
    }
    if run.status == TrainingRun.Status.COMPLETED:
        told |= {"metrics": {name: run.metrics[name] for name in ("validation", "test")}, **_of_version(run)}
    sys.stdout.write(json.dumps(told) + "\n")


def _of_version(run: TrainingRun) -> dict[str, Any]:
    version = ModelVersion.objects.get(run=run)
    began = time.process_time()
    model = artifacts.load(version).estimator.estimator
    loaded = time.process_time() - began
    frame = of_logs(Path(os.environ["BASKETBALL_LOGS"]))[["player", "line", *FEATURES]]
    asked = frame.iloc[-50:]
    model.predict_proba(asked.iloc[:1])
    began = time.process_time()
    for place in range(len(asked)):
        model.predict_proba(asked.iloc[place : place + 1])
    return {
        "players": len(model.ensembles_),
        "failures": len(model.failures_),
        "size": version.artifact_size,
        "load_seconds": loaded,
        "row_seconds": (time.process_time() - began) / len(asked),
        "mean_mae": float(np.mean([line["mae"] for line in run.subject_report.lines.values() if "mae" in line])),
    }


if __name__ == "__main__":
    ask(sys.argv[2]) if sys.argv[1] == "ask" else {"work": work, "tell": tell}[sys.argv[1]]()
