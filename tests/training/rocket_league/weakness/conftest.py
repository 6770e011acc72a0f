"""Alice's matches, of whom we know what is wrong with them, and a model that was trained on others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest

from accounts.models import PlatformAccount, User
from matches.models import Playlist, RankedGame, RankGroup, Replay, ReplayOwner, ReplayPlayer
from mlmodels.estimators.shifted_means import ShiftedMeans
from tests.factories import ReplayFactory, ReplayPlayerFactory
from tests.training.rocket_league.ranked_rows import ranked_games, rows
from training.rocket_league.benchmarks import benchmark_of
from training.rocket_league.features import feature_table
from training.rocket_league.weakness.examples import RankedTable, examples
from training.rocket_league.weakness.player_form import PlayerForm
from training.rocket_league.weakness.profiles import PROFILE

FIRST = datetime(2026, 3, 1, 18, tzinfo=UTC)
Play = Callable[..., list[ReplayPlayer]]


@cache
def gold() -> RankedTable:
    """Made-up matches of six players each."""
    games = 168
    return RankedTable(
        playlist=Playlist.RANKED_STANDARD.value,
        rank_group=RankGroup.GOLD.value,
        is_simulated=False,
        table=feature_table(rows(games)),
        matches=np.array([f"match-{number // 6}" for number in range(games)]),
    )


@cache
def posterior() -> ShiftedMeans:
    frame = examples([gold()], a_rank=2100)
    return ShiftedMeans(count=-1).fit(frame[list(PROFILE)], frame["outcome"].to_numpy())


@pytest.fixture
def compared_with(db: None) -> list[RankedGame]:
    """Whom gold players are compared with: enough to learn from."""
    return ranked_games(168)


@pytest.fixture
def play(alice: User) -> Play:
    """Let Alice play matches; `worse` are statistics and by how much they are multiplied."""
    PlatformAccount.objects.create(user=alice, platform="steam", platform_id="alice-there")

    def played(
        count: int,
        *,
        after: datetime = FIRST,
        playlist: Playlist = Playlist.RANKED_STANDARD,
        seed: int = 7,
        worse: dict[str, float] | None = None,
    ) -> list[ReplayPlayer]:
        made = []
        for number, statistics in enumerate(rows(count, seed=seed)):
            told: dict[str, Any] = {"playlist": playlist, "played_at": after + timedelta(hours=number)}
            replay: Replay = ReplayFactory.create(**told)
            ReplayOwner.objects.create(replay=replay, user=alice)
            changed = {name: value * (worse or {}).get(name, 1.0) for name, value in statistics.items()}
            made.append(ReplayPlayerFactory.create(replay=replay, platform_id="alice-there", statistics=changed))
        return made

    return played


def form_of(user: User, played: list[ReplayPlayer], **changed: Any) -> PlayerForm:
    return PlayerForm(
        **{
            "user": user,
            "replays": tuple(str(row.replay_id) for row in played),
            "playlist": Playlist.RANKED_STANDARD,
            "rank_group": RankGroup.GOLD,
            **changed,
        }
    )


def gold_benchmark() -> Any:
    return benchmark_of(
        gold().table,
        playlist=gold().playlist,
        rank_group=gold().rank_group,
        is_simulated=False,
        is_interpolated=False,
        source="made up",
    )
