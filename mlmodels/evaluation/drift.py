"""Do the inputs of a model still look like those it learned from?

Rows near in time are alike: the same teams again and again, ratings that wander, seasons that begin and end. A plain
Kolmogorov-Smirnov or chi-square test takes them for independent and rejects untouched data all the time. Here the
training rows themselves say how much a feature wanders: they are cut into windows as long as the live one, each is
compared with the training rows that are as far away in time as the live window is, and the mean of these statistics
over what independence would give is the feature's design effect (Kish 1965, "Survey Sampling"): how many rows it takes
to tell as much as one independent row. A feature that always wanders has a large one and never alarms; one that stays
put alarms early.

P-values over all features go through Benjamini & Hochberg (1995). A feature drifts where its q-value is small *and* the
shift is large enough to matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST = 200
"""Rows of a live window, below which nothing is told."""

FALSE_DISCOVERIES = 0.10
LEAST_SHIFT = 0.2
"""Wasserstein distance over the training standard deviation that matters (Cohen's "small")."""

LEAST_PSI = 0.1
"""Population stability index, bias taken away, that matters for categories."""

GRID = 200
"""Quantile bins in which distributions are compared; the largest gap is found to half a per cent."""

FEW_VALUES = 10
"""Up to so many different values, a feature is taken for categories."""

MOST_WINDOWS = 40
FEWEST_WINDOWS = 5
FEWEST_FAR_ROWS = 100
WINDOWS_WORTH = 0.3
"""Windows overlap by half, so each tells as much of the design effect as a third of an independent one."""

LARGEST_SHARE_APART = 0.4
"""Of the training's time span: windows are compared across no longer a gap, so that there is something to compare."""

KS_SQUARE = float(np.pi**2 / 12)
"""Mean of the squared Kolmogorov variable: what n·D² has under independence."""

KS_FREEDOM = 5.0
"""Degrees of freedom of the scaled chi-square with that variable's relative variance (2/5)."""


@dataclass(frozen=True, kw_only=True)
class FeatureDrift:
    """One feature, live against training.

    statistic: KS distance 0..1 for numbers, Cramér's V for categories and histograms (`kind`). p as corrected for the
    design effect, q its Benjamini-Hochberg value. psi: in ten bins, bias taken away. shift: Wasserstein distance in
    training standard deviations (0 for categories). mean, trained_mean: of numbers.
    """

    name: str
    kind: str
    n: int
    statistic: float
    windows: int
    psi: float
    shift: float = 0.0
    mean: float = 0.0
    trained_mean: float = 0.0
    design_effect: float = 1.0
    p: float = 1.0
    q: float = 1.0
    drifted: bool = False


def compare(
    training: Mapping[str, Any],
    times: ArrayLike,
    live: Mapping[str, Any],
    live_times: ArrayLike,
    *,
    histograms: Mapping[str, Histogram] | None = None,
    false_discoveries: float = FALSE_DISCOVERIES,
) -> list[FeatureDrift]:
    """Every feature that both tables have, strongest evidence first.

    training: name to (m,) numbers or text, in order of `times` (m,) in days; live: name to (n,) with `live_times` (n,)
    in days. NaN and None are left out (missing values are another matter). A feature with fewer than `FEWEST` live
    values, or with one value only, is left out. histograms: what is known as counts only; they are taken to wander as
    the features' median does. Raises ValueError for rates outside 0..1 and empty training.
    """
    if not 0 < false_discoveries < 1:
        raise ValueError("The rate of false discoveries lies between 0 and 1.")
    trained_at, seen_at = np.asarray(times, dtype=float), np.asarray(live_times, dtype=float)
    if not len(trained_at):
        raise ValueError("There are no training rows to compare with.")
    windows = _windows(trained_at, seen_at) if len(seen_at) else []
    found = [
        each
        for name in training
        if name in live and (each := _one(name, training[name], live[name], windows)) is not None
    ]
    found += [counted for name, each in (histograms or {}).items() if (counted := _counted(name, each)) is not None]
    return _judged(found, false_discoveries)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """q-values (n,) of p-values (n,): the smallest rate of false discoveries at which each is one."""
    values = np.asarray(p, dtype=float)
    order = np.argsort(values)
    ranked = values[order] * len(values) / np.arange(1, len(values) + 1)
    q = np.empty(len(values))
    q[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return q


def psi(expected: ArrayLike, actual: ArrayLike) -> float:
    """Population stability index of two counts (bins,), less what it has on average without any drift.

    Under no drift its mean is (bins - 1)·(1/n + 1/m) (Yurdakul & Naranjo 2020, "Statistical properties of the
    population stability index"). Empty bins count half an event.
    """
    before, after = np.asarray(expected, dtype=float), np.asarray(actual, dtype=float)
    n, m = before.sum(), after.sum()
    p, r = np.maximum(before, 0.5) / n, np.maximum(after, 0.5) / m
    bias = (len(before) - 1) * (1 / n + 1 / m)
    return float(max(0.0, ((r - p) * np.log(r / p)).sum() - bias))


@dataclass(frozen=True)
class Histogram:
    """Counts (bins,) in training and live, of which every event gave `per_event`."""

    trained: ArrayLike
    live: ArrayLike
    per_event: int = 1


@dataclass(frozen=True, kw_only=True)
class _Compared:
    """What one feature gave before all are judged together.

    scaled: its statistic over what independent rows give on average, with `freedom` degrees of freedom; calm: the same
    of training windows.
    """

    drift: FeatureDrift
    scaled: float
    freedom: float
    calm: Sequence[float]

    @property
    def design_effect(self) -> float:
        return max(1.0, sum(self.calm) / len(self.calm)) if len(self.calm) >= FEWEST_WINDOWS else 1.0

    def p(self, design_effect: float) -> float:
        """The larger of the p-value of the statistic itself and of the one that knows how few windows there were."""
        from scipy.stats import chi2, f, kstwobign

        ratio = self.scaled / design_effect
        if self.drift.kind == "numbers":
            plain = float(kstwobign.sf(np.sqrt(ratio * KS_SQUARE)))
        else:
            plain = float(chi2.sf(ratio * self.freedom, self.freedom))
        if len(self.calm) < FEWEST_WINDOWS:
            return plain
        freedom = _freedom(design_effect, self.freedom)
        return max(plain, float(f.sf(ratio, freedom, freedom * len(self.calm) * WINDOWS_WORTH)))


@dataclass(frozen=True, kw_only=True)
class _Window:
    """Training rows of one window, and those as far away from it as the live window is from training."""

    rows: slice
    far: NDArray[np.bool_]


def _windows(times: Floats, live: Floats) -> list[_Window]:
    length = max(1.0, float(live.max() - live.min()))
    span = float(times[-1] - times[0])
    apart = min(max(0.0, float(live.min()) - float(times[-1])), LARGEST_SHARE_APART * span)
    ends = np.arange(float(times[-1]), float(times[0]) + length, -length / 2)
    if len(ends) > MOST_WINDOWS:
        ends = ends[np.linspace(0, len(ends) - 1, MOST_WINDOWS).astype(int)]
    found = []
    for end in ends:
        first, last = np.searchsorted(times, [end - length, end], side="right")
        far = (times < end - length - apart) | (times > end + apart)
        far[first:last] = False
        if last - first >= 2 and far.sum() >= FEWEST_FAR_ROWS:
            found.append(_Window(rows=slice(int(first), int(last)), far=far))
    return found if len(found) >= FEWEST_WINDOWS else []


def _one(name: str, training: Any, live: Any, windows: Sequence[_Window]) -> _Compared | None:
    """Everything but the q-value."""
    trained, seen = _column(training), _column(live)
    if trained.dtype.kind == "U" or seen.dtype.kind == "U":
        trained, seen = _as_text(trained), _as_text(seen)
        known, present = trained[trained != ""], seen[seen != ""]
        is_category = True
    else:
        known, present = trained[~np.isnan(trained)], seen[~np.isnan(seen)]
        is_category = len(np.unique(known[:2000])) <= FEW_VALUES and len(np.unique(known)) <= FEW_VALUES
    if len(present) < FEWEST or len(known) < FEWEST_FAR_ROWS or len(np.unique(known)) < 2:
        return None
    if is_category:
        return _categories(name, trained, seen, windows)
    return _numbers(name, trained.astype(float), seen.astype(float), windows)


def _column(values: Any) -> NDArray[np.float64] | NDArray[np.str_]:
    raw = np.asarray(values)
    if raw.dtype.kind in "fiub":
        return raw.astype(float)
    listed = ["" if value is None or value != value else value for value in raw.tolist()]
    if all(value == "" or isinstance(value, int | float) for value in listed):
        return np.array([np.nan if value == "" else float(value) for value in listed])
    return np.array([str(value) for value in listed])


def _as_text(values: NDArray[np.float64] | NDArray[np.str_]) -> NDArray[np.str_]:
    """Missing numbers are no category of their own, as they are where a whole column is missing."""
    if values.dtype.kind == "U":
        return values.astype(str)
    return np.where(np.isnan(values.astype(float)), "", values.astype(str))


def _numbers(name: str, trained: Floats, seen: Floats, windows: Sequence[_Window]) -> _Compared | None:
    from scipy.stats import wasserstein_distance

    known, present = trained[~np.isnan(trained)], seen[~np.isnan(seen)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, GRID + 1)[1:-1]))
    bins = len(edges) + 1
    place, mine = _placed(trained, edges), _placed(seen, edges)
    total, own = _counts(place, bins), _counts(mine, bins)
    distance = _ks(total, own)
    n, m = float(own.sum()), float(total.sum())
    weight = n * m / (n + m)
    pairs = [(_counts(place[w.rows], bins), _counts(place[w.far], bins)) for w in windows]
    calm = [
        _as_if(_ks(one, other) ** 2 * _weight(one, other) / KS_SQUARE, _weight(one, other), weight)
        for one, other in pairs
        if min(one.sum(), other.sum()) >= 2
    ]
    sd = float(known.std())
    drift = FeatureDrift(
        name=name,
        kind="numbers",
        n=int(n),
        statistic=distance,
        windows=len(calm),
        psi=psi(_tenths(total), _tenths(own)),
        shift=float(wasserstein_distance(known, present)) / sd if sd else 0.0,
        mean=float(present.mean()),
        trained_mean=float(known.mean()),
    )
    return _Compared(drift=drift, scaled=distance**2 * weight / KS_SQUARE, freedom=KS_FREEDOM, calm=calm)


def _placed(values: Floats, edges: Floats) -> Ints:
    """Bin of each value, -1 where it is missing."""
    return np.where(np.isnan(values), -1, np.searchsorted(edges, values, side="right")).astype(np.int64)


def _counts(places: Ints, bins: int) -> Ints:
    return np.bincount(places[places >= 0], minlength=bins)


def _ks(one: Ints, other: Ints) -> float:
    return float(np.abs(np.cumsum(one) / one.sum() - np.cumsum(other) / other.sum()).max())


def _weight(one: Ints, other: Ints) -> float:
    """n·m / (n + m): how many rows a comparison of n with m is worth."""
    n, m = float(one.sum()), float(other.sum())
    return n * m / (n + m)


def _as_if(scaled: float, weight: float, wished: float) -> float:
    """A calm statistic as it would be had the windows been worth as many rows as the live comparison is.

    What rows add by chance stays 1 whatever their number; what the wandering adds grows with it.
    """
    return 1 + (scaled - 1) * wished / weight


def _freedom(design_effect: float, independent: float) -> float:
    """Degrees of freedom of a statistic of which a share comes from a wandering mean (Satterthwaite 1946).

    What independent rows add has `independent` degrees of freedom, what the wandering adds has one: the mean moves
    this way or that.
    """
    own = 1 / design_effect
    return 2 / (own**2 * 2 / independent + (1 - own) ** 2 * 2)


def _tenths(counts: Ints) -> Ints:
    """Bins put together to about ten of the same share of the first table."""
    return np.array([part.sum() for part in np.array_split(counts, min(10, len(counts)))])


def _categories(
    name: str,
    trained: NDArray[np.float64] | NDArray[np.str_],
    seen: NDArray[np.float64] | NDArray[np.str_],
    windows: Sequence[_Window],
) -> _Compared | None:
    place, mine, bins = _coded(trained, seen)
    total, own = _counts(place, bins), _counts(mine, bins)
    weight = _weight(own, total)
    pairs = [(_counts(place[w.rows], bins), _counts(place[w.far], bins)) for w in windows]
    calm = [
        _as_if(square / freedom, _weight(one, other), weight)
        for one, other in pairs
        for square, freedom in (_chi_square(one, other),)
        if freedom
    ]
    square, freedom = _chi_square(total, own)
    if not freedom:
        return None
    drift = FeatureDrift(
        name=name,
        kind="categories",
        n=int(own.sum()),
        statistic=float(np.sqrt(square / (own.sum() + total.sum()))),
        windows=len(calm),
        psi=psi(total, own),
    )
    return _Compared(drift=drift, scaled=square / freedom, freedom=float(freedom), calm=calm)


def _counted(name: str, histogram: Histogram) -> _Compared | None:
    """The values of one event depend on each other, so all of them count as one."""
    total, own = (np.asarray(counts, dtype=np.int64) for counts in (histogram.trained, histogram.live))
    n, m = float(own.sum()) / histogram.per_event, float(total.sum()) / histogram.per_event
    square, freedom = _chi_square(own, total)
    if n < FEWEST or not freedom:
        return None
    drift = FeatureDrift(
        name=name,
        kind="histogram",
        n=int(n),
        statistic=float(np.sqrt(square / histogram.per_event / (n + m))),
        windows=0,
        psi=psi(total / histogram.per_event, own / histogram.per_event),
    )
    return _Compared(drift=drift, scaled=square / histogram.per_event / freedom, freedom=float(freedom), calm=())


def _coded(trained: NDArray[np.generic], seen: NDArray[np.generic]) -> tuple[Ints, Ints, int]:
    """Codes of both columns, -1 where missing. Rare and new categories share one bin."""
    values, counts = np.unique(trained, return_counts=True)
    frequent = [value for value, count in zip(values.tolist(), counts.tolist(), strict=True) if count >= 10]
    code = {value: i for i, value in enumerate(value for value in frequent if value != "" and value == value)}

    def coded(column: NDArray[np.generic]) -> Ints:
        return np.array(
            [-1 if value == "" or value != value else code.get(value, len(code)) for value in column.tolist()],
            dtype=np.int64,
        )

    return coded(trained), coded(seen), len(code) + 1


def _chi_square(one: Ints, other: Ints) -> tuple[float, int]:
    """Pearson's statistic of homogeneity and its degrees of freedom; categories nobody has are left out."""
    table = np.stack([one, other]).astype(float)
    table = table[:, table.sum(0) > 0]
    freedom = table.shape[1] - 1
    if freedom < 1 or (table.sum(1) == 0).any():
        return 0.0, 0
    expected = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return float(((table - expected) ** 2 / expected).sum()), freedom


def _judged(found: Sequence[_Compared], rate: float) -> list[FeatureDrift]:
    """All features together: none is trusted to wander less than their median does, since estimates are from few
    windows and features of one table wander alike.
    """
    if not found:
        return []
    usual = float(np.median([each.design_effect for each in found if each.drift.kind != "histogram"] or [1.0]))
    effects = [max(usual, each.design_effect) for each in found]
    p = [each.p(effect) for each, effect in zip(found, effects, strict=True)]
    judged = [
        replace(
            each.drift,
            design_effect=effect,
            p=p[i],
            q=float(q),
            drifted=bool(q <= rate and _matters(each.drift)),
        )
        for i, (each, effect, q) in enumerate(zip(found, effects, benjamini_hochberg(p), strict=True))
    ]
    return sorted(judged, key=lambda each: (not each.drifted, each.q, -each.shift, each.name))


def _matters(each: FeatureDrift) -> bool:
    return each.shift >= LEAST_SHIFT if each.kind == "numbers" else each.psi >= LEAST_PSI
