"""Whom a player is compared with: matches of others at their rank and in their playlist, and the scale they give.

Real matches come first, of at least `MINIMUM_ROWS`; else simulated ones, which say so. A rank without either lies
between its neighbours, and says so too. Rows of one kind are never mixed with the other, nor playlists.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Max

from matches.models import Playlist, RankedGame, RankGroup
from training.errors import NoBenchmark
from training.models import Category
from training.rocket_league.categories import has_team
from training.rocket_league.features import FEATURES, Feature, feature_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MINIMUM_ROWS = 30
FARTHEST = 3.0
"""Standard deviations; one odd match counts as that and no more."""
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
TAIL = 0.01
"""Share at either end that is pulled in before means and deviations are taken."""
CHECKED_EVERY = 1.0
"""Seconds for which a benchmark is used without asking whether its rows are still the same."""
LEAST_KNOWN = 0.5
"""Share of a category's weight that a match must have told for a score."""


@dataclass(frozen=True, kw_only=True)
class Norm:
    """How one feature lies among the matches of the benchmark, in its unit; quantiles by probability."""

    mean: float
    sd: float
    skew: float
    quantiles: Mapping[float, float]


class _Scale(NamedTuple):
    mean: float
    sd: float
    skew: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Benchmark:
    """What players of a rank do in a playlist.

    table: features (n, k) of n player-matches. features: those that vary and can be told in the playlist.
    """

    playlist: str
    rank_group: str
    rows: int
    is_simulated: bool
    is_interpolated: bool
    source: str
    table: pd.DataFrame
    features: tuple[Feature, ...]
    norms: Mapping[str, Norm]
    _scales: Mapping[Category, _Scale] = field(default_factory=dict)

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """Those that can be measured: in duels there is no rotation."""
        return tuple(category for category in Category if any(f.category == category for f in self.scored))

    @cached_property
    def scored(self) -> tuple[Feature, ...]:
        return tuple(feature for feature in self.features if feature.direction)

    @property
    def deviations(self) -> Mapping[Category, float]:
        """By how much each category's weighted mean varies over the benchmark's matches, in features' deviations."""
        return {category: scale.sd for category, scale in self._scales.items()}

    @property
    def skews(self) -> Mapping[Category, float]:
        """The skewness of each category's scores over the benchmark's matches."""
        return {category: scale.skew for category, scale in self._scales.items()}

    def standardised(self, table: pd.DataFrame) -> pd.DataFrame:
        """Features in use (n, k) as deviations from the rank's mean in its standard deviations, at most ±3."""
        import numpy as np
        import pandas as pd

        # On bare arrays: of a few matches, what a table costs to be made is far more than what is computed.
        names, mean, sd = self._centre
        deviations = np.clip((table[names].to_numpy() - mean) / sd, -FARTHEST, FARTHEST)
        return pd.DataFrame(deviations, index=table.index, columns=names)

    @cached_property
    def _centre(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Names of the features in use, their means and standard deviations (k,)."""
        import numpy as np

        norms = [self.norms[feature.name] for feature in self.features]
        names = [feature.name for feature in self.features]
        return names, np.array([norm.mean for norm in norms]), np.array([norm.sd for norm in norms])

    def category_scores(self, table: pd.DataFrame) -> pd.DataFrame:
        """Scores (n, 8) by match and category; mean 0 and standard deviation 1 over the benchmark's own matches.

        The weighted mean of the features, turned so that more is better. NaN where it isn't measured, and for a match
        that tells less than half of the category's weight.
        """
        import numpy as np
        import pandas as pd

        raw = _raw_scores(self.standardised(table), self.scored)
        unknown = _Scale(float("nan"), float("nan"), 0.0)
        scales = [self._scales.get(category, unknown) for category in Category]
        mean, sd = (np.array([getattr(scale, name) for scale in scales]) for name in ("mean", "sd"))
        return pd.DataFrame((raw.to_numpy() - mean) / sd, index=raw.index, columns=raw.columns)


def benchmark(playlist: str, rank_group: str) -> Benchmark:
    """The benchmark of a playlist and rank, kept in the process; within a second of rows coming or going a new one.

    Raises NoBenchmark.
    """
    with _lock:
        kept = _kept.get((playlist, rank_group))
        now = time.monotonic()
        if kept is not None and 0 <= now - kept.checked_at < CHECKED_EVERY:
            return kept.benchmark
        stamp = _stamp(playlist)
        if kept is None or kept.stamp != stamp:
            made = _made(playlist, rank_group, _ranks_for(playlist, rank_group))
        else:
            made = kept.benchmark
        _kept[playlist, rank_group] = _Kept(stamp, now, made)
        return made


def forget() -> None:
    """Work every benchmark out anew when it is next asked for."""
    with _lock:
        _kept.clear()


class _Kept(NamedTuple):
    stamp: _Stamp
    checked_at: float
    benchmark: Benchmark


_Stamp = tuple[int, int | None]
_Ranks = tuple[tuple[str, bool], ...]
_kept: dict[tuple[str, str], _Kept] = {}
_lock = threading.Lock()


def _stamp(playlist: str) -> _Stamp:
    """Changes with every row that comes, goes or is replaced; read off an index alone."""
    games = RankedGame.objects.filter(playlist=playlist).order_by()
    found = games.aggregate(rows=Count("pk"), newest=Max("pk"))
    return found["rows"], found["newest"]


def _ranks_for(playlist: str, rank_group: str) -> _Ranks:
    """Whose rows make the benchmark: the rank's own, or those of its neighbours below and above."""
    games = RankedGame.objects.filter(playlist=playlist).order_by().values_list("rank_group", "is_simulated")
    rows = {(rank, is_simulated): n for rank, is_simulated, n in games.annotate(Count("pk"))}
    around = _neighbours(rank_group)
    for is_simulated in (False, True):
        for ranks in ((rank_group,), around):
            if ranks and all(rows.get((rank, is_simulated), 0) >= MINIMUM_ROWS for rank in ranks):
                return tuple((rank, is_simulated) for rank in ranks)
    known = dict(RankGroup.choices).get(rank_group, rank_group or "no rank")
    where = dict(Playlist.choices).get(playlist, playlist or "no playlist")
    raise NoBenchmark(f"There are too few matches of {known} in {where} to compare with: at least {MINIMUM_ROWS}.")


def _neighbours(rank_group: str) -> tuple[str, ...]:
    """The ranks below and above; none where there is only one of them."""
    ranks = RankGroup.values
    place = ranks.index(rank_group) if rank_group in ranks else 0
    return (ranks[place - 1], ranks[place + 1]) if 0 < place < len(ranks) - 1 else ()


def _made(playlist: str, rank_group: str, ranks: _Ranks) -> Benchmark:
    tables = [_table_of(playlist, rank, is_simulated=is_simulated) for rank, is_simulated in ranks]
    table = tables[0] if len(tables) == 1 else _between(tables)
    return benchmark_of(
        table,
        playlist=playlist,
        rank_group=rank_group,
        is_simulated=ranks[0][1],
        is_interpolated=len(ranks) > 1,
        source=_in_words(ranks, len(table)),
    )


def benchmark_of(
    table: pd.DataFrame, *, playlist: str, rank_group: str, is_simulated: bool, is_interpolated: bool, source: str
) -> Benchmark:
    """The benchmark that the features (n, k) of a rank's matches make, wherever they are from."""
    norms = {feature.name: _norm(table[feature.name].to_numpy()) for feature in FEATURES}
    features = tuple(f for f in FEATURES if norms[f.name].sd > 0 and (has_team(playlist) or not f.needs_team))
    bare = Benchmark(
        playlist=playlist,
        rank_group=rank_group,
        rows=len(table),
        is_simulated=is_simulated,
        is_interpolated=is_interpolated,
        source=source,
        table=table,
        features=features,
        norms={f.name: norms[f.name] for f in features},
    )
    raw = _raw_scores(bare.standardised(table), bare.scored)
    scales = {category: _scale(raw[category.value].to_numpy()) for category in bare.categories}
    return replace(bare, _scales=scales)


def _table_of(playlist: str, rank_group: str, *, is_simulated: bool) -> pd.DataFrame:
    games = RankedGame.objects.filter(playlist=playlist, rank_group=rank_group, is_simulated=is_simulated)
    return feature_table(list(games.order_by("pk").values_list("statistics", flat=True)))


def _between(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Matches of two ranks, each moved to the middle: feature by feature to the mean of both means and deviations."""
    import pandas as pd

    norms = [[_norm(table[name].to_numpy()) for name in table] for table in tables]
    mean = [(a.mean + b.mean) / 2 for a, b in zip(*norms, strict=True)]
    sd = [(a.sd + b.sd) / 2 for a, b in zip(*norms, strict=True)]
    moved = [
        (table - [n.mean for n in own]) / [n.sd or 1.0 for n in own] * sd + mean
        for table, own in zip(tables, norms, strict=True)
    ]
    lowest, highest = zip(*(feature.bounds for feature in FEATURES), strict=True)
    return pd.concat(moved, ignore_index=True).clip(list(lowest), list(highest), axis=1)


def _norm(values: np.ndarray) -> Norm:
    """Of a feature's values (n,), the tails pulled in; deviation 0 where it doesn't vary or is hardly ever known."""
    import numpy as np

    known = values[~np.isnan(values)]
    if len(known) < MINIMUM_ROWS / 2:
        return Norm(mean=0.0, sd=0.0, skew=0.0, quantiles={})
    low, high = np.quantile(known, [TAIL, 1 - TAIL])
    mean, sd, skew = _moments(np.clip(known, low, high))
    told = np.quantile(known, QUANTILES)
    return Norm(mean=mean, sd=sd, skew=skew, quantiles=dict(zip(QUANTILES, map(float, told), strict=True)))


def _scale(scores: np.ndarray) -> _Scale:
    import numpy as np

    return _moments(scores[~np.isnan(scores)])


def _moments(values: np.ndarray) -> _Scale:
    """Mean, standard deviation and skewness."""
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    if sd < 1e-9 * max(abs(mean), 1.0):
        return _Scale(mean, 0.0, 0.0)
    return _Scale(mean, sd, float((((values - mean) / sd) ** 3).mean()))


def _raw_scores(standardised: pd.DataFrame, scored: Sequence[Feature]) -> pd.DataFrame:
    """The weighted mean of each category's features (n, 8), turned so that more is better."""
    import numpy as np
    import pandas as pd

    values = standardised[[feature.name for feature in scored]].to_numpy()
    categories = list(Category)
    of_category = np.zeros((len(scored), len(categories)))
    for place, feature in enumerate(scored):
        of_category[place, categories.index(feature.category)] = feature.weight
    signs = np.array([float(feature.direction) for feature in scored])
    known = ~np.isnan(values) @ of_category
    total = np.nan_to_num(values) @ (of_category * signs[:, None])
    told = (known > 0) & (known >= LEAST_KNOWN * of_category.sum(0))
    scores = np.where(told, total / np.where(known > 0, known, 1), np.nan)
    return pd.DataFrame(scores, index=standardised.index, columns=[category.value for category in categories])


def _in_words(ranks: _Ranks, rows: int) -> str:
    titles = [RankGroup(rank).label for rank, _ in ranks]
    kind = "simulated matches" if ranks[0][1] else "matches"
    if len(titles) == 1:
        return f"{rows} {kind} of {titles[0]} players"
    return f"between {titles[0]} and {titles[1]}, {rows} {kind}"
