"""Pace and ratings of teams, of the games before a day only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Sum

from matches.basketball.advanced import figures
from matches.basketball.league import CODE
from matches.basketball.sums import FIELDS, Sums, possessions
from matches.models import Match, Player, PlayerGame, Season

GAME_MINUTES = 48


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamRating:
    """A team's season up to a day. Ratings are points on 100 possessions; rank 1 is best: in defence the lowest."""

    team_id: int
    season: str
    games: int
    possessions: float
    """A game, estimated."""

    pace: float
    """Possessions in 48 minutes."""

    offensive_rating: float
    defensive_rating: float
    offensive_rank: int
    defensive_rank: int
    net_rank: int
    pace_rank: int

    @property
    def net_rating(self) -> float:
        return self.offensive_rating - self.defensive_rating


def team_ratings(before: date, *, competition: str = CODE) -> dict[int, TeamRating]:
    """Ratings by team, of games of one season before a day; empty where there are none.

    The season is the one the day falls into; before its first game the one before, as told in `season`.

    Possessions are estimated by `advanced.possessions`; a rating is 100 points / possessions over all games together
    (basketball-reference.com, glossary: ORtg, DRtg, Pace = 48 possessions / (minutes / 5)).
    """
    season = _season(before, competition)
    if season is None:
        return {}
    games = sides_of(Match.objects.filter(season=season, date__lt=before).values_list("pk", flat=True))
    played: dict[int, list[tuple[Sums, Sums]]] = defaultdict(list)
    for sides in games.values():
        if len(sides) == 2:
            (one, first), (other, second) = sides.items()
            played[one].append((first, second))
            played[other].append((second, first))
    return _ranked({team: _summed(pairs) for team, pairs in played.items()}, season.code)


def player_figures(player: Player, *, before: date, games: int | None = None) -> dict[str, float | None]:
    """Advanced figures of a player's games of a season before a day (or the last `games` of them), taken together.

    `games` in the answer is how many these were; a game score is the mean of a game.
    """
    lines = player.games.filter(match__date__lt=before).select_related("match").order_by("-match__date", "-pk")
    latest = lines.first()
    if latest is None:
        return {}
    chosen = list(lines.filter(match__season=latest.match.season_id)[:games])
    sides = sides_of([line.match_id for line in chosen])
    whole = [line for line in chosen if len(sides[line.match_id]) == 2]
    own = Sums.total(Sums.of_line(line) for line in whole)
    team = Sums.total(sides[line.match_id][line.team_id] for line in whole)
    opponent = Sums.total(side for line in whole for pk, side in sides[line.match_id].items() if pk != line.team_id)
    told = figures(own, team, opponent)
    if whole and told["game_score"] is not None:
        told["game_score"] /= len(whole)
    return {"games": float(len(whole)), **told}


def sides_of(match_ids: Iterable[int]) -> dict[int, dict[int, Sums]]:
    """What the players of either team add up to, by game and team."""
    found: dict[int, dict[int, Sums]] = defaultdict(dict)
    lines = PlayerGame.objects.filter(match__in=list(match_ids)).order_by().values("match_id", "team_id")
    sums = lines.annotate(**{f"sum_{name}": Sum(name) for name in FIELDS})
    for match_id, team_id, *values in sums.values_list("match_id", "team_id", *(f"sum_{name}" for name in FIELDS)):
        found[match_id][team_id] = Sums(*map(float, values))
    return found


def _season(before: date, competition: str) -> Season | None:
    """The latest season with a box score before the day."""
    played = Match.objects.filter(season=OuterRef("pk"), date__lt=before)
    played = played.filter(Exists(PlayerGame.objects.filter(match=OuterRef("pk"))))
    seasons = Season.objects.filter(Exists(played), competition__code=competition)
    return seasons.order_by("-starts_on").first()


def _summed(pairs: list[tuple[Sums, Sums]]) -> tuple[int, float, float, float, float]:
    """Games, possessions, pace, offensive and defensive rating."""
    in_all = sum(possessions(own, other) for own, other in pairs)
    minutes = sum(own.minutes for own, _ in pairs)
    scored, allowed = sum(own.points for own, _ in pairs), sum(other.points for _, other in pairs)
    pace = GAME_MINUTES * in_all / (minutes / 5)
    return len(pairs), in_all, pace, 100 * scored / in_all, 100 * allowed / in_all


def _ranked(summed: Mapping[int, tuple[int, float, float, float, float]], season: str) -> dict[int, TeamRating]:
    def ranks(value: Mapping[int, float]) -> dict[int, int]:
        return {team: 1 + sum(other > value[team] for other in value.values()) for team in value}

    offence = ranks({team: told[3] for team, told in summed.items()})
    defence = ranks({team: -told[4] for team, told in summed.items()})
    net = ranks({team: told[3] - told[4] for team, told in summed.items()})
    pace = ranks({team: told[2] for team, told in summed.items()})
    return {
        team: TeamRating(
            team_id=team,
            season=season,
            games=games,
            possessions=in_all / games,
            pace=speed,
            offensive_rating=scored,
            defensive_rating=allowed,
            offensive_rank=offence[team],
            defensive_rank=defence[team],
            net_rank=net[team],
            pace_rank=pace[team],
        )
        for team, (games, in_all, speed, scored, allowed) in summed.items()
    }
