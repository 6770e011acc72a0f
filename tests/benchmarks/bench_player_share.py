"""How much of a match's category score is the player: intraclass correlations over players with ten and more games.

`skill_analyzer.PLAYER_SHARE` holds these, rounded. The table has other columns than ballchasing's, so the scores are
made of those that come closest; conceded goals it lacks. One-way analysis of variance (Shrout & Fleiss 1979, ICC(1)).
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.benchmarks.figures import report
from training.models import Category
from training.rocket_league.skill_analyzer import PLAYER_SHARE

NAME = "rlcs_ssa_2026_season_3v3_player_games.csv"
LEAST_GAMES = 10
FARTHEST = 3
NEAR = 0.06
PARTS: dict[Category, dict[str, float]] = {
    Category.MECHANICAL: {"Average Speed": 1, "SuperSonic (80+)": 1, "Drive Speed (1-49)": -1},
    Category.AERIAL_ABILITY: {"In High Air": 2, "On Ground": -1},
    Category.BOOST_MANAGEMENT: {
        "Boost Gained": 1.5,
        "Empty (0)": -1,
        "Low (0-33)": -1,
        "Full (100)": -0.5,
        "Small Pads Collected": 1,
    },
    Category.POSITIONING: {"Average Ball Distance": -2, "Behind Ball": 0.5},
    Category.ROTATION: {"depth": -1, "turns": -1},
    Category.GAME_SENSE: {"Kills": 0.5, "Deaths": -0.5, "Assists": 1, "Score": 1.5},
    Category.SHOOTING: {"Shots": 1.5, "Goals": 1},
    Category.DEFENDING: {"Saves": 1},
}


@pytest.fixture
def games(real_ranked_games: Path) -> pd.DataFrame:
    path = real_ranked_games.with_name(NAME)
    if not path.is_file():
        pytest.skip(f"no games of one league at {path}")
    table = pd.read_csv(path, low_memory=False).rename(columns=lambda name: name.removesuffix("_All Zones"))
    made = {
        "depth": (table["First man"] - table["Last man"]).abs(),
        "turns": (table["Closest to Ball"] - table["Furthest from Ball"]).abs(),
    }
    return pd.concat([table, pd.DataFrame(made)], axis=1)


def test_the_players_share_is_what_the_analysis_takes_it_for(games: pd.DataFrame) -> None:
    for category, parts in PARTS.items():
        values = games[list(parts)].apply(pd.to_numeric, errors="coerce")
        scores = ((values - values.mean()) / values.std()).clip(-FARTHEST, FARTHEST) @ pd.Series(parts, dtype=float)
        share = of_players(scores, games["Player ID"])
        report(f"share of a match's score that is the player: {category}", share, "share")
        assert share == pytest.approx(PLAYER_SHARE[category], abs=NEAR)


def of_players(scores: pd.Series, players: pd.Series) -> float:
    """The intraclass correlation of scores (n,) within players (n,)."""
    known = scores.notna() & (players.groupby(players).transform("size") >= LEAST_GAMES)
    by_player = scores[known].groupby(players[known])
    sizes, rows = by_player.size(), int(known.sum())
    between = float((sizes * (by_player.mean() - scores[known].mean()) ** 2).sum()) / (len(sizes) - 1)
    within = float(((scores[known] - by_player.transform("mean")) ** 2).sum()) / (rows - len(sizes))
    usual_size = (rows - float((sizes**2).sum()) / rows) / (len(sizes) - 1)
    spread = (between - within) / usual_size
    return spread / (spread + within)
