"""What champion and challenger said of the same events, and what each lost by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from mlmodels.problem import Problem, get_problem
from predictions.canonical import canonical_json
from predictions.challenging.reigns import Match
from predictions.models import Prediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_READ = ("model_version_id", "subject", "match_id", "probabilities", "settlement__outcome", "moment", "sequence")


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One settled event. group: what it shares its outcome with, such as all props of a game."""

    event_at: datetime
    group: str
    outcome: int
    champion: tuple[float, ...]
    challenger: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Observations (g,) in order of event, events of one group averaged: loss(champion) - loss(challenger), the most
    that it could have been away from 0, and both losses."""

    differences: Floats
    bounds: Floats
    champion: Floats
    challenger: Floats


def paired(match: Match) -> list[Pair]:
    """Settled events since both are what they are, which both forecast, in order of event.

    Of the champion counts the last prediction of it that was shown before the event, of the challenger its last shadow.
    The champion's may be older than the challenge: what it would say from the same features, it does not say again.
    """
    problem = get_problem(match.champion.problem)
    said: dict[str, dict[int, tuple[Any, ...]]] = {}
    for row in _rows(match):
        said.setdefault(canonical_json(row[1]), {})[row[0]] = row
    both = (event for event in said.values() if len(event) == 2)
    pairs = [_pair(problem, event[match.champion.pk], event[match.challenger.pk]) for event in both]
    return sorted((pair for pair in pairs if pair is not None), key=lambda pair: (pair.event_at, pair.group))


def _rows(match: Match) -> Iterator[tuple[Any, ...]]:
    """Later statements come after earlier ones, so that the last of an event stays."""
    of_champion = Q(model_version=match.champion, is_shadow=False)
    of_challenger = Q(model_version=match.challenger, is_shadow=True, made_at__gte=match.since)
    return (
        Prediction.objects.filter(
            of_champion | of_challenger, problem=match.champion.problem, event_at__gte=match.since
        )
        .settled()
        .annotate(moment=Coalesce(F("match__kickoff"), F("event_at")))
        .filter(made_at__lte=F("moment"), settlement__outcome__isnull=False)
        .in_chain_order()
        .values_list(*_READ)
        .iterator(chunk_size=2000)
    )


def _pair(problem: Problem, champion: Sequence[Any], challenger: Sequence[Any]) -> Pair | None:
    """None where they can't be compared: another outcome settled, or labels that the problem no longer has."""
    _, subject, match_id, said, outcome, moment, _ = champion
    other_said, other_outcome = challenger[3], challenger[4]
    labels = problem.labels
    if outcome != other_outcome or outcome not in labels or not set(labels) == set(said) == set(other_said):
        return None
    return Pair(
        event_at=moment,
        group=f"match/{match_id}" if match_id is not None else canonical_json(subject),
        outcome=labels.index(outcome),
        champion=_in_order(said, labels),
        challenger=_in_order(other_said, labels),
    )


def _in_order(probabilities: Mapping[str, float], labels: Sequence[str]) -> tuple[float, ...]:
    return tuple(float(probabilities[label]) for label in labels)


def losses(pairs: Sequence[Pair], loss: str) -> Losses:
    """What both lost, by `log_loss` (nats), `brier` (0..2) or `rps` (0..1)."""
    import numpy as np

    from mlmodels.evaluation.label_losses import LABEL_LOSSES
    from mlmodels.evaluation.sequential import grouped

    if not pairs:
        empty = np.zeros(0)
        return Losses(differences=empty, bounds=empty, champion=empty, challenger=empty)
    tables = [LABEL_LOSSES[loss]([getattr(pair, side) for pair in pairs]) for side in ("champion", "challenger")]
    rows, came = np.arange(len(pairs)), np.array([pair.outcome for pair in pairs])
    groups = np.array([pair.group for pair in pairs])
    bounds = np.abs(tables[0] - tables[1]).max(-1)
    champion, _ = grouped(tables[0][rows, came], tables[0].max(-1), groups)
    challenger, _ = grouped(tables[1][rows, came], tables[1].max(-1), groups)
    differences, bounds = grouped((tables[0] - tables[1])[rows, came], bounds, groups)
    return Losses(differences=differences, bounds=bounds, champion=champion, challenger=challenger)
