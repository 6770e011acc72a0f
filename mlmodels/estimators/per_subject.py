"""A model of counts for each subject that has enough rows, with a global model and a prior behind them.

"Subject" is a column: nothing here knows what it holds. The subjects' ensembles can be fitted in parts, anywhere and in
any order (`parts`, `fit_part`, `assemble`): each depends on its own rows and on the seed alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, clone
from sklearn.utils.validation import check_is_fitted

from mlmodels.estimators.count_distribution import at_lines, pmf_table
from mlmodels.estimators.shared_dispersion import SharedDispersion, shared_dispersion
from mlmodels.estimators.subject_ensemble import FittedSubject, fit_subject, held_out_from, settings_from
from mlmodels.estimators.subject_report import HeldOut, report_lines

Floats = NDArray[np.float64]

LEAST_VARIANCE_RATIO = 1.01
TAIL = 1e-9

FIT_ERRORS = (ValueError, ArithmeticError, RuntimeError, LookupError, TypeError)
"""What libraries raise for rows they can't learn from. A time limit or a full memory is not the subject's fault."""


class AnsweredBy(StrEnum):
    ENSEMBLE = "ensemble"
    GLOBAL = "global"
    PRIOR = "prior"


class PerSubject(BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """Means and distributions of counts: an ensemble a subject, else the global model, else the prior.

    X: a DataFrame in time order with the column `subject`, the column `line` and numeric features, NaN where not
    known; y: counts (n,). A subject with at least `least_rows` rows has an ensemble of its own (`combine`: "voting" or
    "stacking", see `subject_ensemble`); its features are all columns but subject and line, so that a mean never hangs
    on the line that was asked about. `global_model` (None: there is none) is a model of counts with `predict_mean`,
    `predict_proba` and `distribution`; it is given all columns but the subject, or `global_columns`. The prior is the
    mean and variance of all counts; it answers where there is no global model, where that says nothing finite, and
    where `history`, a column with the number of the subject's earlier rows, is named and 0. Counts are negative
    binomial about an ensemble's mean, with dispersions learned on held-out rows (`shared_dispersion`).

    Learned: `ensembles_` by subject as text, `failures_` {subject: words} where a fit raised, `global_model_`,
    `prior_mean_`, `prior_dispersion_`, `dispersions_`, `report_` {subject: figures on its held-out rows}.
    """

    def __init__(
        self,
        *,
        subject: str = "subject",
        line: str = "line",
        global_model: Any = None,
        global_columns: tuple[str, ...] | None = None,
        history: str | None = None,
        least_rows: int = 50,
        combine: str = "voting",
        trees: int = 100,
        leaf: int = 20,
        rounds: int = 100,
        depth: int = 2,
        learning_rate: float = 0.03,
        penalty: float = 0.2,
        subjects_in_a_part: int = 10,
        random_state: Any = 0,
    ) -> None:
        self.subject = subject
        self.line = line
        self.global_model = global_model
        self.global_columns = global_columns
        self.history = history
        self.least_rows = least_rows
        self.combine = combine
        self.trees = trees
        self.leaf = leaf
        self.rounds = rounds
        self.depth = depth
        self.learning_rate = learning_rate
        self.penalty = penalty
        self.subjects_in_a_part = subjects_in_a_part
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Fit all parts here. Raises ValueError for negative counts or missing columns, and what the global model does.

        A subject whose fit raises is told of in `failures_` and answered by the global model.
        """
        parts = [self.fit_part(X, y, subjects) for subjects in self.parts(X, y)]
        return self.fit_shared(X, y).assemble(X, y, parts)

    def parts(self, X: Any, y: Any) -> list[list[str]]:
        """Subjects with rows enough, as text, `subjects_in_a_part` together; those with the most rows come first."""
        self._refuse_unfit(X, y)
        names, rows = np.unique(_keys(X[self.subject]), return_counts=True)
        enough = [(-count, str(name)) for name, count in zip(names, rows, strict=True) if count >= self.least_rows]
        ranked = [name for _, name in sorted(enough) if name]
        size = self.subjects_in_a_part
        return [ranked[at : at + size] for at in range(0, len(ranked), size)]

    def fit_part(
        self, X: Any, y: Any, subjects: Sequence[str], *, alive: Any = None
    ) -> dict[str, dict[str, dict[str, Any] | str]]:
        """{"fitted": {subject: JSON}, "failures": {subject: words}} of some subjects.

        alive: called with (fraction, phrase) after each subject; whatever it raises ends the part.
        """
        settings = settings_from(self.get_params(deep=False))
        table, counts, places = self._features(X), np.asarray(y, dtype=float), _places(_keys(X[self.subject]), subjects)
        fitted: dict[str, dict[str, Any] | str] = {}
        failures: dict[str, dict[str, Any] | str] = {}
        for done, (subject, rows) in enumerate(places.items(), start=1):
            try:
                if not np.isfinite(counts[rows]).all():
                    raise ValueError("A count is not known.")
                ready = fit_subject(table[rows], counts[rows], settings=settings, seed=self._seed(subject))
                fitted[subject] = ready.to_weights()
            except FIT_ERRORS as error:
                failures[subject] = f"{type(error).__name__}: {error}"
            if alive is not None:
                alive(done / len(places), f"{done} of {len(places)} fitted")
        return {"fitted": fitted, "failures": failures}

    def fit_shared(self, X: Any, y: Any) -> Self:
        """What no part fits: the global model and the prior."""
        self._refuse_unfit(X, y)
        counts = np.asarray(y, dtype=float)
        self.feature_names_in_ = np.array(X.columns.tolist(), dtype=object)
        self.n_features_in_ = X.shape[1]
        self.prior_mean_ = max(float(counts.mean()), TAIL)
        excess = max(float(counts.var()), LEAST_VARIANCE_RATIO * self.prior_mean_) - self.prior_mean_
        self.prior_dispersion_ = excess / self.prior_mean_**2
        self.global_model_ = None
        if self.global_model is not None:
            model = clone(self.global_model)
            if hasattr(model, "random_state"):
                model.random_state = self.random_state
            self.global_model_ = model.fit(self._for_global(X), counts)
        return self

    def assemble(
        self, X: Any, y: Any, parts: Iterable[Mapping[str, Any]], *, lost: Mapping[str, str] | None = None
    ) -> Self:
        """Put together what `fit_part` gave, on the same rows; call `fit_shared` first.

        lost: {subject: words} of subjects whose part came to nothing. Raises ValueError where not one of them is left.
        """
        ready: dict[str, FittedSubject] = {}
        self.failures_: dict[str, str] = dict(lost or {})
        for part in parts:
            ready |= {name: FittedSubject.from_weights(weights) for name, weights in part["fitted"].items()}
            self.failures_ |= {name: str(words) for name, words in part["failures"].items()}
        if self.failures_ and not ready:
            name, words = next(iter(self.failures_.items()))
            raise ValueError(f"None of {len(self.failures_)} subjects could be fitted; of {name}: {words}")
        ready = dict(sorted(ready.items()))
        self.ensembles_ = {name: subject.ensemble for name, subject in ready.items()}
        newest = self._held_out_rows(X, list(ready))
        counts = np.asarray(y, dtype=float)
        scattered = shared_dispersion(
            {name: (subject.held_out, counts[newest[name]]) for name, subject in ready.items()}
        ) if ready else SharedDispersion(common=self.prior_dispersion_, of={})  # fmt: skip
        self.dispersions_ = dict(scattered.of)
        lines = X[self.line].to_numpy(dtype=float)
        self.report_ = report_lines(
            {
                name: self._judged(name, subject.held_out, counts[newest[name]], lines[newest[name]])
                for name, subject in ready.items()
            }
        )
        return self

    def answered_by(self, X: Any) -> NDArray[np.str_]:
        """Who answers for each row (n,): "ensemble", "global" or "prior"."""
        check_is_fitted(self, "ensembles_")
        return self._answers(X)[0]

    def predict_mean(self, X: Any) -> Floats:
        """Means (n,) of the counts."""
        check_is_fitted(self, "ensembles_")
        return self._answers(X)[1]

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, 3) of over, push and under at `X[line]`. Raises ValueError where a line is not known."""
        who, means, dispersions = self._scattered(X)
        lines = X[self.line].to_numpy(dtype=float)
        if np.isnan(lines).any():
            raise ValueError("A row has no line.")
        table = at_lines(means, 1 / dispersions, lines)
        asked = np.flatnonzero(who == AnsweredBy.GLOBAL)
        if len(asked):
            table[asked] = self._global.predict_proba(self._for_global(X.iloc[asked]))
        return table

    def distribution(self, X: Any, *, length: int = 0) -> Floats:
        """Probabilities (n, K) of 0, …, K - 1, the last with all beyond; K as asked, or what holds the law."""
        who, means, dispersions = self._scattered(X)
        asked = np.flatnonzero(who == AnsweredBy.GLOBAL)
        given = np.zeros((0, 0))
        if len(asked):
            given = np.asarray(self._global.distribution(self._for_global(X.iloc[asked]), length=length))
        table = pmf_table(means, 1 / dispersions, length=length or max(_enough(means, dispersions), given.shape[1]))
        table[asked] = 0.0
        table[asked, : given.shape[1]] = given
        return table

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON. Raises TypeError where the global model can't be written so."""
        check_is_fitted(self, "ensembles_")
        if self.global_model_ is not None and not hasattr(self.global_model_, "to_weights"):
            raise TypeError(f"{type(self.global_model_).__name__} can't be written as weights.")
        parameters = {name: value for name, value in self.get_params(deep=False).items() if name != "global_model"}
        return {
            "type": "per-subject",
            "parameters": {**parameters, "global_columns": _listed(self.global_columns)},
            "columns": self.feature_names_in_.tolist(),
            "global": self.global_model_.to_weights() if self.global_model_ is not None else None,
            "prior": [self.prior_mean_, self.prior_dispersion_],
            "ensembles": {name: ensemble.to_weights() for name, ensemble in self.ensembles_.items()},
            "dispersions": self.dispersions_,
            "failures": self.failures_,
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described, ready to answer; the report of its fit stays behind."""
        from mlmodels.estimators.subject_ensemble import Ensemble
        from mlmodels.estimators.weights import rebuild

        parameters = dict(weights["parameters"])
        columns = parameters["global_columns"]
        model = cls(**{**parameters, "global_columns": None if columns is None else tuple(columns)})
        model.feature_names_in_ = np.array(weights["columns"], dtype=object)
        model.n_features_in_ = len(weights["columns"])
        model.global_model_ = rebuild(weights["global"]) if weights["global"] is not None else None
        model.prior_mean_, model.prior_dispersion_ = map(float, weights["prior"])
        model.ensembles_ = {name: Ensemble.from_weights(kept) for name, kept in weights["ensembles"].items()}
        model.dispersions_ = {name: float(value) for name, value in weights["dispersions"].items()}
        model.failures_ = dict(weights["failures"])
        return model

    @property
    def _global(self) -> Any:
        return self.global_model_

    def _answers(self, X: Any) -> tuple[NDArray[np.str_], Floats]:
        """Who answers, and the means (n,)."""
        self._refuse_other_columns(X)
        keys = _keys(X[self.subject])
        who = np.full(len(keys), AnsweredBy.PRIOR.value, dtype="<U8")
        means = np.full(len(keys), self.prior_mean_)
        table = self._features(X)
        for name, rows in _places(keys, [name for name in np.unique(keys) if name in self.ensembles_]).items():
            who[rows], means[rows] = AnsweredBy.ENSEMBLE, self.ensembles_[name].predict(table[rows])
        if self.global_model_ is not None:
            left = np.flatnonzero((who == AnsweredBy.PRIOR) & self._has_history(X))
            said = np.asarray(self.global_model_.predict_mean(self._for_global(X.iloc[left])) if len(left) else [])
            known = left[np.isfinite(said)] if len(left) else left
            who[known], means[known] = AnsweredBy.GLOBAL, said[np.isfinite(said)] if len(left) else []
        return who, means

    def _scattered(self, X: Any) -> tuple[NDArray[np.str_], Floats, Floats]:
        """Who answers, means (n,) and dispersions (n,)."""
        check_is_fitted(self, "ensembles_")
        who, means = self._answers(X)
        own = [self.dispersions_.get(key, self.prior_dispersion_) for key in _keys(X[self.subject])]
        return who, means, np.where(who == AnsweredBy.ENSEMBLE, own, self.prior_dispersion_)

    def _has_history(self, X: Any) -> NDArray[np.bool_]:
        if self.history is None:
            return np.ones(len(X), dtype=bool)
        return np.asarray(X[self.history].to_numpy(dtype=float) > 0)

    def _judged(self, subject: str, means: Floats, counts: Floats, lines: Floats) -> HeldOut:
        """Held-out rows with P(over) among what is not a push, by the dispersion that is learned."""
        known = ~np.isnan(lines)
        table = np.full((len(means), 3), np.nan)
        scatter = np.full(int(known.sum()), self.dispersions_[subject])
        table[known] = at_lines(means[known], 1 / scatter, lines[known])
        decided = known & (counts != lines)
        return HeldOut(
            means=means,
            counts=counts,
            over=np.where(decided, table[:, 0] / np.maximum(table[:, 0] + table[:, 2], TAIL), 0.5),
            went_over=np.where(decided, (counts > lines).astype(float), np.nan),
        )

    def _held_out_rows(self, X: Any, subjects: Sequence[str]) -> dict[str, NDArray[np.int_]]:
        places = _places(_keys(X[self.subject]), subjects)
        return {name: rows[held_out_from(len(rows)) :] for name, rows in places.items()}

    def _features(self, X: Any) -> Floats:
        """The table (n, features) that ensembles see. Raises ValueError for infinity, TypeError for text."""
        asked = X.columns.difference([self.subject, self.line], sort=False)
        return np.asarray(X[asked].to_numpy(dtype=np.float64))

    def _for_global(self, X: Any) -> Any:
        columns = self.global_columns
        return X.drop(columns=self.subject) if columns is None else X[list(columns)]

    def _seed(self, subject: str) -> int:
        """The same for a subject whatever part it is in."""
        return int(
            np.random.SeedSequence([int(self.random_state or 0), zlib.crc32(subject.encode())]).generate_state(1)[0]
        )

    def _refuse_unfit(self, X: Any, y: Any) -> None:
        if missing := [name for name in (self.subject, self.line) if name not in getattr(X, "columns", ())]:
            raise ValueError(f"X is a DataFrame with the columns {self.subject} and {self.line}: {missing} missing.")
        if not len(y):
            raise ValueError("There is nothing to learn from: no rows.")
        if (np.asarray(y, dtype=float) < 0).any():
            raise ValueError("Negative values in data: counts are not negative.")

    def _refuse_other_columns(self, X: Any) -> None:
        if X.columns.tolist() != self.feature_names_in_.tolist():
            raise ValueError("The columns are not those it was fitted on, in their order.")


def _enough(means: Floats, dispersions: Floats) -> int:
    """Counts that hold all but next to nothing of each law."""
    spread = np.sqrt(means + dispersions * means**2)
    return int(np.ceil((means + 8 * spread).max(initial=1.0))) + 2


def _keys(column: Any) -> NDArray[Any]:
    """Subjects as text (n,), empty where not known; 12 and 12.0 are one."""
    values = column.to_numpy()
    if values.dtype.kind == "f":
        return np.array([str(int(value)) if np.isfinite(value) else "" for value in values], dtype=str)
    return np.asarray(values.astype(str))


def _places(keys: NDArray[Any], subjects: Sequence[str]) -> dict[str, NDArray[np.int_]]:
    """Rows of each subject, in order; one walk for all of them."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    begins, ends = (np.searchsorted(ranked, subjects, side=side) for side in ("left", "right"))
    return {name: order[begin:end] for name, begin, end in zip(subjects, begins, ends, strict=True)}


def _listed(columns: tuple[str, ...] | None) -> list[str] | None:
    return None if columns is None else list(columns)
