"""Advanced figures of a player from box scores, each with its formula's source. Pure functions of sums.

Sources: [BR] basketball-reference.com, glossary, and "Calculating Individual Offensive and Defensive Ratings";
[NBA] nba.com/stats/help/glossary; [Oliver] D. Oliver, Basketball on Paper (2004), chapters and appendix on individual
ratings; [Hollinger] J. Hollinger, Pro Basketball Forecast (2003). Each returns None where its denominator is nought.

Not here, since a box score can't give them: BPM and WS, which are regressions and shares fitted to whole seasons, and
NBA Stats' own PIE and ratings of a player, which count only what happened while he was on the court. PER is a season's
figure too: it is scaled so that the league's mean of that season is 15.
"""

from __future__ import annotations

from matches.basketball.individual_ratings import defensive_rating, offensive_rating
from matches.basketball.sums import Sums, over

FREE_THROW_WEIGHT = 0.44
"""Possessions that a free throw ends, as [NBA] and [BR] count them."""


def true_shooting(player: Sums) -> float | None:
    """TS% = PTS / (2 (FGA + 0.44 FTA)). [BR]"""
    return over(player.points, 2 * shots(player))


def effective_field_goals(player: Sums) -> float | None:
    """eFG% = (FGM + 0.5 3PM) / FGA. [BR]"""
    return over(player.field_goals_made + 0.5 * player.threes_made, player.field_goals_attempted)


def usage(player: Sums, team: Sums) -> float | None:
    """USG% = (FGA + 0.44 FTA + TOV) (TmMP / 5) / (MP (TmFGA + 0.44 TmFTA + TmTOV)), as a share of 1. [BR]"""
    used = (shots(player) + player.turnovers) * team.minutes / 5
    return over(used, player.minutes * (shots(team) + team.turnovers))


def assist_share(player: Sums, team: Sums) -> float | None:
    """AST% = AST / (MP / (TmMP / 5) TmFGM − FGM), as a share of 1. [BR]"""
    court = over(player.minutes, team.minutes / 5)
    return over(player.assists, (court or 0.0) * team.field_goals_made - player.field_goals_made)


def assist_ratio(player: Sums) -> float | None:
    """Assists in a hundred of the plays a player ends: 100 AST / (FGA + 0.44 FTA + AST + TOV). [NBA]"""
    return over(100 * player.assists, shots(player) + player.assists + player.turnovers)


def turnover_ratio(player: Sums) -> float | None:
    """Turnovers in a hundred of the plays a player ends: 100 TOV / (FGA + 0.44 FTA + AST + TOV). [NBA]"""
    return over(100 * player.turnovers, shots(player) + player.assists + player.turnovers)


def rebound_share(player: Sums, team: Sums, opponent: Sums) -> float | None:
    """TRB% = TRB (TmMP / 5) / (MP (TmTRB + OppTRB)), as a share of 1. [BR]"""
    return over(player.rebounds * team.minutes / 5, player.minutes * (team.rebounds + opponent.rebounds))


def box_pie(player: Sums, team: Sums, opponent: Sums) -> float | None:
    """What a player did as a share of what both teams did in the whole game.

    By the formula of PIE [NBA], whose denominator counts only the time a player was on the court where NBA Stats gives
    it of a player: hence the other name. Of a team the two are the same.
    """
    return over(_deeds(player), _deeds(team) + _deeds(opponent))


def game_score(player: Sums) -> float:
    """One number of a game, on the scale of points scored. [Hollinger]

    PTS + 0.4 FGM − 0.7 FGA − 0.4 (FTA − FTM) + 0.7 ORB + 0.3 DRB + STL + 0.7 AST + 0.7 BLK − 0.4 PF − TOV
    """
    return (
        player.points
        + 0.4 * player.field_goals_made
        - 0.7 * player.field_goals_attempted
        - 0.4 * (player.free_throws_attempted - player.free_throws_made)
        + 0.7 * player.offensive_rebounds
        + 0.3 * player.defensive_rebounds
        + player.steals
        + 0.7 * (player.assists + player.blocks)
        - 0.4 * player.fouls
        - player.turnovers
    )


def figures(player: Sums, team: Sums, opponent: Sums) -> dict[str, float | None]:
    """All of them by name; ratings are points on a hundred possessions, shares are of 1."""
    return {
        "true_shooting": true_shooting(player),
        "effective_field_goals": effective_field_goals(player),
        "usage": usage(player, team),
        "assist_share": assist_share(player, team),
        "assist_ratio": assist_ratio(player),
        "turnover_ratio": turnover_ratio(player),
        "rebound_share": rebound_share(player, team, opponent),
        "box_pie": box_pie(player, team, opponent),
        "game_score": game_score(player),
        "offensive_rating": offensive_rating(player, team, opponent),
        "defensive_rating": defensive_rating(player, team, opponent),
    }


def shots(side: Sums) -> float:
    """Attempts that end plays: FGA + 0.44 FTA."""
    return side.field_goals_attempted + FREE_THROW_WEIGHT * side.free_throws_attempted


def _deeds(side: Sums) -> float:
    return (
        side.points
        + side.field_goals_made
        + side.free_throws_made
        - side.field_goals_attempted
        - side.free_throws_attempted
        + side.defensive_rebounds
        + 0.5 * side.offensive_rebounds
        + side.assists
        + side.steals
        + 0.5 * side.blocks
        - side.fouls
        - side.turnovers
    )
