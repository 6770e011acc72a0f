"""Entries of the ledger that are about players, in words."""

from __future__ import annotations

from dataclasses import dataclass

from matches.models import Player
from predictions.models import Prediction
from predictions.reading.props.statements import PropStatement, statistic_of
from predictions.reading.props.words import named


@dataclass(frozen=True, kw_only=True)
class PropEntry:
    """`player` is None where he is no longer known."""

    player: Player | None
    statement: PropStatement
    words: str


def prop_entry(entry: Prediction) -> PropEntry | None:
    """None of a prediction that is not about a player."""
    statistic = statistic_of(entry.problem)
    if not statistic or "player" not in entry.subject:
        return None
    player = Player.objects.filter(pk=entry.subject["player"]).first()
    return PropEntry(
        player=player,
        statement=PropStatement(entry),
        words=prop_in_words(entry, player.name if player else f"player {entry.subject['player']}"),
    )


def prop_in_words(entry: Prediction, name: str) -> str:
    """`Nikola Jokić, points, line 24.5`."""
    return f"{name}, {named(statistic_of(entry.problem)).lower()}, line {float(entry.subject['line']):g}"
