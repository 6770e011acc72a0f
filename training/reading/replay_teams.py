"""Both teams of a match: the scoreboard, and everybody's figures beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matches.models import Replay, ReplayPlayer

NOTHING = "–"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A statistic as it is shown: which, how it is called, and how it is written."""

    name: str
    title: str
    unit: str = ""
    decimals: int = 0


SCOREBOARD = (
    Figure(name="core_score", title="Score"),
    Figure(name="core_goals", title="Goals"),
    Figure(name="core_assists", title="Assists"),
    Figure(name="core_saves", title="Saves"),
    Figure(name="core_shots", title="Shots"),
    Figure(name="boost_bcpm", title="Boost a minute"),
    Figure(name="movement_avg_speed", title="Speed, uu/s"),
)
GROUPS: tuple[tuple[str, tuple[Figure, ...]], ...] = (
    (
        "Boost",
        (
            Figure(name="boost_bcpm", title="Collected a minute"),
            Figure(name="boost_bpm", title="Used a minute"),
            Figure(name="boost_avg_amount", title="Boost in the tank, on average"),
            Figure(name="boost_percent_zero_boost", title="Time without boost", unit="%", decimals=1),
            Figure(name="boost_percent_full_boost", title="Time with a full tank", unit="%", decimals=1),
            Figure(name="boost_count_collected_big", title="Big pads"),
            Figure(name="boost_count_collected_small", title="Small pads"),
            Figure(name="boost_amount_stolen", title="Taken from the opponents' half"),
            Figure(name="boost_amount_overfill", title="Wasted on a fuller tank"),
            Figure(name="boost_amount_used_while_supersonic", title="Used while supersonic"),
        ),
    ),
    (
        "Movement",
        (
            Figure(name="movement_avg_speed", title="Average speed", unit="uu/s"),
            Figure(name="movement_percent_slow_speed", title="Slow", unit="%", decimals=1),
            Figure(name="movement_percent_boost_speed", title="At boost speed", unit="%", decimals=1),
            Figure(name="movement_percent_supersonic_speed", title="Supersonic", unit="%", decimals=1),
            Figure(name="movement_percent_ground", title="On the ground", unit="%", decimals=1),
            Figure(name="movement_percent_low_air", title="Low in the air", unit="%", decimals=1),
            Figure(name="movement_percent_high_air", title="High in the air", unit="%", decimals=1),
            Figure(name="movement_count_powerslide", title="Power slides"),
            Figure(name="demo_inflicted", title="Cars demolished"),
            Figure(name="demo_taken", title="Times demolished"),
        ),
    ),
    (
        "Positioning",
        (
            Figure(name="positioning_avg_distance_to_ball", title="Distance to the ball", unit="uu"),
            Figure(name="positioning_avg_distance_to_mates", title="Distance to team-mates", unit="uu"),
            Figure(name="positioning_percent_defensive_third", title="Defensive third", unit="%", decimals=1),
            Figure(name="positioning_percent_neutral_third", title="Middle third", unit="%", decimals=1),
            Figure(name="positioning_percent_offensive_third", title="Offensive third", unit="%", decimals=1),
            Figure(name="positioning_percent_behind_ball", title="Behind the ball", unit="%", decimals=1),
            Figure(name="positioning_percent_most_back", title="Last back", unit="%", decimals=1),
            Figure(name="positioning_percent_most_forward", title="Farthest forward", unit="%", decimals=1),
            Figure(name="positioning_percent_closest_to_ball", title="Closest to the ball", unit="%", decimals=1),
            Figure(name="positioning_percent_farthest_from_ball", title="Farthest from it", unit="%", decimals=1),
        ),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ScoreboardRow:
    player: ReplayPlayer
    is_own: bool
    figures: tuple[tuple[str, str], ...]
    """(title, figure in words), in the order of `SCOREBOARD`."""


@dataclass(frozen=True, kw_only=True)
class TeamBoard:
    side: str
    title: str
    goals: int
    won: bool
    rows: tuple[ScoreboardRow, ...]


@dataclass(frozen=True, kw_only=True)
class ComparedFigure:
    """One statistic of everybody; `cells` in the order of the group's players, `most` where the largest stand."""

    title: str
    cells: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, kw_only=True)
class ComparedGroup:
    title: str
    rows: tuple[ComparedFigure, ...]


def scoreboard(replay: Replay, players: Sequence[ReplayPlayer], *, own: ReplayPlayer | None) -> tuple[TeamBoard, ...]:
    """Blue, then orange, each by score."""
    goals = {ReplayPlayer.Side.BLUE: replay.blue_goals, ReplayPlayer.Side.ORANGE: replay.orange_goals}
    boards = []
    for side in ReplayPlayer.Side:
        team = sorted((p for p in players if p.side == side), key=lambda p: -p.statistics.get("core_score", 0))
        rows = tuple(_row(player, is_own=player == own) for player in team)
        won = goals[side] > min(goals.values())
        boards.append(TeamBoard(side=side.value, title=str(side.label), goals=goals[side], won=won, rows=rows))
    return tuple(boards)


def _row(player: ReplayPlayer, *, is_own: bool) -> ScoreboardRow:
    figures = tuple((figure.title, written(player.statistics, figure)) for figure in SCOREBOARD)
    return ScoreboardRow(player=player, is_own=is_own, figures=figures)


def written(statistics: Mapping[str, float], figure: Figure) -> str:
    """A statistic with its unit, a dash where it isn't known."""
    value = statistics.get(figure.name)
    if value is None:
        return NOTHING
    unit = f"\u00a0{figure.unit}" if figure.unit else ""
    return f"{value:,.{figure.decimals}f}{unit}"


def compared(players: Sequence[ReplayPlayer]) -> tuple[ComparedGroup, ...]:
    """Everybody's figures by group; what nobody has (as team-mates in a duel) is left out."""
    groups = []
    for title, figures in GROUPS:
        rows = tuple(_compared(players, figure) for figure in figures if _is_told(players, figure))
        groups.append(ComparedGroup(title=title, rows=rows))
    return tuple(group for group in groups if group.rows)


def _is_told(players: Sequence[ReplayPlayer], figure: Figure) -> bool:
    return any(figure.name in player.statistics for player in players)


def _compared(players: Sequence[ReplayPlayer], figure: Figure) -> ComparedFigure:
    values = [player.statistics.get(figure.name) for player in players]
    known = [value for value in values if value is not None]
    most = max(known) if len(set(known)) > 1 else None
    cells = tuple(
        (written(player.statistics, Figure(name=figure.name, title="", decimals=figure.decimals)), value == most)
        for player, value in zip(players, values, strict=True)
    )
    title = f"{figure.title}, {figure.unit}" if figure.unit else figure.title
    return ComparedFigure(title=title, cells=tuple((words, is_most and words != NOTHING) for words, is_most in cells))
