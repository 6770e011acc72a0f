"""Rows for tests, made with plain sequences so that every run is the same."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from matches.models import (
    Competition,
    Match,
    Odds,
    Playlist,
    RankedGame,
    RankGroup,
    Replay,
    ReplayPlayer,
    Season,
    Team,
)
from mlmodels.models import Dataset, ModelVersion, TrainingRun
from predictions.models import Backtest, Prediction
from training.models import Category, Drill, TrainingPack

FIRST_DAY = date(2023, 8, 12)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    password = factory.django.Password("correct horse battery staple")


class CompetitionFactory(DjangoModelFactory[Competition]):
    class Meta:
        model = Competition
        django_get_or_create = ("code",)

    code = "E0"
    name = "Premier League"
    country = "England"


class SeasonFactory(DjangoModelFactory[Season]):
    class Meta:
        model = Season
        django_get_or_create = ("competition", "code")

    competition = factory.SubFactory(CompetitionFactory)
    code = "2324"
    name = "2023/24"
    starts_on = date(2023, 7, 1)
    ends_on = date(2024, 6, 30)


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    slug = factory.Sequence(lambda n: f"england-team-{n}")
    country = "England"


class MatchFactory(DjangoModelFactory[Match]):
    """A fixture to be played; `MatchFactory(finished=True)` has a score."""

    class Meta:
        model = Match

    class Params:
        finished = factory.Trait(status=Match.Status.FINISHED, home_goals=2, away_goals=1)

    season = factory.SubFactory(SeasonFactory)
    home = factory.SubFactory(TeamFactory)
    away = factory.SubFactory(TeamFactory)
    date = factory.Sequence(lambda n: FIRST_DAY + timedelta(days=n % 280))
    kickoff = factory.LazyAttribute(lambda m: datetime(m.date.year, m.date.month, m.date.day, 15, tzinfo=UTC))


class OddsFactory(DjangoModelFactory[Odds]):
    class Meta:
        model = Odds

    match = factory.SubFactory(MatchFactory)
    bookmaker = "B365"
    market = Odds.Market.MATCH_RESULT
    outcome = Odds.Outcome.HOME
    phase = Odds.Phase.CLOSING
    price = Decimal("2.10")


class DatasetFactory(DjangoModelFactory[Dataset]):
    class Meta:
        model = Dataset

    problem = "football-outcome"
    selection: dict[str, Any] = {}  # noqa: RUF012 - factory_boy declares by class attribute
    selection_hash = factory.Sequence(lambda n: f"{n:064x}")
    content_hash = factory.Sequence(lambda n: f"{n:064x}")
    rows = 380
    columns: list[Any] = []  # noqa: RUF012 - as above
    date_from = datetime(2023, 8, 12, tzinfo=UTC)
    date_to = datetime(2024, 5, 19, tzinfo=UTC)
    path = "nowhere"


class TrainingRunFactory(DjangoModelFactory[TrainingRun]):
    class Meta:
        model = TrainingRun

    problem = "football-outcome"
    algorithm = "dixon-coles"
    selection: dict[str, Any] = {}  # noqa: RUF012 - as above
    selection_hash = factory.Sequence(lambda n: f"{n:064x}")


class ModelVersionFactory(DjangoModelFactory[ModelVersion]):
    """A version whose artifact does not exist: enough for pages and rows, not for serving."""

    class Meta:
        model = ModelVersion

    problem = "football-outcome"
    algorithm = "dixon-coles"
    version = factory.Sequence(lambda n: f"dixon-coles-20240601-{n:06d}")
    metrics = factory.LazyFunction(
        lambda: {"test": {"n": 57, "rps": 0.2011, "log_loss": 0.9894, "brier": 0.589, "accuracy": 0.52, "ece": 0.012}}
    )
    feature_schema_hash = "0" * 64
    training_started_at = datetime(2024, 6, 1, tzinfo=UTC)
    training_completed_at = datetime(2024, 6, 1, 0, 1, tzinfo=UTC)
    training_matches = 380
    artifact_format = ModelVersion.Format.WEIGHTS
    artifact_path = "nowhere.json"
    artifact_sha256 = "0" * 64
    artifact_size = 100


class PredictionFactory(DjangoModelFactory[Prediction]):
    """A row outside the chain's arithmetic: for pages and API, not for `verify_ledger`."""

    class Meta:
        model = Prediction

    sequence = factory.Sequence(lambda n: n + 1)
    problem = "football-outcome"
    model_version = factory.SubFactory(ModelVersionFactory)
    match = factory.SubFactory(MatchFactory)
    subject = factory.LazyAttribute(lambda p: {"match": p.match.pk})
    made_at = factory.LazyAttribute(lambda p: p.event_at - timedelta(days=1))
    event_at = factory.LazyAttribute(lambda p: p.match.kickoff)
    probabilities = factory.LazyFunction(lambda: {"home": 0.5, "draw": 0.27, "away": 0.23})
    distribution = factory.LazyFunction(lambda: {"home_rate": 1.6, "away_rate": 1.1, "rho": -0.05})
    confidence = 0.5
    features = factory.LazyFunction(dict)
    features_hash = "0" * 64
    latency_ms = 1.0
    previous_hash = "0" * 64
    hash = factory.Sequence(lambda n: f"{n:064x}")


class BacktestFactory(DjangoModelFactory[Backtest]):
    """A backtest that waits; nothing was bet."""

    class Meta:
        model = Backtest

    problem = "football-outcome"
    algorithm = "dixon-coles"
    selection: dict[str, Any] = {}  # noqa: RUF012 - as above
    strategies = factory.LazyFunction(lambda: ["value"])
    refit_days = 7
    bankroll = Decimal(1000)
    request_hash = factory.Sequence(lambda n: f"{n:064x}")


class ReplayFactory(DjangoModelFactory[Replay]):
    """A recorded match of ranked 3v3 that was read; without its file."""

    class Meta:
        model = Replay

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    guid = factory.Sequence(lambda n: f"GUID{n:028X}")
    filename = factory.Sequence(lambda n: f"match-{n}.replay")
    size = 1_500_000
    source = Replay.Source.WEB
    status = Replay.Status.PROCESSED
    extraction_version = 1
    playlist = Playlist.RANKED_STANDARD
    team_size = 3
    map_code = "stadium_p"
    duration = 312.5
    blue_goals, orange_goals = 3, 2
    played_at = factory.Sequence(lambda n: datetime(2026, 3, 1, 18, tzinfo=UTC) + timedelta(hours=n))
    processed_at = factory.LazyAttribute(lambda r: r.played_at + timedelta(hours=1))


class ReplayPlayerFactory(DjangoModelFactory[ReplayPlayer]):
    """A human on the blue side who played the whole match."""

    class Meta:
        model = ReplayPlayer

    replay = factory.SubFactory(ReplayFactory)
    side = ReplayPlayer.Side.BLUE
    platform = "steam"
    platform_id = factory.Sequence(lambda n: f"7656119800{n:07d}")
    name = factory.Sequence(lambda n: f"Player {n}")
    seconds = 310.0
    won = True


class RankedGameFactory(DjangoModelFactory[RankedGame]):
    class Meta:
        model = RankedGame

    source = "test"
    key = factory.Sequence(lambda n: f"row-{n}")
    match_key = factory.Sequence(lambda n: f"match-{n // 6}")
    playlist = Playlist.RANKED_STANDARD
    rank_group = RankGroup.GOLD
    statistics = factory.LazyFunction(dict)


class TrainingPackFactory(DjangoModelFactory[TrainingPack]):
    class Meta:
        model = TrainingPack

    code = factory.Sequence(lambda n: f"ABCD-0000-0000-{n:04X}")
    name = factory.Sequence(lambda n: f"Pack {n}")
    creator = "Somebody"
    category = Category.SHOOTING
    sub_skill = "power shots"
    difficulty = 4
    easiest_rank = RankGroup.GOLD
    hardest_rank = RankGroup.DIAMOND
    shots = 10


class DrillFactory(DjangoModelFactory[Drill]):
    class Meta:
        model = Drill

    slug = factory.Sequence(lambda n: f"drill-{n}")
    name = factory.Sequence(lambda n: f"Drill {n}")
    kind = Drill.Kind.FREE_PLAY
    category = Category.ROTATION
    sub_skill = "third man"
    goal = "Be back before the ball is."
    steps = factory.LazyFunction(lambda: ["Do this.", "Then that."])
    minutes = 15
    moves_statistic = "positioning_percent_most_back"
    difficulty = 3
    easiest_rank = RankGroup.BRONZE
    hardest_rank = RankGroup.CHAMPION
