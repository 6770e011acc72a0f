"""How box scores land: games are found or made from their players' lines, and only what differs is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from matches.basketball import league
from matches.basketball.register import PlayerRegister
from matches.basketball.rows import BoxScoreRow
from matches.errors import RowRefused
from matches.landing import BATCH, Landed
from matches.models import ImportBatch, Match, PlayerGame, ScoreCorrection, Season, Team
from matches.models.box_scores import BOX_SCORE
from matches.sources.rows import Refusal

WHOLE_MINUTES = 216
"""Nine tenths of the 240 that five players play in 48 minutes; with fewer on a side, lines of it are missing."""

_GAME_FIELDS = (
    "external_id", "date", "kickoff", "kickoff_is_exact", "status", "is_playoff", "home_goals", "away_goals",
    "updated_at",
)  # fmt: skip


def land_box_scores(rows: Sequence[BoxScoreRow], refusals: Sequence[Refusal], batch: ImportBatch) -> Landed:
    """Write players' lines and their games; call it in a transaction.

    A game is over, with its sums of points as the score, where both sides' lines are whole and none was refused.
    """
    return _BoxScores(batch, spoiled={refusal.raw.get("GAME_ID", "").zfill(10) for refusal in refusals}).land(rows)


@dataclass
class _Game:
    """A match, whether it is new, and the lines known of it by player."""

    match: Match
    is_new: bool
    lines: dict[int, PlayerGame] = field(default_factory=dict)
    told: dict[int, BoxScoreRow] = field(default_factory=dict)
    is_changed: bool = False
    has_news: bool = False


class _BoxScores:
    def __init__(self, batch: ImportBatch, *, spoiled: set[str]) -> None:
        self.batch = batch
        self.spoiled = spoiled
        self.landed = Landed()
        self.league = league.nba()
        self.teams = league.teams()
        self.players = PlayerRegister()
        self._games: dict[str, _Game] = {}
        self._seasons: dict[str, Season] = {}
        self._new: list[PlayerGame] = []
        self._changed: dict[int, PlayerGame] = {}
        self._corrections: list[ScoreCorrection] = []

    def land(self, rows: Sequence[BoxScoreRow]) -> Landed:
        by_game: dict[str, list[BoxScoreRow]] = defaultdict(list)
        for row in rows:
            by_game[row.game_id].append(row)
        self._find_games(by_game)
        self.players.meet((row.player_id, row.player, row.position) for row in rows)
        for row in rows:
            try:
                self._take(row)
            except RowRefused as error:
                self.landed.refusals.append(_refusal(row, error))
                if error.code != "duplicate_line":
                    self.spoiled.add(row.game_id)
        self._settle_scores()
        self._write()
        self.players.move_to_latest_teams(
            (line.player_id, game.match.date, line.team_id)
            for game in self._games.values()
            for line in game.lines.values()
        )
        return self.landed

    def _find_games(self, by_game: Mapping[str, Sequence[BoxScoreRow]]) -> None:
        """The games that the rows name: by their id, else by day and teams, else new ones."""
        seasons = {rows[0].season for rows in by_game.values()}
        held = Match.objects.filter(season__competition=self.league, season__code__in=seasons)
        held = held.select_related("home", "away")
        known = {match.external_id: match for match in held if match.external_id}
        nameless = {(match.home_id, match.away_id, match.date): match for match in held if not match.external_id}
        for game_id, rows in by_game.items():
            match = known.get(game_id) or self._same_day(nameless, rows)
            if match is not None:
                self._games[game_id] = _Game(match, is_new=False)
        matches = {game.match.pk: game for game in self._games.values()}
        for start in range(0, len(ids := list(matches)), BATCH):
            for line in PlayerGame.objects.filter(match__in=ids[start : start + BATCH]):
                matches[line.match_id].lines[line.player_id] = line

    def _same_day(self, nameless: Mapping[tuple[int, int, date], Match], rows: Sequence[BoxScoreRow]) -> Match | None:
        home, away = self._sides(rows[0])
        return nameless.get((home.pk, away.pk, rows[0].date)) if rows[0].date else None

    def _sides(self, row: BoxScoreRow) -> tuple[Team, Team]:
        own, other = self.teams[row.team.tricode], self.teams[row.opponent.tricode]
        return (own, other) if row.is_home else (other, own)

    def _take(self, row: BoxScoreRow) -> None:
        game = self._game(row)
        player = self.players.of_id(row.player_id)
        if first := game.told.get(player.pk):
            self._refuse_contradiction(first, row)
            self.landed.unchanged += 1
            return
        game.told[player.pk] = row
        values = {"team_id": self.teams[row.team.tricode].pk, "is_home": row.is_home, **row.numbers}
        line = game.lines.get(player.pk)
        if line is None:
            line = PlayerGame(match=game.match, player=player, **values)
            game.lines[player.pk] = line
            self._new.append(line)
            game.has_news = True
        else:
            self._update(game, line, values)

    def _refuse_contradiction(self, first: BoxScoreRow, row: BoxScoreRow) -> None:
        if (first.team, first.numbers) != (row.team, row.numbers):
            raise RowRefused(
                "duplicate_line", f"Line {first.line} tells this player's game otherwise: the first stands."
            )

    def _update(self, game: _Game, line: PlayerGame, values: Mapping[str, object]) -> None:
        told = {name: value for name, value in values.items() if _differs(name, getattr(line, name), value)}
        if not told:
            self.landed.unchanged += 1
            return
        for name, value in told.items():
            setattr(line, name, value)
        self._changed[line.pk] = line
        game.has_news = True

    def _game(self, row: BoxScoreRow) -> _Game:
        game = self._games.get(row.game_id)
        home, away = self._sides(row)
        if game is None:
            game = self._games[row.game_id] = _Game(self._new_match(row, home, away), is_new=True)
        match = game.match
        if (match.home_id, match.away_id) != (home.pk, away.pk):
            raise RowRefused(
                "contradiction",
                f"Game {row.game_id} is {match.home} against {match.away}, not the pairing of this line.",
            )
        self._correct_day(game, row)
        return game

    def _correct_day(self, game: _Game, row: BoxScoreRow) -> None:
        match = game.match
        if match.external_id != row.game_id:
            match.external_id, match.is_playoff = row.game_id, league.is_playoff(row.game_id)
            game.is_changed = True
        if row.date is None or match.date == row.date:
            return
        if game.told or game.is_new:
            raise RowRefused("contradiction", f"Game {row.game_id} is on {match.date} by an earlier line of this file.")
        match.date, match.kickoff, match.kickoff_is_exact = row.date, league.tip_off(row.date), False
        game.is_changed = True

    def _new_match(self, row: BoxScoreRow, home: Team, away: Team) -> Match:
        if row.date is None:
            raise RowRefused("unknown_game", f"Game {row.game_id} is not here, and this file does not tell its day.")
        if row.season not in self._seasons:
            self._seasons[row.season] = league.season(self.league, row.season)
        return Match(
            season=self._seasons[row.season],
            home=home,
            away=away,
            date=row.date,
            kickoff=league.tip_off(row.date),
            external_id=row.game_id,
            is_playoff=league.is_playoff(row.game_id),
        )

    def _settle_scores(self) -> None:
        """Give games their scores. Where lines are missing, or the sums contradict who won, none is given."""
        left: list[str] = []
        for game_id, game in self._games.items():
            score = None if game_id in self.spoiled else _score(game)
            if score is not None:
                self._set_score(game, *score)
            elif not game.match.is_finished and game.lines:
                left.append(game_id)
        if left:
            words = (
                f"{len(left)} games are left without a result, since lines of them are missing: {', '.join(left[:5])}."
            )
            self.landed.warnings.append(words)
        self.landed.notes["games_without_result"] = len(left)

    def _set_score(self, game: _Game, home: int, away: int) -> None:
        match = game.match
        if match.is_finished and (match.home_goals, match.away_goals) == (home, away):
            return
        if match.is_finished:
            before = {"old_home_goals": match.home_goals, "old_away_goals": match.away_goals}
            after = {"new_home_goals": home, "new_away_goals": away}
            self._corrections.append(ScoreCorrection(match=match, batch=self.batch, **before, **after))
        match.home_goals, match.away_goals, match.status = home, away, Match.Status.FINISHED
        game.is_changed = game.has_news = True

    def _write(self) -> None:
        games = self._games.values()
        now = timezone.now()
        changed = [game.match for game in games if game.is_changed and not game.is_new]
        for match in changed:
            match.updated_at = now
        new = [game.match for game in games if game.is_new]
        Match.objects.bulk_create(new, batch_size=BATCH)
        Match.objects.bulk_update(changed, _GAME_FIELDS, batch_size=200)
        for line in self._new:
            line.match_id = line.match.pk
        PlayerGame.objects.bulk_create(self._new, batch_size=BATCH)
        if self._changed:
            PlayerGame.objects.bulk_update(self._changed.values(), ["team", "is_home", *BOX_SCORE], batch_size=100)
        ScoreCorrection.objects.bulk_create(self._corrections)
        self.landed.created, self.landed.updated = len(self._new), len(self._changed)
        self.landed.notes |= {
            "games": len(self._games),
            "new_games": len(new),
            "new_players": self.players.created,
            "corrected_box_scores": len(self._changed),
            "corrected_scores": len(self._corrections),
        }
        self.landed.changed_results = [game.match.pk for game in games if game.has_news and game.match.is_finished]


def _differs(name: str, known: Any, told: Any) -> bool:
    """Whether a source tells a value otherwise; minutes that it rounds do not contradict those to the second."""
    if told is None or known == told:
        return False
    return not (name == "minutes" and float(told).is_integer() and abs(known - told) < 1)


def _score(game: _Game) -> tuple[int, int] | None:
    """Points of either side, home first; None where lines are missing or the sums contradict who won."""
    home = [line for line in game.lines.values() if line.is_home]
    away = [line for line in game.lines.values() if not line.is_home]
    if any(sum(line.minutes for line in side) < WHOLE_MINUTES for side in (home, away)):
        return None
    score = sum(line.points for line in home), sum(line.points for line in away)
    for row in game.told.values():
        if row.won is not None and row.won != ((score[0] > score[1]) == row.is_home):
            return None
    return None if score[0] == score[1] else score


def _refusal(row: BoxScoreRow, error: RowRefused) -> Refusal:
    raw = {"GAME_ID": row.game_id, "PLAYER_NAME": row.player, "TEAM": row.team.tricode, "date": str(row.date)}
    raw |= {name: str(value) for name, value in row.numbers.items()}
    return Refusal(line=row.line, code=error.code, reason=str(error), raw=raw, competition=row.competition)
