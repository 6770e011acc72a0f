"""The coach in the demonstration: games to compare with, models, and a player who has something to practise.

Everything is made by the verbs that everybody uses, and what is there from before is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from accounts.models import User
from matches.models import Playlist, RankedGame, RankGroup
from matches.rocket_league import own_rows
from matches.rocket_league.ranked_games import import_ranked_games
from matches.simulating_replays import simulate_player, simulate_ranked_games
from mlmodels import promotion, registry
from mlmodels.models import ModelVersion
from mlmodels.problem import get_problem
from mlmodels.selection import Selection
from predictions.demonstration.people import PLAYER
from predictions.demonstration.stage import Stage
from predictions.demonstration.training import train_one
from training import sessions
from training.analysing import PROBLEM, RANK_PROBLEM, analyse
from training.models import Category, Recommendation, SkillReport, TrainingSession
from training.recommending import recommend
from training.recommending.rating import rate
from training.sessions import Practice

FOLDER, TABLE = "rocket-league", "ballchasing_ranked_standard_rows_by_rank.csv"
PLAYLIST, RANK, WEAKNESS = Playlist.RANKED_STANDARD, RankGroup.DIAMOND, Category.BOOST_MANAGEMENT
RANKS = (RankGroup.GOLD, RankGroup.PLATINUM, RankGroup.DIAMOND, RankGroup.CHAMPION)
ROWS = 180
"""Simulated games of each of these ranks, if there are no real ones: what the models need, and little more."""

MATCHES = 25
FIRST = 13
"""The first report is made of so many matches, before anything was practised."""

SESSIONS = ((80, 25, 3), (72, 20, 3), (64, 30, 4), (40, 25, 4), (18, 20, 5))
"""Hours ago, minutes, how it went (1 to 5): from when the simulated player begins to get better."""


@dataclass(frozen=True, kw_only=True)
class Coached:
    """What the coach's part left behind."""

    player: str
    matches: int
    games: int
    """Games of known rank to compare with."""
    games_are_simulated: bool
    planted: Category
    report: SkillReport
    recommended: list[str]
    sessions: int
    models: dict[str, ModelVersion]


def show_coach(stage: Stage, *, data: Path | None = None, by: User | None = None) -> Coached:
    """Let the demonstration's player be coached. data: a folder, in or beside which may be real games of known rank.

    Raises the domain errors of its steps, and NothingToShow where a training gave no model.
    """
    _find_games(stage, data)
    models = {slug: _in_service(stage, slug, by=by) for slug in (RANK_PROBLEM, PROBLEM)}
    player = User.objects.get(email=PLAYER)
    _play(stage, player)
    with stage.step("Coaching the player"):
        report = _coach(player)
        recommended = recommend(report).recommendations
    stage.say(_verdict(report))
    games = RankedGame.objects.filter(playlist=PLAYLIST, is_simulated=report.benchmark["is_simulated"])
    return Coached(
        player=player.email,
        matches=own_rows.rows_of(player).count(),
        games=games.count(),
        games_are_simulated=report.benchmark["is_simulated"],
        planted=WEAKNESS,
        report=report,
        recommended=[str(one.pack or one.drill) for one in recommended],
        sessions=TrainingSession.objects.of(player).done().count(),
        models=models,
    )


def _find_games(stage: Stage, data: Path | None) -> None:
    """Real games of known rank, in the folder or beside it; else invented ones."""
    table = next((path for path in _tables(data) if path.is_file()), None)
    if table is not None:
        with stage.step(f"Importing {table.name}"):
            told = import_ranked_games(table, playlist=PLAYLIST)
        stage.say(f"{told.created} new games of known rank, {len(told.refused)} lines refused")
    elif not RankedGame.objects.exists():
        with stage.step("Simulating ranked games of Rocket League"):
            simulate_ranked_games(playlists=[PLAYLIST], rank_groups=RANKS, rows=ROWS)
        stage.say(f"{RankedGame.objects.count()} games of invented players of known rank")


def _tables(data: Path | None) -> list[Path]:
    if data is None:
        return []
    return [folder / "stats" / TABLE for folder in (data, data / FOLDER, data.resolve().parent / FOLDER)]


def _in_service(stage: Stage, slug: str, *, by: User | None) -> ModelVersion:
    """A champion stays: a person may have chosen it."""
    problem = get_problem(slug)
    champion = registry.champion(slug)
    if champion is not None:
        stage.say(f"{problem.title}: {champion} is in service already")
        return champion
    with stage.step(f"Training {problem.title}") as report:
        version = train_one(problem, problem.default_algorithm, Selection(), by=by, report=report)
    promotion.promote(version, by=by, reason="The first of its problem in the demonstration")
    return version


def _play(stage: Stage, player: User) -> None:
    """The player's matches, with a weakness that is known because it was planted, and that practice makes smaller."""
    if own_rows.rows_of(player).exists():
        stage.say("The player's matches are there already")
        return
    with stage.step("Simulating a player's matches"):
        simulate_player(
            player, matches=MATCHES, weakness=WEAKNESS, rank_group=RANK, playlist=PLAYLIST, now=timezone.now()
        )
    stage.say(f"{MATCHES} simulated matches of a {RANK.label} player who is weak at {WEAKNESS.label.lower()}")


def _coach(player: User) -> SkillReport:
    """A report on the first matches, what it recommends, practice of that, and a report on all matches."""
    replays = list(own_rows.rows_of(player, playlist=PLAYLIST).values_list("replay_id", flat=True))
    first = analyse(player, replay_ids=replays[:FIRST])
    recommended = recommend(first).recommendations
    if recommended and not TrainingSession.objects.of(player).exists():
        _practise(player, recommended)
    return analyse(player)


def _practise(player: User, recommended: Sequence[Recommendation]) -> None:
    """Sessions of what was recommended, an opinion of it, and one that is still to be done."""
    now = timezone.now()
    chosen = [one for one in recommended if one.category == WEAKNESS] or list(recommended)
    for place, (hours_ago, minutes, rating) in enumerate(SESSIONS):
        one = chosen[place % len(chosen)]
        done_at = now - timedelta(hours=hours_ago)
        sessions.log(player, Practice(recommendation=one), minutes=minutes, self_rating=rating, done_at=done_at)
    if practised := chosen[0].pack or chosen[0].drill:
        rate(player, practised, 5)
    sessions.plan(player, Practice(recommendation=chosen[-1]), on=sessions.today(player) + timedelta(days=1))


def _verdict(report: SkillReport) -> str:
    if not report.primary_weakness:
        return f"Nothing stands out in {len(report.matches)} matches"
    found = report.get_primary_weakness_display().lower()
    return f"What holds the player back: {found}, with a probability of {report.confidence:.2f}"
