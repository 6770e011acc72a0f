"""The coach's part of the demonstration, and the command that shows all of it."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from matches.models import RankedGame, RankGroup, Replay
from mlmodels.models import ModelVersion
from predictions import ledger
from predictions.demonstration.people import PLAYER, STAFF, people
from predictions.models import Prediction
from tests.predictions.test_demonstrating import Listener, tiny
from tests.training.rocket_league.ranked_rows import rows
from training import demonstrating
from training.demonstrating import Coached, show_coach
from training.management.commands import demo
from training.models import Category, SkillReport, TrainingSession

__all__ = ["tiny"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def player(db: None, storage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """The demonstration's people, and as few games to learn from as models are content with."""
    monkeypatch.setattr(demonstrating, "RANKS", (RankGroup.PLATINUM, RankGroup.DIAMOND))
    monkeypatch.setattr(demonstrating, "ROWS", 156)
    people(tmp_path)
    return User.objects.get(email=PLAYER)


def test_the_coach_finds_what_was_planted_and_a_second_run_keeps_it_all(player: User) -> None:
    stage = Listener()
    coached = show_coach(stage)
    assert (coached.player, coached.matches, coached.games_are_simulated) == (PLAYER, 25, True)
    assert coached.planted == coached.report.primary_weakness == Category.BOOST_MANAGEMENT
    assert set(coached.models) == {"rank-group", "weakness"}
    assert len(coached.recommended) == 5
    assert coached.sessions == 5
    assert TrainingSession.objects.of(player).filter(status="planned").count() == 1
    assert not Replay.objects.filter(is_simulated=False).exists()
    assert ledger.verify().ok

    before = [model.objects.count() for model in (SkillReport, Prediction, ModelVersion, TrainingSession, RankedGame)]
    again = show_coach(Listener())
    assert again.report == coached.report
    assert before == [
        model.objects.count() for model in (SkillReport, Prediction, ModelVersion, TrainingSession, RankedGame)
    ]


def test_real_games_in_or_beside_the_folder_are_taken(db: None, tmp_path: Path) -> None:
    table = tmp_path / "rocket-league" / "stats" / demonstrating.TABLE
    table.parent.mkdir(parents=True)
    [statistics] = rows(1)
    table.write_text(f"replay_id,rank,{','.join(statistics)}\nx,diamond-2,{','.join(map(str, statistics.values()))}\n")
    (tmp_path / "football").mkdir()
    for folder in (tmp_path / "football", tmp_path, tmp_path / "rocket-league"):
        stage = Listener()
        demonstrating._find_games(stage, folder)
        assert stage.steps == [f"Importing {demonstrating.TABLE}"]
    assert RankedGame.objects.get().is_simulated is False


@pytest.fixture
def coached(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command without the coach's own work."""

    def show(stage: object, *, data: Path | None, by: User) -> Coached:
        assert (data, by.email) == (None, STAFF)
        report = SkillReport(primary_weakness=Category.BOOST_MANAGEMENT, confidence=0.9)
        return Coached(
            player=PLAYER,
            matches=25,
            games=720,
            games_are_simulated=True,
            planted=Category.BOOST_MANAGEMENT,
            report=report,
            recommended=["Spend it"],
            sessions=5,
            models={},
        )

    monkeypatch.setattr(demo, "show_coach", show)


def test_the_command_tells_it_as_json_and_the_rest_aside(coached: None) -> None:
    out, aside = StringIO(), StringIO()
    call_command("demo", "--no-serve", "--json", stdout=out, stderr=aside)
    told = json.loads(out.getvalue())
    assert told["ledger"]["ok"]
    assert told["settled"] == 3
    assert {name.split("-2")[0] for name in told["models"]} == {"base-rate", "elo"}
    assert told["champion"] in told["models"]
    assert told["coach"]["primary_weakness"] == told["coach"]["planted"] == "boost_management"
    assert {person["email"] for person in told["people"]} == {STAFF, PLAYER}
    assert "Making the data set" in aside.getvalue()


def test_the_command_says_how_to_sign_in_and_to_serve(coached: None) -> None:
    out = StringIO()
    call_command("demo", "--no-serve", stdout=out)
    assert STAFF in out.getvalue()
    assert "Planted: Boost management. Found: Boost management (probability 0.90)" in out.getvalue()
    assert "To serve it: make run" in out.getvalue()
