"""How props turned out, and what bookmakers thought and paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from matches.models import PlayerGame
from mlmodels.problem import Result
from predictions.basketball import market
from predictions.basketball.props import LABELS, outcome
from predictions.basketball.table import played

AT_ONCE = 300


def results(references: Sequence[Mapping[str, Any]], statistic: str) -> list[Result | None]:
    """The result of each reference, None while the game is not over, or where the player did not play in it."""
    lines = _lines(references)
    found = [lines.get(_key(reference)) for reference in references]
    keys = [(line.match_id, line.player_id) for line in found if line is not None]
    quoted = market.consensus(keys, statistic)
    places = {key: place for place, key in enumerate(keys)}
    told: list[Result | None] = []
    for line, reference in zip(found, references, strict=True):
        if line is None:
            told.append(None)
            continue
        place = places[line.match_id, line.player_id]
        told.append(_result(line.count(statistic), float(reference["line"]), quoted, place))
    return told


Key = tuple[int, int | str]
"""A player, and the match or the day of a supposed game."""


def _key(reference: Mapping[str, Any]) -> Key:
    return int(reference["player"]), reference["match"] if "match" in reference else str(reference["date"])


def _lines(references: Sequence[Mapping[str, Any]]) -> dict[Key, PlayerGame]:
    """Box scores by player and match, and by player and day for games that were only supposed."""
    found: dict[Key, PlayerGame] = {}
    for start in range(0, len(references), AT_ONCE):
        batch = references[start : start + AT_ONCE]
        listed = Q(match__in={r["match"] for r in batch if "match" in r})
        supposed = Q(match__date__in={date.fromisoformat(r["date"]) for r in batch if "match" not in r})
        rows = PlayerGame.objects.of_players({int(r["player"]) for r in batch}).filter(listed | supposed)
        for line in rows.filter(match__in=played().values("pk")).select_related("match"):
            found[line.player_id, line.match_id] = line
            found[line.player_id, line.match.date.isoformat()] = line
    return found


def _result(count: int, line: float, quoted: market.Consensus, place: int) -> Result:
    """The market is asked only where the line is its own; half and half is the yardstick where a push can't be."""
    label = LABELS[outcome(count, line)]
    even = None if line == int(line) else {"over": 0.5, "push": 0.0, "under": 0.5}
    over, under = float(quoted.over[place]), float(quoted.under[place])
    if float(quoted.line[place]) != line or over != over:
        return Result(outcome=label, baseline_probabilities=even)
    return Result(
        outcome=label,
        market_probabilities={"over": over, "push": 1 - over - under, "under": under},
        baseline_probabilities=even,
        best_prices={"over": float(quoted.best_over[place]), "under": float(quoted.best_under[place])},
    )
