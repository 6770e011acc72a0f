"""Regression trees as flat arrays: small to keep, safe to read, and fast for the one row that a request asks about."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ARRAYS: Mapping[str, str] = {
    "roots": "<i4",
    "feature": "<i2",
    "number": "<f4",
    "left": "<i4",
    "right": "<i4",
    "missing_left": "|b1",
}


@dataclass(frozen=True, kw_only=True)
class TreeArrays:
    """base + scale · (sum of the leaves that a row falls into), over many trees.

    roots: (trees,) node of each tree's root. feature, left, right, missing_left: (nodes,) what is asked at a node and
    where one goes from it; a leaf leads to itself. number: (nodes,) the greatest value that goes left, or the leaf's
    value. depth: questions to the deepest leaf.
    """

    roots: NDArray[np.int32]
    feature: NDArray[np.int16]
    number: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    missing_left: NDArray[np.bool_]
    depth: int
    base: float
    scale: float

    def predict(self, X: Floats) -> Floats:
        """(n,) for rows (n, features), NaN where a feature is not known."""
        table = X.astype(np.float32)
        rows = np.arange(len(table))[:, None]
        node = np.repeat(self.roots[None, :], len(table), axis=0)
        for _ in range(self.depth):
            value = table[rows, self.feature[node]]
            goes_left = (value <= self.number[node]) | (np.isnan(value) & self.missing_left[node])
            node = np.where(goes_left, self.left[node], self.right[node])
        return np.asarray(self.base + self.scale * self.number[node].sum(axis=1, dtype=np.float64))

    @classmethod
    def of_forest(cls, forest: Any) -> Self:
        """What a fitted scikit-learn forest of regression trees says: the mean of its trees."""
        trees = [_of_scikit_learn(tree.tree_) for tree in forest.estimators_]
        depth = max(tree.tree_.max_depth for tree in forest.estimators_)
        return cls._joined(trees, depth=depth, base=0.0, scale=1.0 / len(trees))

    @classmethod
    def of_boosting(cls, booster: Any) -> Self:
        """What a fitted XGBoost booster with one output and an identity link says."""
        learner = json.loads(bytes(booster.save_raw("json")))["learner"]
        base = learner["learner_model_param"]["base_score"]
        trees = [_of_xgboost(tree) for tree in learner["gradient_booster"]["model"]["trees"]]
        depth = max((_depth(tree["left"], tree["right"]) for tree in trees), default=0)
        # One number, or a list of one, by the version of the library.
        return cls._joined(trees, depth=depth, base=float(str(base).strip("[]")), scale=1.0)

    @classmethod
    def _joined(cls, trees: Sequence[Mapping[str, NDArray[Any]]], *, depth: int, base: float, scale: float) -> Self:
        sizes = [len(tree["feature"]) for tree in trees]
        roots = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0)
        moved = [
            {**tree, "left": tree["left"] + root, "right": tree["right"] + root}
            for tree, root in zip(trees, roots, strict=True)
        ]
        arrays = {
            name: np.concatenate([tree[name] for tree in moved]).astype(kind) if moved else np.zeros(0, kind)
            for name, kind in ARRAYS.items()
            if name != "roots"
        }
        return cls(roots=roots.astype("<i4"), **arrays, depth=depth, base=base, scale=scale)

    def to_weights(self) -> dict[str, Any]:
        """JSON: the arrays' bytes, deflated, in base64."""
        packed = {
            name: base64.b64encode(zlib.compress(getattr(self, name).astype(kind).tobytes(), 6)).decode()
            for name, kind in ARRAYS.items()
        }
        return {**packed, "depth": self.depth, "base": self.base, "scale": self.scale}

    @classmethod
    def from_weights(cls, weights: Mapping[str, Any]) -> Self:
        arrays: dict[str, Any] = {
            name: np.frombuffer(zlib.decompress(base64.b64decode(weights[name])), dtype=kind)
            for name, kind in ARRAYS.items()
        }
        return cls(**arrays, depth=int(weights["depth"]), base=float(weights["base"]), scale=float(weights["scale"]))


def _of_scikit_learn(tree: Any) -> dict[str, NDArray[Any]]:
    """One tree. Rows go left where float32(x) <= threshold (float64), so the threshold is rounded down to float32."""
    nodes = np.arange(tree.node_count)
    is_leaf = tree.children_left == -1
    threshold = tree.threshold.astype(np.float32)
    threshold = np.where(threshold > tree.threshold, np.nextafter(threshold, np.float32(-np.inf)), threshold)
    return {
        "feature": np.where(is_leaf, 0, tree.feature),
        "number": np.where(is_leaf, tree.value[:, 0, 0], threshold),
        "left": np.where(is_leaf, nodes, tree.children_left),
        "right": np.where(is_leaf, nodes, tree.children_right),
        "missing_left": tree.missing_go_to_left.astype(bool),
    }


def _of_xgboost(tree: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """One tree. Rows go left where x < threshold, which is x <= the float32 just below it."""
    left = np.array(tree["left_children"])
    nodes = np.arange(len(left))
    is_leaf = left == -1
    condition = np.array(tree["split_conditions"], dtype=np.float32)
    return {
        "feature": np.where(is_leaf, 0, np.array(tree["split_indices"])),
        "number": np.where(is_leaf, condition, np.nextafter(condition, np.float32(-np.inf))),
        "left": np.where(is_leaf, nodes, left),
        "right": np.where(is_leaf, nodes, np.array(tree["right_children"])),
        "missing_left": np.array(tree["default_left"], dtype=bool),
    }


def _depth(left: NDArray[Any], right: NDArray[Any]) -> int:
    """Questions from the root to the deepest leaf."""
    level, depth = np.zeros(1, dtype=int), 0
    while len(inner := level[left[level] != level]):
        level, depth = np.concatenate([left[inner], right[inner]]), depth + 1
    return depth
