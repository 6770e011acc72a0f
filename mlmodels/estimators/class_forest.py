"""A random forest of classes, kept as plain arrays: small, safe to read, and quick for one row.

Source: Breiman (2001), "Random forests"; scikit-learn grows the trees.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from mlmodels.estimators.feature_rows import read_features
from mlmodels.estimators.likeliest import LikeliestClass

Floats = NDArray[np.float64]
_ARRAYS = {
    "roots": "<i4",
    "feature": "<i2",
    "threshold": "<f8",
    "left": "<i4",
    "right": "<i4",
    "missing_left": "|b1",
    "frequencies": "<f4",
}


class ClassForest(LikeliestClass, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """The mean of the class frequencies in the leaves that a row falls into, over many trees.

    X: numbers (n, features), NaN is "not known"; y: classes (n,). least_rows: fewest rows in a leaf; columns: share of
    the features that each split may choose from.

    Learned: `classes_`, and the trees' nodes as arrays in `nodes_`; a leaf leads to itself.
    """

    def __init__(self, *, trees: int = 100, least_rows: int = 5, columns: float = 0.3, random_state: Any = 0) -> None:
        self.trees = trees
        self.least_rows = least_rows
        self.columns = columns
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Self:
        """Raises ValueError for fewer than two classes."""
        from sklearn.ensemble import RandomForestClassifier

        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan")
        check_classification_targets(y)
        if len(np.unique(y)) < 2:
            raise ValueError(f"A forest needs at least 2 classes, this has one class: {y[0]!r}.")
        forest = RandomForestClassifier(
            n_estimators=self.trees,
            min_samples_leaf=self.least_rows,
            max_features=self.columns,
            random_state=self.random_state,
            n_jobs=1,
        ).fit(X, y)
        self.classes_ = forest.classes_
        self.nodes_ = _joined([tree.tree_ for tree in forest.estimators_])
        self.depth_ = max(tree.tree_.max_depth for tree in forest.estimators_)
        return self

    def predict_proba(self, X: Any) -> Floats:
        """Probabilities (n, classes)."""
        check_is_fitted(self)
        # As in scikit-learn, whose trees ask about numbers of single precision.
        table = read_features(self, X, allow_nan=True).astype(np.float32)
        rows, nodes = np.arange(len(table))[:, None], self.nodes_
        node = np.repeat(nodes["roots"][None, :], len(table), axis=0)
        for _ in range(self.depth_):
            value = table[rows, nodes["feature"][node]]
            goes_left = (value <= nodes["threshold"][node]) | (np.isnan(value) & nodes["missing_left"][node])
            node = np.where(goes_left, nodes["left"][node], nodes["right"][node])
        p = nodes["frequencies"][node].mean(axis=1, dtype=np.float64)
        return np.asarray(p / p.sum(1, keepdims=True), dtype=float)

    def to_weights(self) -> dict[str, Any]:
        """All that was learned, as JSON: the arrays' bytes, deflated, in base64."""
        check_is_fitted(self)
        names = getattr(self, "feature_names_in_", None)
        return {
            "type": "class-forest",
            "parameters": self.get_params(),
            "classes": self.classes_.tolist(),
            "width": self.n_features_in_,
            "features": None if names is None else names.tolist(),
            "depth": self.depth_,
            **{name: _packed(self.nodes_[name].astype(kind)) for name, kind in _ARRAYS.items()},
        }

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        """The model that `to_weights` described."""
        model = cls(**weights["parameters"])
        model.classes_ = np.array(weights["classes"])
        model.n_features_in_ = int(weights["width"])
        if weights["features"] is not None:
            model.feature_names_in_ = np.array(weights["features"], dtype=object)
        model.depth_ = int(weights["depth"])
        model.nodes_ = {name: _unpacked(weights[name], kind) for name, kind in _ARRAYS.items()}
        model.nodes_["frequencies"] = model.nodes_["frequencies"].reshape(-1, len(model.classes_))
        return model

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _joined(trees: list[Any]) -> dict[str, NDArray[Any]]:
    """The nodes of all trees in one row of arrays; `frequencies` is (nodes, classes)."""
    roots = np.cumsum([0, *(tree.node_count for tree in trees[:-1])])
    parts = [_of_tree(tree, root) for tree, root in zip(trees, roots.tolist(), strict=True)]
    return {"roots": roots, **{name: np.concatenate([part[name] for part in parts]) for name in parts[0]}}


def _of_tree(tree: Any, root: int) -> dict[str, NDArray[Any]]:
    nodes, is_leaf = np.arange(tree.node_count), tree.children_left == -1
    values = tree.value[:, 0, :]
    return {
        "feature": np.where(is_leaf, 0, tree.feature),
        "threshold": np.where(is_leaf, 0.0, tree.threshold),
        "left": root + np.where(is_leaf, nodes, tree.children_left),
        "right": root + np.where(is_leaf, nodes, tree.children_right),
        "missing_left": tree.missing_go_to_left.astype(bool),
        "frequencies": (values / values.sum(1, keepdims=True)).astype(np.float32),
    }


def _packed(array: NDArray[Any]) -> str:
    return base64.b64encode(zlib.compress(array.tobytes(), 6)).decode()


def _unpacked(text: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=kind)
