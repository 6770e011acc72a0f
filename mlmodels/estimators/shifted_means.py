"""Which class moved the mean of a few noisy observations, where one knows how many they were.

Linear discriminant analysis (Fisher 1936; Rao 1948) of means: the noise of a mean falls with the number of
observations behind it, and how far a class moves the mean differs from row to row. Both are learned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.attribution import softmax
from mlmodels.estimators.feature_rows import read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]
Ints = NDArray[np.int_]
Mask = NDArray[np.bool_]

ROUNDS = 8
RIDGE = 1e-3
"""Share of the mean variance that is added to every variance, so that none is nothing."""


class ShiftedMeans(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """A row is the mean of n observations: x ~ N(s·m, B + C/n), m its class's shift, s how strong it is.

    X: numbers (r, features), NaN where not known; y: classes (r,). count: column of n, counted from 0, or from the end
    where negative; None: every row is one observation. strengths: which s there may be, 1 being a class's mean; how
    often each occurs is learned. A row is told by the features it has.

    Learned: `classes_`, `shares_` (classes,), `shifts_` (classes, features), `strength_shares_`, `noise_` C and
    `lasting_` B (features, features): what differs from row to row however many observations there are.
    """

    def __init__(
        self, *, count: int | None = None, strengths: Sequence[float] = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75)
    ) -> None:
        self.count = count
        self.strengths = strengths

    def fit(self, X: Any, y: Any) -> Self:
        """By expectation and maximisation. Raises ValueError for fewer than two classes, or a count below 1."""
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        self.classes_, index = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(f"Shifts need at least 2 classes, this has one class: {self.classes_[0]!r}.")
        means, counts = self._parts(X)
        self.shares_ = np.bincount(index) / len(index)
        self.shifts_ = np.vstack([_known_mean(means[index == c]) for c in range(len(self.classes_))])
        self.strength_shares_ = np.full(len(self.strengths), 1 / len(self.strengths))
        self.lasting_ = np.zeros((means.shape[1], means.shape[1]))
        self.noise_ = _positive(np.diag(_known_mean((means - self.shifts_[index]) ** 2 * counts[:, None])))
        for _ in range(ROUNDS):
            self._learn(means, counts, index)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (r, classes)."""
        check_is_fitted(self)
        means, counts = self._parts(read_features(self, X, allow_nan=True))
        told = self._told(means, counts) + self._log_strengths()
        most = told.max(2)
        return softmax(most + np.log(np.exp(told - most[:, :, None]).sum(2)) + np.log(self.shares_))

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON; the classes must be JSON-able themselves."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "shifted-means",
            "parameters": {**self.get_params(), "strengths": list(self.strengths)},
            "features": None if names is None else names.tolist(),
            "width": self.n_features_in_,
            **{name: getattr(self, f"{name}_").tolist() for name in _LEARNED},
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls(**weights["parameters"])
        for name in _LEARNED:
            setattr(model, f"{name}_", np.array(weights[name]))
        model.n_features_in_ = int(weights["width"])
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        return model

    def _parts(self, X: Floats) -> tuple[Floats, Floats]:
        """Means (r, d) and the number of observations (r,) behind each row."""
        if self.count is None:
            return X, np.ones(len(X))
        counts = X[:, self.count]
        if not (counts >= 1).all():
            raise ValueError("A mean is of at least one observation: a count is below 1, or not known.")
        return np.delete(X, self.count, axis=1), counts

    def _told(self, means: Floats, counts: Floats) -> Floats:
        """(r, classes, strengths): log density of each row less that of no shift at all."""
        strengths = np.asarray(self.strengths, dtype=float)
        found = np.zeros((len(means), len(self.shifts_), len(strengths)))
        for rows, known, n in _alike(means, counts):
            inverse = np.linalg.inv((self.lasting_ + self.noise_ / n)[np.ix_(known, known)])
            pulled = self.shifts_[:, known] @ inverse
            along = means[np.ix_(rows, known)] @ pulled.T
            own = (pulled * self.shifts_[:, known]).sum(1)
            found[rows] = along[:, :, None] * strengths - 0.5 * own[None, :, None] * strengths**2
        return found

    def _log_strengths(self) -> Floats:
        return np.asarray(np.log(np.maximum(self.strength_shares_, 1e-12)), dtype=float)

    def _learn(self, means: Floats, counts: Floats, index: Ints) -> None:
        strengths = np.asarray(self.strengths, dtype=float)
        of_own = self._told(means, counts)[np.arange(len(index)), index]
        share = softmax(of_own + self._log_strengths())
        # A class that moves nothing says nothing of strengths.
        moves = np.linalg.norm(self.shifts_, axis=1)
        weight = (moves / max(moves.max(), 1e-12))[index] ** 2
        total = weight.sum()
        self.strength_shares_ = (
            (weight @ share + 1e-6) / (total + 1e-6 * len(strengths)) if total > 0 else share.mean(0)
        )
        first, second = share @ strengths, share @ strengths**2
        self._learn_noise(means - first[:, None] * self.shifts_[index], counts, index, second - first**2)

    def _learn_noise(self, left: Floats, counts: Floats, index: Ints, doubt: Floats) -> None:
        """B and C by least squares: products of what is left (r, d), in the mean over rows, are B + C/n."""
        d = left.shape[1]
        known = ~np.isnan(left)
        left = np.where(known, left, 0.0)
        products = left[:, :, None] * left[:, None, :]
        products += doubt[:, None, None] * self.shifts_[index][:, :, None] * self.shifts_[index][:, None, :]
        both = (known[:, :, None] & known[:, None, :]).astype(float)
        # Rows of n observations tell products with a deviation of about 1/n: they weigh n².
        weights = counts[:, None, None] ** 2 * both
        inverse = (1 / counts)[:, None, None]
        s0, s1, s2 = (np.maximum((weights * inverse**p).sum(0), 1e-12) for p in (0, 1, 2))
        p0, p1 = (weights * products).sum(0), (weights * products * inverse).sum(0)
        spread = s0 * s2 - s1**2
        tells = spread > 1e-9 * s0 * s2
        lasting = np.where(tells, (s2 * p0 - s1 * p1) / np.where(tells, spread, 1.0), 0.0)
        self.lasting_ = _positive(lasting.reshape(d, d), ridge=0.0)
        self.noise_ = _positive((p1 - s1 * self.lasting_) / s2)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


_LEARNED = ("classes", "shares", "shifts", "strength_shares", "noise", "lasting")


def _alike(means: Floats, counts: Floats) -> Iterator[tuple[Ints, Mask, float]]:
    """(rows, which features they have, number of observations) of rows that share both."""
    known = ~np.isnan(means)
    keys = np.column_stack([known, counts])
    kinds, kind_of = np.unique(keys, axis=0, return_inverse=True)
    for kind, key in enumerate(kinds):
        yield np.flatnonzero(kind_of.ravel() == kind), key[:-1].astype(bool), float(key[-1])


def _known_mean(table: Floats) -> Floats:
    """Of each column (d,) over the rows that have it; 0 where none has."""
    known = ~np.isnan(table)
    total = np.where(known, table, 0.0).sum(0)
    return np.asarray(total / np.maximum(known.sum(0), 1), dtype=float)


def _positive(covariance: Floats, *, ridge: float = RIDGE) -> Floats:
    """The nearest symmetric matrix (d, d) without negative variances, a little added to each."""
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    kept = np.maximum(values, 0.0)
    least = ridge * max(float(kept.mean()), 1e-9)
    return np.asarray((vectors * (kept + least)) @ vectors.T, dtype=float)
