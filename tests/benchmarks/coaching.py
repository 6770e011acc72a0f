"""`python -m tests.benchmarks.coaching fill PEOPLE MATCHES | load`: a coach in service and people, or how it is loaded.

`fill` prints people with matches and API keys as JSON; all matches are made up, those compared with too. `load` prints
the milliseconds, wall and CPU, that a fresh process took to hold the champion, with the libraries it needs but NumPy.
"""

import json
import sys
import time
from datetime import timedelta

import django

django.setup()

import numpy as np  # noqa: E402 - after the set-up
from django.utils import timezone  # noqa: E402 - after the set-up

from accounts import keys  # noqa: E402 - after the set-up
from accounts.models import PlatformAccount, User  # noqa: E402 - after the set-up
from matches.models import (  # noqa: E402 - after the set-up
    Playlist,
    RankedGame,
    RankGroup,
    Replay,
    ReplayOwner,
    ReplayPlayer,
    StatedRank,
)
from mlmodels import promotion, registry, runs  # noqa: E402 - after the set-up
from mlmodels.selection import Selection  # noqa: E402 - after the set-up
from tests.training.rocket_league.ranked_rows import statistics  # noqa: E402 - after the set-up
from training.analysing import PROBLEM  # noqa: E402 - after the set-up

RANK, PLAYLIST = RankGroup.DIAMOND, Playlist.RANKED_STANDARD
GAMES, A_MATCH = 300, 6
RANDOM = np.random.default_rng(7)


def row() -> dict[str, float]:
    return {name: float(value) for name, value in statistics(RANDOM).items()}


def train() -> None:
    """Games of one rank, a model of weaknesses planted in them, and its promotion."""
    RankedGame.objects.bulk_create(
        RankedGame(
            source="benchmark",
            key=str(number),
            match_key=str(number // A_MATCH),
            playlist=PLAYLIST,
            rank_group=RANK,
            is_simulated=True,
            statistics=row(),
        )
        for number in range(GAMES)
    )
    run, _ = runs.request_run(problem=PROBLEM, algorithm="posterior", selection=Selection(), dispatch=False)
    ended = runs.execute(str(run.pk), worker="bench")
    if ended is None or ended.model_version is None:
        raise SystemExit(f"The training gave no model: {ended.message if ended else 'it was taken away'}")
    promotion.promote(ended.model_version, by=None)


def person(number: int, matches: int) -> dict[str, object]:
    """Somebody with so many matches, an hour apart."""
    user = User.objects.create(email=f"player{number}@example.org")
    PlatformAccount.objects.create(user=user, platform="steam", platform_id=f"bench{number}")
    StatedRank.objects.create(user=user, playlist=PLAYLIST, rank_group=RANK)
    now = timezone.now()
    replays = Replay.objects.bulk_create(
        Replay(
            filename=f"{number}-{match}.replay",
            source=Replay.Source.SIMULATOR,
            is_simulated=True,
            status=Replay.Status.PROCESSED,
            playlist=PLAYLIST,
            team_size=3,
            played_at=now - timedelta(hours=matches - match),
            processed_at=now,
        )
        for match in range(matches)
    )
    ReplayOwner.objects.bulk_create(ReplayOwner(replay=replay, user=user) for replay in replays)
    ReplayPlayer.objects.bulk_create(
        ReplayPlayer(
            replay=replay, side="blue", platform="steam", platform_id=f"bench{number}", name="Player",
            seconds=330.0, won=True, statistics=row(),
        )
        for replay in replays
    )  # fmt: skip
    _, key = keys.create(user, name="benchmark")
    return {"id": user.pk, "key": key}


def load() -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    registry.serving_champion(PROBLEM)
    return {"wall": 1000 * (time.perf_counter() - wall), "cpu": 1000 * (time.process_time() - cpu)}


def fill(people: int, matches: int) -> list[dict[str, object]]:
    train()
    return [person(number, matches) for number in range(people)]


if __name__ == "__main__":
    told = load() if sys.argv[1] == "load" else fill(int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(told) + "\n")
