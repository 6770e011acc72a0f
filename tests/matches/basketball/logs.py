"""Game logs as NBA Stats writes them, made up for tests."""

from __future__ import annotations

from matches.basketball.league import season_of_game, team_facts

HEADER = (
    "SEASON_LABEL,GAME_ID,GAME_DATE,PLAYER_ID,PLAYER_NAME,TEAM_ID,TEAM_ABBREVIATION,MATCHUP,WL,MIN,"
    "PTS,FGM,FGA,FG3M,FG3A,FTM,FTA,OREB,DREB,REB,AST,STL,BLK,TOV,PF,PLUS_MINUS\n"
)
HOME_COUNTS = "21,8,16,0,2,5,5,4,5,9,6,1,1,2,3,5"
AWAY_COUNTS = "20,8,17,1,4,3,4,3,6,9,5,0,1,3,2,-5"


def line(
    game_id: str,
    day: str,
    player_id: int,
    name: str,
    team: str,
    opponent: str,
    *,
    is_home: bool = True,
    counts: str = HOME_COUNTS,
) -> str:
    """A player's line, 48 minutes long."""
    season = season_of_game(game_id) if game_id[0].isdigit() else "2023-24"
    pairing = f"{team} {'vs.' if is_home else '@'} {opponent}"
    won = "W" if is_home else "L"
    who = f"{player_id},{name},{team_facts(team).external_id},{team}"
    return f"{season},{game_id},{day},{who},{pairing},{won},48,{counts}\n"


def game(game_id: str, *, home: str = "DEN", away: str = "LAL", day: str = "2023-10-24") -> list[str]:
    """Five lines of either side: 105 to 100 for the home team. Players are called after their team."""
    hosts = int(team_facts(home).external_id[-2:]) * 100
    guests = int(team_facts(away).external_id[-2:]) * 100
    letters = ["Able", "Baker", "Clark", "Davis", "Evans"]
    return [line(game_id, day, hosts + n, f"{home.title()} {letters[n]}", home, away) for n in range(5)] + [
        line(game_id, day, guests + n, f"{away.title()} {letters[n]}", away, home, is_home=False, counts=AWAY_COUNTS)
        for n in range(5)
    ]
