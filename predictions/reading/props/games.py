"""A player's games, as his page shows them: counts, means, and what opponents allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from django.db.models import Case, Count, F, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from matches.models import Match, Player, PlayerGame, Season, Team
from matches.models.box_scores import PARTS
from predictions.charts.rolling import Outing

WINDOW = 10
"""Games that a rolling mean goes over."""

FEWEST = 3
"""A mean of fewer games is not drawn."""


@dataclass(frozen=True, kw_only=True)
class GameRow:
    """One line of the table of games. `mean` goes over the last ten up to this one."""

    line: PlayerGame
    match: Match
    opponent: Team
    count: int
    mean: float | None


@dataclass(frozen=True, kw_only=True)
class Means:
    """Means of a statistic and of minutes; None without games."""

    season: float | None
    season_games: int
    last: float | None
    last_games: int
    minutes: float | None


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """What a team gives away of a statistic a game; rank 1 gives away most."""

    team: Team
    per_game: float
    rank: int
    teams: int
    games: int


def games_of(player: Player, statistic: str, *, limit: int) -> list[GameRow]:
    """The last games, newest first, in one query."""
    lines = PlayerGame.objects.filter(player=player, match__status=Match.Status.FINISHED)
    found = lines.select_related("team", "match__home", "match__away", "match__season").order_by(
        "-match__date", "-match_id"
    )
    rows = list(found[: limit + WINDOW - 1])
    counts = [line.count(statistic) for line in rows]
    return [
        GameRow(
            line=line,
            match=line.match,
            opponent=line.match.away if line.team_id == line.match.home_id else line.match.home,
            count=counts[place],
            mean=_mean(counts[place : place + WINDOW]),
        )
        for place, line in enumerate(rows[:limit])
    ]


def outings(rows: Sequence[GameRow]) -> list[Outing]:
    """For the chart: oldest first."""
    return [
        Outing(
            date=row.match.date,
            opponent=row.opponent.abbreviation or row.opponent.name,
            count=row.count,
            minutes=row.line.minutes,
            mean=row.mean,
        )
        for row in reversed(rows)
    ]


def means_of(player: Player, statistic: str, rows: Sequence[GameRow]) -> Means:
    """Over the season of the latest game, and over the last ten of all. rows: newest first."""
    last = rows[:WINDOW]
    if not last:
        return Means(season=None, season_games=0, last=None, last_games=0, minutes=None)
    of_season = PlayerGame.objects.filter(player=player, match__season=last[0].match.season_id).aggregate(
        games=Count("pk"), total=Sum(_counted(statistic))
    )
    return Means(
        season=of_season["total"] / of_season["games"],
        season_games=of_season["games"],
        last=fmean(row.count for row in last),
        last_games=len(last),
        minutes=fmean(row.line.minutes for row in last),
    )


def allowed_by(team: Team, statistic: str, season: Season) -> Allowed | None:
    """What a team's opponents count against it a game in a season, and its rank among all; None before its first."""
    against = Case(When(is_home=True, then=F("match__away")), default=F("match__home"))
    lines: QuerySet[PlayerGame] = PlayerGame.objects.filter(match__season=season, match__status=Match.Status.FINISHED)
    rows = (
        lines.order_by()
        .annotate(against=against)
        .values("against")
        .annotate(total=Sum(_counted(statistic)), games=Count("match", distinct=True))
    )
    means = {row["against"]: (row["total"] / row["games"], row["games"]) for row in rows}
    if team.pk not in means:
        return None
    per_game, games = means[team.pk]
    rank = 1 + sum(other > per_game for other, _ in means.values())
    return Allowed(team=team, per_game=per_game, rank=rank, teams=len(means), games=games)


def _counted(statistic: str) -> Combinable:
    first, *more = PARTS[statistic]
    total: Combinable = F(first)
    for part in more:
        total = total + F(part)
    return total


def _mean(counts: Sequence[int]) -> float | None:
    return fmean(counts) if len(counts) >= FEWEST else None
