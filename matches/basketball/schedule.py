"""How games to be played land, and what else NBA Stats answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from matches.basketball import league
from matches.basketball.box_scores import land_box_scores
from matches.basketball.register import PlayerRegister
from matches.basketball.rows import BoxScoreRow, GameRow, PlayerRow
from matches.errors import RowRefused
from matches.landing import BATCH, Landed
from matches.models import ImportBatch, Match, Player, Season, Team
from matches.sources.rows import Refusal

_MOVED = ("external_id", "is_playoff", "date", "kickoff", "kickoff_is_exact", "status", "updated_at")


def land_nba_stats(rows: Sequence[Any], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write what an answer holds: box scores, games or players; call it in a transaction."""
    if rows and isinstance(rows[0], GameRow):
        return land_games(rows)
    if rows and isinstance(rows[0], PlayerRow):
        return land_players(rows)
    if any(not isinstance(row, BoxScoreRow) for row in rows):
        raise TypeError("An answer of NBA Stats holds rows of one kind.")
    return land_box_scores(rows, refusals, batch)


def land_games(rows: Sequence[GameRow]) -> Landed:
    """Write games to be played. One that was played keeps its day and result, and learns its tip-off."""
    return _Games().land(rows)


class _Games:
    def __init__(self) -> None:
        self.landed = Landed()
        self.league = league.nba()
        self.teams = league.teams()
        self._seasons: dict[str, Season] = {}
        self._by_id: dict[str, Match] = {}
        self._nameless: dict[tuple[Any, ...], Match] = {}

    def land(self, rows: Sequence[GameRow]) -> Landed:
        for match in Match.objects.filter(
            season__competition=self.league, season__code__in={row.season for row in rows}
        ):
            if match.external_id:
                self._by_id[match.external_id] = match
            else:
                self._nameless[match.home_id, match.away_id, match.date] = match
        new: list[Match] = []
        changed: list[Match] = []
        for row in rows:
            try:
                self._take(row, new, changed)
            except RowRefused as error:
                raw = {"GAME_ID": row.game_id, "home": row.home.tricode, "away": row.away.tricode}
                self.landed.refusals.append(Refusal(line=row.line, code=error.code, reason=str(error), raw=raw))
        Match.objects.bulk_create(new, batch_size=BATCH)
        Match.objects.bulk_update(changed, _MOVED, batch_size=200)
        self.landed.created, self.landed.updated = len(new), len(changed)
        return self.landed

    def _take(self, row: GameRow, new: list[Match], changed: list[Match]) -> None:
        home, away = self.teams[row.home.tricode], self.teams[row.away.tricode]
        match = self._by_id.get(row.game_id) or self._nameless.get((home.pk, away.pk, row.date))
        if match is None:
            match = self._new(row, home, away)
            self._by_id[row.game_id] = match
            new.append(match)
            return
        if (match.home_id, match.away_id) != (home.pk, away.pk):
            raise RowRefused("contradiction", f"Game {row.game_id} is here as one of other teams.")
        told = {name: value for name, value in _told(match, row).items() if getattr(match, name) != value}
        if not told:
            self.landed.unchanged += 1
            return
        for name, value in {**told, "updated_at": timezone.now()}.items():
            setattr(match, name, value)
        changed.append(match)

    def _new(self, row: GameRow, home: Team, away: Team) -> Match:
        if home == away:
            raise RowRefused("team_against_itself", f"{home.name} can't play against itself.")
        if row.season not in self._seasons:
            self._seasons[row.season] = league.season(self.league, row.season)
        match = Match(season=self._seasons[row.season], home=home, away=away, date=row.date)
        for name, value in _told(match, row).items():
            setattr(match, name, value)
        if row.tip_off_at is None:
            match.kickoff = league.tip_off(row.date)
        return match


def _told(match: Match, row: GameRow) -> dict[str, Any]:
    """Fields of a match as a scoreboard tells them."""
    told: dict[str, Any] = {"external_id": row.game_id, "is_playoff": league.is_playoff(row.game_id)}
    if not match.is_finished:
        told |= {"date": row.date, "status": Match.Status.POSTPONED if row.is_postponed else Match.Status.SCHEDULED}
        if match.pk and match.date != row.date:
            told |= {"kickoff": league.tip_off(row.date), "kickoff_is_exact": False}
    if row.tip_off_at is not None and (not match.is_finished or match.date == row.date):
        told |= {"kickoff": league.tip_off(row.date, row.tip_off_at), "kickoff_is_exact": True}
    return told


def land_players(rows: Sequence[PlayerRow]) -> Landed:
    """Enter players, and write the positions of those that are here. Who never played gets his team."""
    register, landed, teams = PlayerRegister(), Landed(), league.teams()
    new = {row.player_id for row in rows if row.player_id not in register}
    register.meet((row.player_id, row.player, row.position) for row in rows)
    joined: list[Player] = []
    for row in rows:
        player = register.of_id(row.player_id)
        if row.team is not None and player.team_id is None:
            player.team = teams[row.team.tricode]
            joined.append(player)
    Player.objects.bulk_update(joined, ["team"], batch_size=BATCH)
    touched = {player.external_id for player in joined} | register.repositioned
    landed.created, landed.updated = len(new), len(touched - new)
    landed.unchanged = len(rows) - landed.created - landed.updated
    return landed
