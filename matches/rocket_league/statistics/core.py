"""The scoreboard: goals, shots, saves, assists, score, and what the other side did."""

from __future__ import annotations

from matches.rocket_league.recording import Recording
from matches.rocket_league.tracks import BLUE, ORANGE


def of(recording: Recording, place: int) -> dict[str, float]:
    """One player's scoreboard. Score and MVP are left out for who had left before the end."""
    line = recording.lines[place]
    side = recording.tracks.players[place].side
    other = ORANGE if side == BLUE else BLUE
    counted: dict[str, float] = {
        "core_shots": line.shots,
        "core_shots_against": sum(recording.lines[opponent].shots for opponent in recording.places(other)),
        "core_goals": line.goals,
        "core_goals_against": recording.goals_of(other),
        "core_saves": line.saves,
        "core_assists": line.assists,
        "core_shooting_percentage": 100 * line.goals / line.shots if line.shots else 0.0,
    }
    if line.score is not None:
        counted |= {"core_score": line.score, "core_mvp": float(_is_best_of_winners(recording, place))}
    return counted


def _is_best_of_winners(recording: Recording, place: int) -> bool:
    side = recording.tracks.players[place].side
    scores = {mate: recording.lines[mate].score or 0 for mate in recording.places(side)}
    return recording.won_by == side and scores[place] == max(scores.values())
