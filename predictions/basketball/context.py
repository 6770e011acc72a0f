"""What was known of players before a day: form, circumstances, opponent; for many in as many queries as for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.utils import timezone

from matches.models import Availability, Match, Player, PlayerGame, Season, Sport, Team
from predictions.basketball import naming, rosters, table
from predictions.basketball.locating import Refused, coming_games, players_called
from predictions.basketball.past_games import RECENT, PastGames
from predictions.basketball.props import Game, PlayerProp
from predictions.basketball.questions import check_day
from predictions.basketball.serving_rows import NOBODY, asked
from predictions.basketball.team_figures import team_figures
from predictions.canonical import content_hash

if TYPE_CHECKING:
    import numpy as np

    from predictions.basketball.asked import Asked
    from predictions.basketball.box_scores import BoxScores

KEPT_FOR = 6 * 3600
"""Seconds."""

DIGITS = 4
ROLLING = {
    "last_3": "last_3",
    "last_5": "last_5",
    "last_10": "last_10",
    "last_20": "last_20",
    "ema": "ema",
    "weighted_10": "weighted_10",
    "standard_deviation_10": "spread_10",
    "least_10": "least_10",
    "most_10": "most_10",
    "median_10": "median_10",
    "slope_10": "slope_10",
    "momentum": "momentum",
}
"""What is told of form, by the feature it is; of minutes the same, where there is one."""

CIRCUMSTANCES = {
    "rest_days": "rest",
    "own_rest_days": "own_rest",
    "is_back_to_back": "is_back_to_back",
    "rest_advantage": "rest_advantage",
    "games_in_7_days": "games_in_7_days",
    "travel_km": "travel",
    "time_zones": "time_zones",
    "altitude_m": "altitude",
    "missed_in_a_row": "missed_in_a_row",
    "vacated_minutes": "vacated_minutes",
}
YES_OR_NO = frozenset({"is_back_to_back"})
NEEDS_A_GAME = frozenset({"rest_advantage", "travel_km", "time_zones", "altitude_m"})


@dataclass(frozen=True, kw_only=True)
class Known:
    """A player and the game of a day, or the place of one where he has none."""

    player: Player
    game: Game
    team: Team | None
    match: Match | None

    @property
    def key(self) -> tuple[int, date]:
        return self.player.pk, self.game.day


@dataclass(frozen=True, kw_only=True)
class Teams:
    """By id those that are named; by day and competition the ratings of all."""

    named: Mapping[int, Team]
    ratings: Mapping[tuple[date, str], Mapping[int, Mapping[str, Any]]]


def contexts(names: Sequence[str], statistic: str, day: date | None = None) -> list[dict[str, Any] | Refused]:
    """What was known of each player before a day, or why it can't be told; in the order asked.

    day: None means that of the next game of each one's team, today where none is scheduled. Kept for six hours, unless
    games came in. Raises InvalidDay.
    """
    if day is not None:
        check_day(day, timezone.now().date())
    found = players_called([(name, "") for name in names])
    known = _known([one for one in found if isinstance(one, Player)], day)
    told = _kept(list(known.values()), statistic)
    return [told[one.pk] if isinstance(one, Player) else one for one in found]


def _kept(known: Sequence[Known], statistic: str) -> dict[int, dict[str, Any]]:
    data = table.stamp()
    reports = rosters.reported({one.player.pk for one in known}, {one.game.day for one in known})
    keys = {one.player.pk: _key(one, statistic, data) for one in known}
    held = cache.get_many(keys.values())
    fresh = [one for one in known if keys[one.player.pk] not in held]
    if fresh:
        made = {keys[one.player.pk]: told for one, told in zip(fresh, _told(fresh, statistic, data), strict=True)}
        cache.set_many(made, KEPT_FOR)
        held |= made
    return {
        one.player.pk: {**held[keys[one.player.pk]], "availability": _availability(one, reports.get(one.key))}
        for one in known
    }


def _key(known: Known, statistic: str, data: str) -> str:
    game = known.game
    about = [known.player.pk, statistic, game.day.isoformat(), game.match_id, game.team_id, data]
    return f"context/{content_hash({'about': about})}"


def _availability(known: Known, report: Availability | None) -> dict[str, Any] | None:
    """The last report on him for the day, where it came before the game."""
    if report is None or report.reported_at > known.game.tip_off:
        return None
    return {"status": report.status, "reason": report.reason, "reported_by": report.source}


def _known(players: Sequence[Player], day: date | None) -> dict[int, Known]:
    """By player's id the game of the day from his team's side."""
    people = list({player.pk: player for player in players}.values())
    if not people:
        return {}
    today = timezone.now().date()
    teams = _teams_on(people, day, today)
    if day is None:
        coming = coming_games(teams.values(), timezone.now())
        games = {pk: coming[team.pk][0] for pk, team in teams.items() if team.pk in coming}
    else:
        games = _on(day, teams)
    usual = _usual_seasons(day or today)
    return {
        player.pk: _of(player, teams.get(player.pk), games.get(player.pk), day or today, usual) for player in people
    }


def _of(player: Player, team: Team | None, match: Match | None, day: date, seasons: Mapping[bool, Season]) -> Known:
    if match is not None and team is not None:
        return Known(player=player, team=team, match=match, game=naming.of_match(match, team))
    season = seasons.get(player.is_simulated)
    game = Game(
        competition=season.competition.code if season else "",
        season=season.code if season else "",
        team_id=team.pk if team else NOBODY,
        opponent_id=None,
        is_home=True,
        is_playoff=False,
        day=day,
        tip_off=timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time())),
        supposed="His team plays no game on this day that is known.",
    )
    return Known(player=player, team=team, match=None, game=game)


def _teams_on(players: Sequence[Player], day: date | None, today: date) -> dict[int, Team]:
    """Whom each played for on a day, or last before it; from today on his present team."""
    present = {player.pk: player.team for player in players if player.team is not None}
    if day is None or day >= today:
        return present
    lines = PlayerGame.objects.of_players(player.pk for player in players).filter(match__date__lte=day)
    played: dict[int, int] = dict(lines.order_by("match__date", "pk").values_list("player_id", "team_id"))
    teams = Team.objects.in_bulk(list(set(played.values())))
    return present | {pk: teams[team_id] for pk, team_id in played.items()}


def _on(day: date, teams: Mapping[int, Team]) -> dict[int, Match]:
    by_team: dict[int, Match] = {}
    for match in table.basketball().between(day, day).with_names().order_by("-kickoff"):
        by_team[match.home_id] = by_team[match.away_id] = match
    return {pk: by_team[team.pk] for pk, team in teams.items() if team.pk in by_team}


def _usual_seasons(day: date) -> dict[bool, Season]:
    """The season of a day, or the last one before it, of real and of simulated basketball."""
    seasons = Season.objects.filter(competition__sport=Sport.BASKETBALL, starts_on__lte=day)
    ordered = seasons.select_related("competition").order_by("starts_on", "pk")
    return {season.competition.is_simulated: season for season in ordered}


def _told(known: Sequence[Known], statistic: str, data: str) -> list[dict[str, Any]]:
    """What the features say, by the code that models are taught with; none of the day itself or later."""
    import numpy as np

    from predictions.basketball.asked import Asked
    from predictions.basketball.features import features

    box, order = _rows(known)
    rows = np.arange(len(box))
    columns = features(box, rows, statistic=statistic)
    asked_rows = Asked(box, rows)
    places = np.argsort(order).tolist()
    past = [_past(asked_rows, place) for place in places]
    teams = _teams(known, past, data)
    return [
        _context(one, games, {name: _number(column[place]) for name, column in columns.items()}, statistic, teams)
        for one, games, place in zip(known, past, places, strict=True)
    ]


def _rows(known: Sequence[Known]) -> tuple[BoxScores, np.ndarray]:
    props = [PlayerProp(player_id=one.player.pk, player_name="", line=None, game=one.game) for one in known]
    return asked(props)


def _past(rows: Asked, place: int) -> PastGames:
    return PastGames(
        history=rows.history,
        start=int(rows.start[place]),
        season_start=int(rows.season_start[place]),
        end=int(rows.end[place]),
    )


def _teams(known: Sequence[Known], past: Sequence[PastGames], data: str) -> Teams:
    """Every team that the answers name, and the ratings of each day and competition."""
    ids = {int(team) for games in past for team in games.history.opponent[games.start : games.end][-RECENT:]}
    ids |= {one.game.opponent_id for one in known if one.game.opponent_id is not None}
    days = {(one.game.day, one.game.competition) for one in known if one.match is not None}
    ratings = {(day, code): team_figures(day, code, data=data) for day, code in days}
    return Teams(named=Team.objects.in_bulk(list(ids)), ratings=ratings)


def _number(value: Any) -> float | None:
    number = float(value)
    return None if number != number else round(number, DIGITS)


def _context(
    known: Known, past: PastGames, told: Mapping[str, float | None], statistic: str, teams: Teams
) -> dict[str, Any]:
    player, game = known.player, known.game
    season = past.of_season
    minutes = {name: told[f"minutes_{feature}"] for name, feature in ROLLING.items()}
    return {
        "player": {"id": player.pk, "name": player.name, "position": player.position, "team": _name(known.team)},
        "stat_type": statistic,
        "game_date": game.day.isoformat(),
        "game": _game(known),
        "games_known": len(past),
        "recent_games": [
            {**row, "opponent": _name(teams.named.get(row["opponent"]))} for row in past.recent(statistic)
        ],
        "season_average": _season(past, slice(past.season_start, past.end), statistic),
        "previous_season_average": _season(past, past.last_season_before(past.season_start), statistic),
        "rolling_averages": {name: told[feature] for name, feature in ROLLING.items()},
        "rolling_minutes": minutes,
        "contextual_factors": _circumstances(known, told),
        "opponent_info": _opponent(known, past, told, statistic, teams),
        "advanced_metrics": {
            "season": past.season_name(season),
            "games": season.stop - season.start,
            **past.advanced(season),
        },
        "notes": _notes(known, past),
        "is_simulated": player.is_simulated,
    }


def _name(team: Team | None) -> str | None:
    return team.name if team is not None else None


def _game(known: Known) -> dict[str, Any] | None:
    if known.match is None:
        return None
    kickoff = f"{known.game.tip_off:%Y-%m-%dT%H:%M:%SZ}"
    return {"match": known.match.pk, "tip_off": kickoff, "home": known.game.is_home, "season": known.game.season}


def _recent(past: PastGames, statistic: str, teams: Teams) -> list[dict[str, Any]]:
    return [{**row, "opponent": _name(teams.named.get(row["opponent"]))} for row in past.recent(statistic)]


def _season(past: PastGames, games: slice, statistic: str) -> dict[str, Any]:
    return {
        "season": past.season_name(games),
        "games": games.stop - games.start,
        "mean": past.mean(statistic, games),
        "minutes": past.mean("minutes", games),
    }


def _circumstances(known: Known, told: Mapping[str, float | None]) -> dict[str, Any]:
    """Where no game is known, what depends on one is null."""
    found: dict[str, Any] = {name: told[feature] for name, feature in CIRCUMSTANCES.items()}
    found |= {name: bool(found[name]) for name in YES_OR_NO}
    if known.match is None:
        found |= dict.fromkeys(NEEDS_A_GAME)
    played = known.match is not None
    return {
        "is_home": known.game.is_home if played else None,
        "is_playoff": known.game.is_playoff if played else None,
        **found,
    }


def _opponent(
    known: Known, past: PastGames, told: Mapping[str, float | None], statistic: str, teams: Teams
) -> dict[str, Any] | None:
    """Ratings of the season before the day; `allows`: what its opponents count of the statistic in 48 minutes."""
    pk = known.game.opponent_id
    if pk is None:
        return None
    team = teams.named[pk]
    return {
        "team": team.name,
        "abbreviation": team.abbreviation,
        "ratings": teams.ratings[known.game.day, known.game.competition].get(pk),
        "allows": told["opponent_allows"],
        "recent_defensive_rank": told["opponent_rank"],
        "against": past.against(pk, statistic),
    }


def _notes(known: Known, past: PastGames) -> list[str]:
    found = [known.game.supposed] if known.game.supposed else []
    if not len(past):
        found.append("No game of this player before this day is known.")
    elif past.season_start == past.end:
        found.append("He has not played in this season yet: advanced metrics are of the last one he played in.")
    return found
