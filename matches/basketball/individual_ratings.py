"""Individual offensive and defensive ratings from box scores: points on a hundred of a player's possessions.

D. Oliver, Basketball on Paper (2004), as basketball-reference.com writes it out under "Calculating Individual Offensive
and Defensive Ratings". An estimate: NBA Stats' ratings of a player are his team's while he was on the court.
"""

from __future__ import annotations

from dataclasses import dataclass

from matches.basketball.sums import Sums, over, possessions


def offensive_rating(player: Sums, team: Sums, opponent: Sums) -> float | None:
    """100 points produced / possessions used; None of who ended no possession."""
    if not player.minutes or not team.field_goals_made or not team.minutes:
        return None
    share = _Offence.of(player, team, opponent)
    used = share.scoring_possessions(player, team) + share.lost_possessions(player)
    produced = share.points_produced(player, team)
    return over(100 * produced, used) if used > 0 else None


def defensive_rating(player: Sums, team: Sums, opponent: Sums) -> float | None:
    """Team's rating moved by a fifth towards what a player's own stops suggest."""
    in_all = possessions(team, opponent)
    scoring = _scoring_possessions(opponent)
    if not player.minutes or not team.minutes or not in_all or not scoring:
        return None
    of_team = 100 * opponent.points / in_all
    stopped = _stops(player, team, opponent) * opponent.minutes / (in_all * player.minutes)
    return of_team + 0.2 * (100 * opponent.points / scoring * (1 - stopped) - of_team)


@dataclass(frozen=True, slots=True)
class _Offence:
    """How a team's scoring is shared: `assisted` is the share of a player's baskets that were."""

    assisted: float
    rebound_weight: float
    play_share: float
    kept: float
    """What is left to shooters and passers after the rebounder's part."""

    lost_share: float
    """Of missed shots, those whose rebound the opponent took."""

    @classmethod
    def of(cls, player: Sums, team: Sums, opponent: Sums) -> _Offence:
        scoring = _scoring_possessions(team)
        plays = team.field_goals_attempted + 0.4 * team.free_throws_attempted + team.turnovers
        again = over(team.offensive_rebounds, team.offensive_rebounds + opponent.defensive_rebounds) or 0.0
        play_share = over(scoring, plays) or 0.0
        held = (1 - again) * play_share
        weight = over(held, held + again * (1 - play_share)) or 0.0
        kept = 1 - (over(team.offensive_rebounds, scoring) or 0.0) * weight * play_share
        return cls(_assisted(player, team), weight, play_share, kept, 1 - 1.07 * again)

    def scoring_possessions(self, player: Sums, team: Sums) -> float:
        own = player.field_goals_made * self._own_part(player)
        passed = 0.5 * _points_a_shot_of_others(player, team) * player.assists
        thrown = (1 - _miss(player) ** 2) * 0.4 * player.free_throws_attempted
        return (own + passed + thrown) * self.kept + self._rebounded(player)

    def lost_possessions(self, player: Sums) -> float:
        missed = (player.field_goals_attempted - player.field_goals_made) * self.lost_share
        return missed + _miss(player) ** 2 * 0.4 * player.free_throws_attempted + player.turnovers

    def points_produced(self, player: Sums, team: Sums) -> float:
        own = 2 * (player.field_goals_made + 0.5 * player.threes_made) * self._own_part(player)
        others = team.field_goals_made - player.field_goals_made
        worth = over(others + 0.5 * (team.threes_made - player.threes_made), others) or 0.0
        passed = 2 * worth * 0.5 * _points_a_shot_of_others(player, team) * player.assists
        rebounded = self._rebounded(player) * (over(team.points, _scoring_possessions(team)) or 0.0)
        return (own + passed + player.free_throws_made) * self.kept + rebounded

    def _own_part(self, player: Sums) -> float:
        from_field = over(player.points - player.free_throws_made, 2 * player.field_goals_attempted) or 0.0
        return 1 - 0.5 * from_field * self.assisted

    def _rebounded(self, player: Sums) -> float:
        return player.offensive_rebounds * self.rebound_weight * self.play_share


def _assisted(player: Sums, team: Sums) -> float:
    """Oliver's qAST: the share of a player's baskets that team-mates are thought to have prepared."""
    court = player.minutes / (team.minutes / 5)
    while_on = 1.14 * (team.assists - player.assists) / team.field_goals_made
    per_minute = player.minutes * 5 / team.minutes
    others = team.field_goals_made * per_minute - player.field_goals_made
    while_off = over(team.assists * per_minute - player.assists, others) or 0.0
    return court * while_on + while_off * (1 - court)


def _points_a_shot_of_others(player: Sums, team: Sums) -> float:
    points = (team.points - team.free_throws_made) - (player.points - player.free_throws_made)
    return over(points, 2 * (team.field_goals_attempted - player.field_goals_attempted)) or 0.0


def _scoring_possessions(side: Sums) -> float:
    """Possessions in which a side scored: baskets, and trips to the line with at least one throw made."""
    return side.field_goals_made + (1 - _miss(side) ** 2) * 0.4 * side.free_throws_attempted


def _miss(side: Sums) -> float:
    """Share of free throws missed; all of none."""
    made = over(side.free_throws_made, side.free_throws_attempted)
    return 1.0 if made is None else 1 - made


def _stops(player: Sums, team: Sums, opponent: Sums) -> float:
    """Opponents' possessions a player ended: by his own deeds, and as a share of what his team stopped besides."""
    made = over(opponent.field_goals_made, opponent.field_goals_attempted) or 0.0
    again = over(opponent.offensive_rebounds, opponent.offensive_rebounds + team.defensive_rebounds) or 0.0
    weight = over(made * (1 - again), made * (1 - again) + (1 - made) * again) or 0.0
    forced = weight * (1 - 1.07 * again)
    own = player.steals + player.blocks * forced + player.defensive_rebounds * (1 - weight)
    missed = opponent.field_goals_attempted - opponent.field_goals_made - team.blocks
    shared = (missed * forced + opponent.turnovers - team.steals) / team.minutes * player.minutes
    fouled = over(player.fouls, team.fouls) or 0.0
    return own + shared + fouled * 0.4 * opponent.free_throws_attempted * _miss(opponent) ** 2
