"""The demonstration: people, matches, models and a track record on an empty machine, by the verbs everyone uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from accounts.models import User
from matches.importing import import_paths
from matches.models import Competition, ImportBatch, Match
from matches.simulating import play_due, simulate_leagues
from mlmodels.models import ModelVersion
from predictions import ledger
from predictions.demonstration.people import STAFF, SignIn, people
from predictions.demonstration.props import offer_props
from predictions.demonstration.rounds import play_rounds
from predictions.demonstration.stage import Stage
from predictions.demonstration.training import Trained, promote_best, train_models
from predictions.demonstration.watching import backtest, keep_score, let_the_runner_up_challenge
from predictions.errors import NothingToShow
from predictions.ledger import LedgerCheck
from predictions.models import Prediction, Settlement
from predictions.upcoming import predict_upcoming

SOURCE = "football-data"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the demonstration left behind."""

    matches: int
    upcoming: int
    trained: Trained
    champion: ModelVersion
    predictions: int
    shadows: int
    """Of those predictions, the challenger's."""
    settled: int
    """Of those shown to users."""
    ledger: LedgerCheck
    people: list[SignIn]


def demonstrate(stage: Stage, *, data: Path | None = None) -> Shown:
    """Set up a demonstration on football-data files, or on simulated leagues; what is there from before is kept.

    Raises the domain errors of its steps, and NothingToShow where a step gave nothing to go on with.
    """
    signed = people(Path(settings.DATA_DIR))
    staff = User.objects.get(email=STAFF)
    if data is None:
        _simulate(stage)
    else:
        _import(stage, data, by=staff)
    trained = train_models(stage, by=staff, simulated=data is None)
    champion = promote_best(trained, by=staff)
    stage.say(f"{champion} is in service: the lowest log loss on validation rows")
    let_the_runner_up_challenge(stage, trained, champion, by=staff)
    if data is None:
        offer_props(stage, by=staff)
    with stage.step("Predicting what comes next") as report:
        predict_upcoming(progress=report)
    if Competition.objects.filter(is_simulated=True).exists():
        play_rounds(stage)
        predict_upcoming()
    keep_score(stage)
    backtest(stage, by=staff)
    return _shown(trained, champion, signed)


def _simulate(stage: Stage) -> None:
    with stage.step("Simulating leagues") as report:
        batches = simulate_leagues(progress=lambda done, total, name: report(done / total, name))
        play_due()
    created = sum(batch.created for batch in batches)
    stage.say(f"{created} matches of invented clubs" if created else "The simulated leagues are there already")


def _import(stage: Stage, data: Path, *, by: User) -> None:
    with stage.step(f"Importing {data}") as report:
        batches = import_paths(
            [data], source=SOURCE, by=by, progress=lambda done, total, name: report(done / total, name)
        )
    failed = [batch for batch in batches if batch.status == ImportBatch.Status.FAILED]
    for batch in failed[:5]:
        stage.say(f"{batch.filename} was not taken in: {batch.error_message}")
    if len(failed) == len(batches):
        raise NothingToShow(f"Nothing in {data} could be imported.")
    created, refused = (sum(getattr(batch, name) for batch in batches) for name in ("created", "quarantined"))
    stage.say(f"{len(batches) - len(failed)} files: {created} new matches, {refused} rows or prices in quarantine")


def _shown(trained: Trained, champion: ModelVersion, signed: list[SignIn]) -> Shown:
    return Shown(
        matches=Match.objects.finished().count(),
        upcoming=Match.objects.filter(status=Match.Status.SCHEDULED).count(),
        trained=trained,
        champion=champion,
        predictions=Prediction.objects.count(),
        shadows=Prediction.objects.filter(is_shadow=True).count(),
        settled=Settlement.objects.filter(prediction__is_shadow=False).count(),
        ledger=ledger.verify(),
        people=signed,
    )
