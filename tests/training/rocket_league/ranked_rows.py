"""Made-up statistics of matches, for tests: plausible, varied, and the same every time."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from matches.models import Playlist, RankedGame, RankGroup
from tests.factories import RankedGameFactory

DURATION = 330.0


def statistics(rng: np.random.Generator, *, speed: float = 1400.0) -> dict[str, float]:
    """Of one player's match in a team of three; every statistic that features read."""
    thirds = rng.dirichlet((25, 15, 10)) * DURATION
    speeds = rng.dirichlet((50, 37, 10)) * DURATION
    heights = rng.dirichlet((60, 36, 4)) * DURATION
    levels = rng.dirichlet((30, 21, 19, 30)) * DURATION
    depth = rng.dirichlet((20, 20, 20)) * DURATION
    turns = rng.dirichlet((20, 20, 20)) * DURATION
    behind = rng.beta(72, 28) * DURATION
    shots, saves, against = rng.poisson(2.2), rng.poisson(1.1), rng.poisson(6.5)
    conceded = rng.binomial(against, 0.3)
    collected, stolen = rng.normal(1900, 200), rng.normal(420, 90)
    return {
        "duration": DURATION,
        "core_shots": shots,
        "core_goals": rng.binomial(shots, 0.3),
        "core_saves": saves,
        "core_assists": rng.poisson(0.5),
        "core_score": rng.normal(320, 60),
        "core_shots_against": against,
        "core_goals_against": conceded,
        "core_shooting_percentage": rng.uniform(0, 100),
        "boost_bpm": rng.normal(330, 40),
        "boost_bcpm": collected / DURATION * 60,
        "boost_avg_amount": rng.normal(51, 5),
        "boost_amount_collected": collected,
        "boost_amount_stolen": stolen,
        "boost_amount_collected_big": 0.66 * collected + rng.normal(0, 20),
        "boost_amount_collected_small": 0.34 * collected,
        "boost_count_collected_big": 0.66 * collected / rng.uniform(70, 90),
        "boost_count_stolen_big": rng.poisson(3),
        "boost_count_collected_small": 0.34 * collected / rng.uniform(10.5, 11.8),
        "boost_count_stolen_small": rng.poisson(15),
        "boost_amount_overfill": rng.normal(300, 60),
        "boost_amount_overfill_stolen": rng.normal(60, 10),
        "boost_amount_used_while_supersonic": rng.normal(250, 50),
        "boost_time_zero_boost": rng.normal(35, 8),
        "boost_time_full_boost": rng.normal(40, 8),
        **dict(zip(_names("boost_time_boost", ("0_25", "25_50", "50_75", "75_100")), levels, strict=True)),
        "movement_avg_speed": rng.normal(speed, 80),
        **dict(zip(_names("movement_time", ("slow_speed", "boost_speed", "supersonic_speed")), speeds, strict=True)),
        **dict(zip(_names("movement_time", ("ground", "low_air", "high_air")), heights, strict=True)),
        "movement_time_powerslide": rng.normal(6, 1),
        "movement_count_powerslide": rng.poisson(45),
        "movement_avg_powerslide_duration": rng.normal(0.14, 0.02),
        "positioning_avg_distance_to_ball": rng.normal(2870, 250),
        "positioning_avg_distance_to_ball_possession": rng.normal(2790, 300),
        "positioning_avg_distance_to_ball_no_possession": rng.normal(2950, 300),
        "positioning_avg_distance_to_mates": rng.normal(3500, 250),
        **dict(
            zip(
                _names("positioning_time", ("defensive_third", "neutral_third", "offensive_third")), thirds, strict=True
            )
        ),
        "positioning_time_defensive_half": 0.65 * DURATION + rng.normal(0, 15),
        "positioning_time_offensive_half": 0.35 * DURATION + rng.normal(0, 15),
        "positioning_time_behind_ball": behind,
        "positioning_time_infront_ball": DURATION - behind,
        "positioning_time_most_back": depth[0],
        "positioning_time_most_forward": depth[2],
        "positioning_time_closest_to_ball": turns[0],
        "positioning_time_farthest_from_ball": turns[2],
        "positioning_goals_against_while_last_defender": rng.binomial(conceded, 0.4),
        "demo_inflicted": rng.poisson(0.8),
        "demo_taken": rng.poisson(0.8),
    }


def rows(count: int, *, seed: int = 1, **wanted: Any) -> list[dict[str, float]]:
    rng = np.random.default_rng(seed)
    return [{name: float(value) for name, value in statistics(rng, **wanted).items()} for _ in range(count)]


def ranked_games(
    count: int,
    *,
    rank_group: RankGroup = RankGroup.GOLD,
    playlist: Playlist = Playlist.RANKED_STANDARD,
    is_simulated: bool = False,
    seed: int = 1,
    **wanted: Any,
) -> list[RankedGame]:
    """Rows of the database: whom players are compared with."""
    return RankedGame.objects.bulk_create(
        RankedGameFactory.build(
            playlist=playlist, rank_group=rank_group, is_simulated=is_simulated, statistics=statistics_
        )
        for statistics_ in rows(count, seed=seed, **wanted)
    )


def _names(start: str, ends: Sequence[str]) -> list[str]:
    return [f"{start}_{end}" for end in ends]
