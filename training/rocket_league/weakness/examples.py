"""The data set: matches of known rank, dealt into pools that share no match, with weaknesses planted in them.

An example's matches are of one pool, and are compared with the rank's other pools: as a player's are who is in no
benchmark. Pools are the groups that no split parts, so that no match is learned from and tested on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mlmodels.problem import Progress, silent
from training.rocket_league.benchmarks import Benchmark, benchmark_of
from training.rocket_league.weakness.planting import Mix, draw, planted
from training.rocket_league.weakness.profiles import profiles

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

POOLS = 7
"""Five to learn from, one to calibrate on, one to test on."""
EXAMPLES_A_RANK = 1400
LEAST_ROWS = 100
"""Of a rank: a pool then has fourteen, and the longest examples are shorter."""
SEED = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class RankedTable:
    """Matches of one rank in one playlist: features (n, k), and which match each row is of (n,)."""

    playlist: str
    rank_group: str
    is_simulated: bool
    table: pd.DataFrame
    matches: NDArray[np.str_]

    @property
    def name(self) -> str:
        return f"{self.playlist}/{self.rank_group}"

    def pools(self, count: int = POOLS) -> NDArray[np.int_]:
        """(n,) which pool each row is in: matches are dealt in the order of their keys' hashes."""
        keys = sorted(set(self.matches.tolist()), key=lambda key: hashlib.sha256(key.encode()).hexdigest())
        pool_of = {key: place % count for place, key in enumerate(keys)}
        return np.array([pool_of[key] for key in self.matches.tolist()], dtype=int)

    def part(self, rows: NDArray[np.bool_]) -> RankedTable:
        """The rows of a mask (n,)."""
        return RankedTable(
            playlist=self.playlist,
            rank_group=self.rank_group,
            is_simulated=self.is_simulated,
            table=self.table[rows].reset_index(drop=True),
            matches=self.matches[rows],
        )

    def benchmark(self) -> Benchmark:
        return benchmark_of(
            self.table,
            playlist=self.playlist,
            rank_group=self.rank_group,
            is_simulated=self.is_simulated,
            is_interpolated=False,
            source=f"{len(self.table)} matches",
        )


def examples(
    ranks: Sequence[RankedTable],
    *,
    mix: Mix | None = None,
    a_rank: int = EXAMPLES_A_RANK,
    seed: int = SEED,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Planted examples of several ranks: a profile a row, its `pool`, `strength` and `outcome`, and what it is of."""
    import pandas as pd

    parts = []
    for done, ranked in enumerate(ranks, start=1):
        parts += list(_of_rank(ranked, mix or Mix(), a_rank, seed))
        progress(done / len(ranks), f"Weaknesses planted in matches of {ranked.rank_group}")
    return pd.concat(parts, ignore_index=True)


def _of_rank(ranked: RankedTable, mix: Mix, a_rank: int, seed: int) -> Iterator[pd.DataFrame]:
    pools = ranked.pools()
    for pool in range(POOLS):
        own = pools == pool
        digest = hashlib.sha256(f"{seed}/{ranked.name}/{pool}".encode()).digest()
        made = examples_against(
            ranked.part(own),
            ranked.part(~own).benchmark(),
            count=a_rank // POOLS,
            mix=mix,
            random=np.random.default_rng(int.from_bytes(digest[:8])),
        )
        made.insert(0, "subject", [f"{ranked.name}/{pool}/{number}" for number in range(len(made))])
        yield made.assign(pool=f"pool-{pool}", is_simulated=ranked.is_simulated)


def examples_against(
    ranked: RankedTable,
    benchmark: Benchmark,
    *,
    count: int,
    mix: Mix,
    random: np.random.Generator,
    each_feature: bool = False,
    within_bounds: bool = False,
) -> pd.DataFrame:
    """Examples planted in matches that the benchmark does not hold."""
    plants = draw(ranked.matches.tolist(), count, mix=mix, random=random)
    rows = planted(ranked.table, plants, benchmark, each_feature=each_feature, within_bounds=within_bounds)
    made = profiles(benchmark.category_scores(rows).to_numpy(), plants.example, count)
    return made.assign(
        playlist=ranked.playlist, rank_group=ranked.rank_group, strength=plants.strengths, outcome=plants.labels
    )
