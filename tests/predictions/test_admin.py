"""The admin of every app: each list and each row opens, quickly, and evidence can't be touched."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from matches.models import (
    Availability,
    BallchasingAccount,
    GameLine,
    ImportBatch,
    Match,
    Player,
    PlayerAlias,
    PlayerGame,
    PropLine,
    QuarantinedRow,
    RankedGame,
    Replay,
    ReplayOwner,
    ReplayPlayer,
    ScoreCorrection,
    SimulatedLeague,
    StatedRank,
    TeamAlias,
)
from matches.models.ballchasing import BallchasingSync, CallAllowance
from matches.models.box_scores import BOX_SCORE
from matches.models.news import LanguageModelDay, NewsItem, TextSignal
from mlmodels.models import (
    Dataset,
    FitPart,
    ModelVersion,
    Promotion,
    PromotionPolicy,
    SubjectReport,
    TrainingRun,
    TuningLogEntry,
    TuningStudy,
    TuningTrial,
)
from predictions.models import (
    Alert,
    AlertChannel,
    AlertDelivery,
    Backtest,
    DriftEvent,
    Experiment,
    ExperimentArm,
    LedgerHead,
    LoggedDay,
    MonitorReport,
    Prediction,
    Proposal,
    QualityReport,
    ReinforcementPolicy,
    RetrainingPolicy,
    Settlement,
)
from tests.factories import (
    BacktestFactory,
    DatasetFactory,
    MatchFactory,
    ModelVersionFactory,
    OddsFactory,
    PredictionFactory,
    RankedGameFactory,
    ReplayPlayerFactory,
    TrainingPackFactory,
    TrainingRunFactory,
    UserFactory,
)
from tests.predictions.alerting.raising import alerts_with_messages
from training.models import DiscordLink, PackFeedback, Recommendation, SkillReport, TrainingSession

pytestmark = pytest.mark.django_db
OURS = ("matches", "mlmodels", "predictions", "training")
REGISTERED = sorted(
    (model for model in admin.site._registry if model._meta.app_label in OURS), key=lambda model: model._meta.label
)
EVIDENCE: tuple[type[Model], ...] = (
    Prediction, Settlement, LedgerHead, Promotion, Dataset, TrainingRun, ImportBatch, QuarantinedRow, ScoreCorrection,
    Alert, AlertDelivery, Backtest, Proposal, DriftEvent, Experiment, LoggedDay, MonitorReport, QualityReport,
    TuningStudy, NewsItem, TextSignal, LanguageModelDay, FitPart, SubjectReport,
    BallchasingAccount, RankedGame, StatedRank, SkillReport, TrainingSession, PackFeedback,
)  # fmt: skip
PARTS = {
    ExperimentArm, PlayerAlias, TuningLogEntry, TuningTrial, ReplayOwner, ReplayPlayer, Recommendation, BallchasingSync,
    CallAllowance,
}  # fmt: skip
"""Rows that are shown with the one they belong to, or that only programs have a use for."""

TODAY = date(2024, 6, 1)
NOON = datetime(2024, 6, 1, 12, tzinfo=UTC)
SCORES = {"outcome": "home", "correct": True, "log_loss": 0.7, "brier": 0.4}


@pytest.fixture
def rows(staff: User) -> None:
    """Three rows and more of every model."""
    alerts_with_messages()
    for number in range(3):
        dataset = DatasetFactory.create()
        run = TrainingRunFactory.create(requested_by=staff, dataset=dataset)
        version = ModelVersionFactory.create(run=run, dataset=dataset)
        Promotion.objects.create(
            version=version, decision="promote", from_role="experimental", to_role="champion", decided_by=staff
        )
        proposed = ModelVersionFactory.create(role=ModelVersion.Role.CHALLENGER)
        Promotion.objects.create(version=proposed, decision="propose", from_role="challenger", to_role="challenger")
        PromotionPolicy.objects.create(problem="football-outcome", scope=f"player-{number}", updated_by=staff)
        BacktestFactory.create(requested_by=staff)
        watched(version, number)
        experiment = Experiment.objects.create(
            problem="football-outcome", name=f"Try {number}", unit=Experiment.Unit.USER, created_by=staff
        )
        ExperimentArm.objects.create(
            experiment=experiment, position=0, version=version, name="control", share=1, is_control=True
        )
        study = TuningStudy.objects.create(
            key=f"{number:064x}", problem="football-outcome", algorithm="elo", metric="rps", lower_is_better=True,
            space=[], split={}, dataset=dataset,
        )  # fmt: skip
        TuningTrial.objects.create(study=study, number=0)
        match = MatchFactory.create(finished=True)
        prediction = PredictionFactory.create(model_version=version, match=match)
        Settlement.objects.create(prediction=prediction, **SCORES)
        OddsFactory.create(match=match)
        SimulatedLeague.objects.get_or_create(competition=match.season.competition, defaults={"rules": {}})
        team = match.home
        TeamAlias.objects.create(team=team, country=team.country, alias=f"Alias {number}")
        batch = ImportBatch.objects.create(source="csv", filename="a.csv", sha256="0" * 64, started_by=staff)
        on_the_court(match, number)
        parts_of(run, dataset, number)
        in_the_arena(UserFactory.create())
        QuarantinedRow.objects.create(batch=batch, line=number + 2, code="bad_date", reason="No date.")
        ScoreCorrection.objects.create(
            match=match, batch=batch, old_home_goals=1, old_away_goals=1, new_home_goals=2, new_away_goals=1
        )
    LedgerHead.objects.create(pk=1)


def on_the_court(match: Match, number: int) -> None:
    """A player of the match, what he did, what was thought and written of him."""
    player = Player.objects.create(name=f"Player {number}", slug=f"player-{number}", external_id=str(number))
    PlayerAlias.objects.create(player=player, alias=player.name, key=f"player {number}")
    counted = dict.fromkeys(BOX_SCORE, 1)
    PlayerGame.objects.create(match=match, player=player, team=match.home, is_home=True, **counted)
    PropLine.objects.create(
        match=match, player=player, statistic="points", bookmaker="A", line="9.5", over_price="1.9", quoted_at=NOON
    )
    GameLine.objects.create(match=match, bookmaker="A", total="220.5")
    Availability.objects.create(player=player, date=TODAY, status="out", reported_at=NOON)
    item = NewsItem.objects.create(player=player, published_at=NOON, title="He is out.", sha256=f"{number:064x}")
    TextSignal.objects.create(
        item=item, provider="lexicon", version="1", injury=0.5, morale=0, motivation=0, answered_by="lexicon",
        scored_at=NOON,
    )  # fmt: skip
    LanguageModelDay.objects.create(day=TODAY + timedelta(days=number))


def in_the_arena(user: User) -> None:
    """A player with a replay, a report, something recommended, practised and liked."""
    row = ReplayPlayerFactory.create()
    ReplayOwner.objects.create(replay=row.replay, user=user)
    RankedGameFactory.create()
    StatedRank.objects.create(user=user, playlist="ranked-standard", rank_group="gold")
    BallchasingAccount.objects.create(user=user, encrypted_key="x")
    DiscordLink.objects.create(user=user)
    pack = TrainingPackFactory.create()
    PackFeedback.objects.create(user=user, pack=pack, rating=4)
    TrainingSession.objects.create(user=user, pack=pack, category="shooting", planned_for=TODAY)
    report = SkillReport.objects.create(
        user=user, playlist="ranked-standard", rank_group="gold", rank_source="stated", matches_hash="0" * 64
    )
    Recommendation.objects.create(
        report=report, place=1, pack=pack, category="shooting", score=0.5, weakness_relevance=0.5, difficulty_match=1,
        quality=0.5, preference=0.5, reasoning="It works on that.",
    )  # fmt: skip


def parts_of(run: TrainingRun, dataset: Dataset, number: int) -> None:
    FitPart.objects.create(run=run, dataset=dataset, rows=10, number=number, key=f"{number:064x}", subjects=["a"])
    SubjectReport.objects.create(run=run, lines={})


def watched(version: ModelVersion, number: int) -> None:
    """What a day of watching leaves behind."""
    day, problem = TODAY + timedelta(days=number), f"problem-{number}"
    MonitorReport.objects.create(version=version, problem=problem, day=day, window_from=day)
    DriftEvent.objects.create(
        version=version, problem=problem, day=day, window_from=NOON, window_to=NOON, rows=200, trained_rows=2000,
        features=[{"name": "elo_difference"}], sentence="The Elo difference has moved.",
    )  # fmt: skip
    QualityReport.objects.create(problem=problem, day=day)
    RetrainingPolicy.objects.create(problem=problem)
    ReinforcementPolicy.objects.create(problem=problem)
    LoggedDay.objects.create(day=day)


@pytest.fixture
def page(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def url(model: type[Model], name: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_model_of_ours_has_an_admin() -> None:
    from django.apps import apps

    models = {model for label in OURS for model in apps.get_app_config(label).get_models()}
    assert models - PARTS == set(REGISTERED)


@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_opens_and_asks_little(
    page: Client, rows: None, model: type[Model], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        answer = page.get(url(model, "changelist"))
    assert answer.status_code == 200
    assert answer.context["cl"].result_count > 0


@pytest.mark.parametrize("model", REGISTERED)
def test_every_list_can_be_searched(page: Client, rows: None, model: type[Model]) -> None:
    assert page.get(url(model, "changelist"), {"q": "nothing of the sort"}).status_code == 200


@pytest.mark.parametrize("model", REGISTERED)
def test_every_row_opens(page: Client, rows: None, model: type[Model]) -> None:
    row = model._default_manager.all()[0]
    assert page.get(url(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", REGISTERED)
def test_the_form_of_a_new_row_opens_where_there_is_one(page: Client, model: type[Model]) -> None:
    made_by_verbs = model in (*EVIDENCE, ModelVersion, SimulatedLeague, AlertChannel, Replay, DiscordLink)
    assert page.get(url(model, "add")).status_code == (403 if made_by_verbs else 200)


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_not_changed_or_deleted_even_by_a_superuser(page: Client, rows: None, model: type[Model]) -> None:
    row = model._default_manager.all()[0]
    assert page.post(url(model, "change", row.pk), {"reason": "x"}).status_code == 403
    assert page.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in page.get(url(model, "changelist")).content.decode()
    page.post(url(model, "changelist"), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
    assert model._default_manager.filter(pk=row.pk).exists()


def test_a_version_is_not_deleted(page: Client, rows: None) -> None:
    version = ModelVersion.objects.all()[0]
    assert page.post(url(ModelVersion, "delete", version.pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", REGISTERED)
def test_a_stranger_and_an_ordinary_person_get_nothing(client: Client, charlie: User, model: type[Model]) -> None:
    assert client.get(url(model, "changelist")).status_code == 302
    client.force_login(charlie)
    assert client.get(url(model, "changelist")).status_code in {302, 403}


@pytest.mark.parametrize("model", [Prediction, Settlement])
def test_predictions_are_settled_again(page: Client, rows: None, model: type[Model]) -> None:
    Settlement.objects.update(outcome="away", correct=False)
    chosen = [row.pk for row in model._default_manager.all()[:2]]
    answer = page.post(url(model, "changelist"), {"action": "settle_again", "_selected_action": chosen}, follow=True)
    assert "2 settlements written or changed." in answer.content.decode()
    assert Settlement.objects.filter(outcome="home", revision=2).count() == 2


def test_settling_what_stands_changes_nothing(page: Client, rows: None) -> None:
    data = {"action": "settle_again", "_selected_action": [row.pk for row in Settlement.objects.all()]}
    page.post(url(Settlement, "changelist"), data)
    answer = page.post(url(Settlement, "changelist"), data, follow=True)
    assert "Every settlement stood as it should." in answer.content.decode()
