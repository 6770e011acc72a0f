"""Training the demonstration's models, and putting the best of them into service."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from accounts.models import User
from matches.models import Competition, Match, Season, Sport
from mlmodels import promotion, registry, runs
from mlmodels.datasets import snapshot
from mlmodels.models import Dataset, ModelVersion, TrainingRun
from mlmodels.problem import Problem, Progress, get_problem
from mlmodels.selection import Selection
from predictions.demonstration.stage import Stage
from predictions.errors import NothingToShow

PROBLEM = "football-outcome"
ALGORITHMS = ("dixon-coles", "gbm", "blend")
SEASONS = 6
"""Models learn from the last so many seasons; what was before still feeds ratings and form."""

CHOSEN_BY = "log_loss"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The versions of one data set, in the order of ALGORITHMS, and which of them are new."""

    versions: list[ModelVersion]
    new: list[ModelVersion]


def train_models(stage: Stage, *, by: User | None, simulated: bool) -> Trained:
    """Train every algorithm on the last seasons of simulated or of real leagues, unless that was done before.

    Raises UnknownAlgorithm, TooLittleData, and NothingToShow with the words of a training that failed.
    """
    problem, selection = get_problem(PROBLEM), last_seasons(simulated=simulated)
    with stage.step("Making the data set") as report:
        dataset = snapshot(problem, selection, progress=report).dataset
    stage.say(f"{dataset.rows} matches with features, {dataset.date_from:%B %Y} to {dataset.date_to:%B %Y}")
    versions, new = [], []
    for name in ALGORITHMS:
        title = problem.algorithm(name).title
        version = _trained_before(dataset, name)
        if version is None:
            with stage.step(f"Training {title}") as report:
                version = train_one(problem, name, selection, by=by, report=report)
            new.append(version)
        else:
            stage.say(f"{title}: nothing changed since {version} was trained")
        versions.append(version)
    return Trained(versions=versions, new=new)


def last_seasons(*, simulated: bool) -> Selection:
    """From the first day of the last seasons until the last day that is over: a day in play changes by the hour.

    By days, so that a season that begins later is learned from when the champion is trained again. Never simulated and
    real leagues together: what is invented would decide how good a model of real matches looks.
    """
    leagues = Competition.objects.filter(sport=Sport.FOOTBALL, is_simulated=simulated)
    over = Match.objects.finished().filter(season__competition__in=leagues, date__lt=timezone.now().date())
    last: date | None = over.aggregate(last=Max("date"))["last"]
    if last is None:
        raise NothingToShow("There is no finished football match to learn from: import some first.")
    seasons = Season.objects.filter(matches__in=over).order_by()
    first_days = seasons.values("code").annotate(first=Min("starts_on")).order_by("-first")[:SEASONS]
    return Selection(
        competitions=tuple(sorted(set(seasons.values_list("competition__code", flat=True)))),
        date_from=min(season["first"] for season in first_days),
        date_to=last,
    )


def promote_best(trained: Trained, *, by: User | None) -> ModelVersion:
    """Put the version with the lowest log loss on validation rows into service; the test rows choose nothing.

    A champion stays where nothing new was trained: a person may have chosen it.
    """
    champion = registry.champion(PROBLEM)
    if champion is not None and not trained.new:
        return champion
    best = min(trained.versions, key=lambda version: float(version.metrics["validation"][CHOSEN_BY]))
    if best != champion:
        evidence = {version.version: version.metrics["validation"][CHOSEN_BY] for version in trained.versions}
        reason = "Lowest log loss on validation rows in the demonstration"
        promotion.promote(best, by=by, reason=reason, evidence={"validation_log_loss": evidence})
    best.refresh_from_db()
    return best


def _trained_before(dataset: Dataset, algorithm: str) -> ModelVersion | None:
    return ModelVersion.objects.filter(dataset=dataset, algorithm=algorithm, hyper_parameters={}).order_by("pk").last()


def train_one(
    problem: Problem,
    algorithm: str,
    selection: Selection,
    *,
    by: User | None,
    report: Progress,
    hyper_parameters: Mapping[str, Any] = MappingProxyType({}),
) -> ModelVersion:
    """Train in this process. Raises NothingToShow with the words of a training that failed."""
    run, _ = runs.request_run(
        problem=problem.slug,
        algorithm=algorithm,
        selection=selection,
        requested_by=by,
        trigger=TrainingRun.Trigger.CLI,
        hyper_parameters=dict(hyper_parameters),
        dispatch=False,
    )
    try:
        runs.execute(str(run.pk), worker=f"demo@{socket.gethostname()}", watch=report)
    except KeyboardInterrupt:
        runs.abandon(run)
        raise
    run.refresh_from_db()
    version: ModelVersion | None = getattr(run, "model_version", None)
    if version is None:
        raise NothingToShow(f"Training {algorithm} gave no model: {run.error_message or run.message}")
    return version
