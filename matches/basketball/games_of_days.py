"""Which game a line is about: by its teams and the day that a bookmaker's feed tells."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from matches.basketball.league import CODE, EASTERN, TeamFacts, tip_off
from matches.errors import RowRefused
from matches.models import Match, PlayerGame

A_DAY = timedelta(days=1)
LATEST_TIP_OFF = time(23)
"""US Eastern; where only the day is known, a quote after it came after the tip-off."""


class GamesOfDays:
    """The games of some days, read once. Feeds write the day in the US or in UTC, where late games are a day on."""

    def __init__(self, days: Iterable[date]) -> None:
        told = set(days)
        around = {day - A_DAY for day in told} | told
        held = Match.objects.filter(season__competition__code=CODE, date__gte=min(around), date__lte=max(around))
        held = held.select_related("home", "away") if around else Match.objects.none()
        self._games = {(match.date, match.home.abbreviation, match.away.abbreviation): match for match in held}
        self._rosters: dict[int, tuple[int, ...]] = {}

    def game(self, day: date, *, home: TeamFacts, away: TeamFacts, quoted_at: datetime | None = None) -> Match:
        """Raises RowRefused where there is no such game, or where two could be meant."""
        on_day = self._games.get((day, home.tricode, away.tricode))
        before = self._games.get((day - A_DAY, home.tricode, away.tricode)) if quoted_at is not None else None
        if on_day and before and quoted_at and quoted_at.astimezone(EASTERN).date() < day:
            raise RowRefused(
                "ambiguous_game", f"{home.name} met {away.name} on {day - A_DAY} and on {day}: either may be meant."
            )
        found = on_day or before
        if found is None:
            raise RowRefused(
                "unknown_game",
                f"{home.name} did not meet {away.name} on {day}: import the games, then this file again.",
            )
        if quoted_at is not None and quoted_at >= _latest_start(found):
            raise RowRefused("late_quote", f"It was quoted at {quoted_at:%Y-%m-%d %H:%M} UTC, after the tip-off.")
        return found

    def players_of(self, match: Match) -> tuple[int, ...]:
        """Who played in a game, or, before it is played, whose latest teams are its two."""
        if match.pk not in self._rosters:
            played = PlayerGame.objects.filter(match=match).order_by().values_list("player_id", flat=True)
            self._rosters[match.pk] = tuple(played) or tuple(
                player for team in (match.home, match.away) for player in team.players.values_list("pk", flat=True)
            )
        return self._rosters[match.pk]


def _latest_start(match: Match) -> datetime:
    return match.kickoff if match.kickoff_is_exact else tip_off(match.date, LATEST_TIP_OFF)
