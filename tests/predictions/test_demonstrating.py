"""The demonstration on tiny simulated leagues: all of it once, and nothing twice."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import User
from matches.errors import MatchDataError
from matches.models import Competition, Match
from matches.simulating import simulate_leagues
from matches.simulating_games import simulate_games
from mlmodels.models import ModelVersion
from mlmodels.problem import Progress, silent
from mlmodels.selection import Selection
from predictions import demonstrating
from predictions.demonstrating import demonstrate
from predictions.demonstration import props, rounds, training, watching
from predictions.demonstration.people import FILE, PLAYER, STAFF, people
from predictions.errors import NothingToShow
from predictions.models import Backtest, LoggedDay, MonitorReport, Prediction, Settlement
from tests.factories import MatchFactory

pytestmark = pytest.mark.django_db
CSV = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR\n"


class Listener:
    """A stage that remembers what was said on it."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.said: list[str] = []

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        self.steps.append(title)
        yield silent

    def say(self, words: str) -> None:
        self.said.append(words)


@pytest.fixture
def tiny(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    storage: Path,
    tmp_path: Path,
    time_machine: TimeMachineFixture,
) -> None:
    """One league of six teams, two quick algorithms, and one round; waiting for its kick-off moves the clock."""
    time_machine.move_to(datetime(2024, 11, 15, 12, tzinfo=UTC), tick=True)
    monkeypatch.setattr(rounds, "time", SimpleNamespace(sleep=time_machine.shift))
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(demonstrating, "simulate_leagues", partial(simulate_leagues, leagues=1, history=5, teams=6))
    monkeypatch.setattr(demonstrating, "play_rounds", partial(rounds.play_rounds, rounds=1))
    monkeypatch.setattr(training, "ALGORITHMS", ("base-rate", "elo"))
    monkeypatch.setattr(demonstrating, "offer_props", lambda stage, by: [])
    monkeypatch.setattr(demonstrating, "keep_score", lambda stage: None)
    monkeypatch.setattr(demonstrating, "backtest", lambda stage, by: None)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_second_run_keeps_everything_and_trains_nothing_new(tiny: None, tmp_path: Path) -> None:
    first = demonstrate(Listener())
    assert first.ledger.ok
    assert first.champion.role == ModelVersion.Role.CHAMPION
    assert [version.algorithm for version in first.trained.new] == ["base-rate", "elo"]
    assert (first.settled, first.matches) == (3, Match.objects.finished().count())
    assert first.predictions >= first.settled
    assert Competition.objects.filter(is_simulated=True).count() == 1
    told = (tmp_path / FILE).read_text()

    stage = Listener()
    second = demonstrate(stage)
    assert second.trained.new == []
    assert second.trained.versions == first.trained.versions
    assert (second.champion, second.settled) == (first.champion, first.settled)
    assert ModelVersion.objects.count() == 2
    assert (tmp_path / FILE).read_text() == told
    assert [person.password for person in second.people] == [person.password for person in first.people]
    assert "The simulated leagues are there already" in stage.said
    assert any("nothing changed since" in words for words in stage.said)
    assert f"The track record has {first.settled} settled predictions already" in stage.said


def test_the_champion_is_chosen_on_validation_rows(tiny: None) -> None:
    shown = demonstrate(Listener())
    losses = {version: version.metrics["validation"]["log_loss"] for version in shown.trained.versions}
    assert shown.champion == min(losses, key=lambda version: losses[version])
    audit = shown.champion.promotions.get()
    assert audit.evidence["validation_log_loss"] == {str(version): loss for version, loss in losses.items()}
    assert audit.decided_by == User.objects.get(email=STAFF)


def test_a_champion_that_a_person_chose_stays_where_nothing_new_was_trained(tiny: None) -> None:
    from mlmodels import promotion

    shown = demonstrate(Listener())
    other = next(version for version in shown.trained.versions if version != shown.champion)
    promotion.promote(other, by=None)
    assert demonstrate(Listener()).champion == other


def test_every_prediction_of_the_record_was_made_before_its_match(tiny: None) -> None:
    demonstrate(Listener())
    settled = Prediction.objects.settled().select_related("match")
    assert settled
    assert all(prediction.made_at < prediction.match.kickoff for prediction in settled if prediction.match)
    assert Settlement.objects.filter(prediction__match__status=Match.Status.FINISHED).count() == len(settled)


def test_a_folder_without_files_has_nothing_to_show(tiny: None, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises((NothingToShow, MatchDataError), match="empty"):
        demonstrate(Listener(), data=tmp_path / "empty")


def test_a_folder_of_files_that_are_none_has_nothing_to_show(tiny: None, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "E0.csv").write_text("no,match,here\n1,2,3\n")
    stage = Listener()
    with pytest.raises(NothingToShow, match=f"Nothing in {folder} could be imported"):
        demonstrate(stage, data=folder)
    assert any(words.startswith("E0.csv was not taken in: ") for words in stage.said)


def test_simulated_and_real_leagues_are_never_learned_from_together(tiny: None) -> None:
    simulate_leagues(leagues=1, history=8, teams=4)
    real = MatchFactory.create(finished=True)
    invented = training.last_seasons(simulated=True)
    assert invented.competitions == ("SIM1",)
    assert invented.date_from == date(2019, 7, 1)
    assert training.last_seasons(simulated=False) == Selection(
        competitions=(real.season.competition.code,), date_from=real.season.starts_on, date_to=real.date
    )


def test_fixtures_without_one_result_have_nothing_to_teach(tiny: None) -> None:
    with pytest.raises(NothingToShow, match="import some first"):
        training.last_seasons(simulated=True)


def test_a_training_that_fails_ends_it_in_the_trainings_words(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlmodels.artifacts.keep", lambda *_: (_ for _ in ()).throw(OSError("No space left")))
    with pytest.raises(NothingToShow, match=r"Training base-rate gave no model.*No space left"):
        demonstrate(Listener())


def test_the_passwords_are_random_and_for_their_owner_alone(db: None, tmp_path: Path) -> None:
    staff, player = people(tmp_path)
    assert (staff.email, staff.is_staff, player.email, player.is_staff) == (STAFF, True, PLAYER, False)
    assert staff.password
    assert staff.password != player.password
    assert mode(tmp_path / FILE) == 0o600
    account = User.objects.get(email=STAFF)
    assert account.is_staff
    assert account.check_password(staff.password)
    assert EmailAddress.objects.filter(user=account, verified=True, primary=True).exists()
    assert not User.objects.get(email=PLAYER).is_staff


def test_a_file_that_others_could_read_is_closed_when_it_is_written(db: None, tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    (tmp_path / FILE).chmod(0o644)
    people(tmp_path)
    assert mode(tmp_path / FILE) == 0o600


def test_people_are_kept_and_so_are_their_passwords(db: None, tmp_path: Path) -> None:
    assert people(tmp_path) == people(tmp_path)
    assert User.objects.count() == 2


def test_a_password_that_someone_changed_is_theirs_and_leaves_the_file(db: None, tmp_path: Path) -> None:
    people(tmp_path)
    account = User.objects.get(email=STAFF)
    account.set_password("my own secret words")
    account.save()
    staff, player = people(tmp_path)
    assert staff.password is None
    assert player.password
    assert STAFF not in (tmp_path / FILE).read_text()
    account.refresh_from_db()
    assert account.check_password("my own secret words")


def test_a_lost_file_changes_no_password(db: None, tmp_path: Path) -> None:
    before = people(tmp_path)
    (tmp_path / FILE).unlink()
    assert [person.password for person in people(tmp_path)] == [None, None]
    assert before[0].password
    assert User.objects.get(email=STAFF).check_password(before[0].password)


def test_the_runner_up_shadows_the_champion_and_score_is_kept(tiny: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for step in ("keep_score", "backtest"):
        monkeypatch.setattr(demonstrating, step, getattr(watching, step))
    shown = demonstrate(Listener())
    challenger = ModelVersion.objects.get(role=ModelVersion.Role.CHALLENGER)
    assert challenger in shown.trained.versions
    spoken = Prediction.objects.order_by().values_list("is_shadow", "model_version").distinct()
    assert set(spoken) == {(False, shown.champion.pk), (True, challenger.pk)}
    assert shown.shadows * 2 == shown.predictions
    assert MonitorReport.objects.filter(version=shown.champion).exists()
    assert challenger.promotions.filter(decision="keep-waiting").exists()
    assert LoggedDay.objects.get().rows == shown.predictions
    assert Backtest.objects.get().status == Backtest.Status.COMPLETED


def test_props_of_a_simulated_league_have_models_in_service(
    db: None, storage: Path, monkeypatch: pytest.MonkeyPatch, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2026, 3, 14, 12, tzinfo=UTC), tick=True)
    monkeypatch.setattr(props, "simulate_games", partial(simulate_games, history=2, teams=4))
    monkeypatch.setattr(props, "STATISTICS", ("points",))
    monkeypatch.setattr(props, "QUICK", {"rounds": 5, "least_weight": 5.0})
    stage = Listener()
    [version] = props.offer_props(stage, by=None)
    version.refresh_from_db()
    assert (version.problem, version.role) == ("player-props-points", ModelVersion.Role.CHAMPION)
    assert "Training player props: points" in stage.steps
    again = Listener()
    assert props.offer_props(again, by=None) == [version]
    assert again.said == [f"Player props: points: {version} is in service already"]
