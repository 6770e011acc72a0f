"""Planted weaknesses in real matches: whether they are found, and whether a confidence means what it says.

Five folds of whole matches, each rank in its share. Everything that says something of a fold's matches was made of the
other folds': the benchmark they are compared with, the examples that were learned from, the calibration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from django.core.management import call_command

from accounts.models import PlatformAccount, User
from matches.models import Playlist, RankedGame, RankGroup, ReplayOwner
from mlmodels.evaluation import metrics
from mlmodels.selection import Selection
from tests.benchmarks.figures import cpu_seconds, report
from tests.factories import ReplayFactory, ReplayPlayerFactory
from training.problems.weakness import Weakness
from training.rocket_league.weakness.examples import RankedTable, examples, examples_against
from training.rocket_league.weakness.labels import CATEGORIES, EVEN_INDEX, HIGH_CONFIDENCE
from training.rocket_league.weakness.planting import Mix, draw, planted
from training.rocket_league.weakness.player_form import PlayerForm
from training.rocket_league.weakness.profiles import profiles
from training.rocket_league.weakness.source import ranked_tables

FOLDS = 5
ROWS = "ballchasing_ranked_standard_rows_by_rank.csv"
A_FOLD = 400
"""Examples of a rank in a fold, of each kind."""

USUAL = Mix()
ONE = partial(Mix, even_share=0.0, weakest=1.0, strongest=1.0)
KINDS: Mapping[str, tuple[Mix, dict[str, bool]]] = {
    "mixed": (USUAL, {}),
    "mixed, 3 matches": (replace(USUAL, matches=(3,)), {}),
    "mixed, 10 matches": (replace(USUAL, matches=(10,)), {}),
    "1 sd or none, any number": (Mix(weakest=1.0, strongest=1.0), {}),
    "1 sd, 3 matches": (ONE(matches=(3,)), {}),
    "1 sd, 10 matches": (ONE(matches=(10,)), {}),
    "each feature 1 sd, 3 matches": (ONE(matches=(3,)), {"each_feature": True}),
    "each feature 1 sd, 10 matches": (ONE(matches=(10,)), {"each_feature": True}),
    "1 sd within bounds, 3 matches": (ONE(matches=(3,)), {"within_bounds": True}),
    "1 sd within bounds, 10 matches": (ONE(matches=(10,)), {"within_bounds": True}),
    "none, 3 matches": (Mix(even_share=1.0, matches=(3,)), {}),
    "none, 10 matches": (Mix(even_share=1.0, matches=(10,)), {}),
}
BINS = np.arange(0.1, 1.0, 0.1)


@dataclass(frozen=True, kw_only=True)
class Said:
    """Probabilities (n, 9) of planted examples, and what they are."""

    p: np.ndarray
    frame: pd.DataFrame

    @property
    def outcomes(self) -> np.ndarray:
        return np.asarray(self.frame["outcome"], dtype=int)

    @property
    def first(self) -> np.ndarray:
        return np.asarray(self.p[:, :EVEN_INDEX].argmax(1), dtype=int)

    @property
    def confidence(self) -> np.ndarray:
        return np.asarray(self.p[:, :EVEN_INDEX].max(1), dtype=float)

    @property
    def right(self) -> np.ndarray:
        return np.asarray(self.first == self.outcomes, dtype=bool)


@pytest.fixture(scope="module")
def rows_by_rank() -> Path:
    file = Path(__file__).resolve().parents[3] / "shared" / "data" / "rocket-league" / "stats" / ROWS
    if not file.is_file():
        pytest.skip(f"no ranked matches at {file}")
    return file


@pytest.mark.django_db
@pytest.mark.usefixtures("storage")
def test_planted_weaknesses_are_found_and_confidence_means_what_it_says(rows_by_rank: Path) -> None:
    call_command("import_ranked_games", str(rows_by_rank), verbosity=0)
    ranks = ranked_tables(Selection())
    said = _across_folds(ranks)
    posterior = said["posterior"]
    for kind in KINDS:
        _tell_found(kind, posterior[kind])
    for kind in ("mixed", "mixed, 3 matches", "mixed, 10 matches", "1 sd or none, any number"):
        _tell_reliability(kind, posterior[kind])
    for name in ("posterior", "forest", "largest-shortfall", "dummy"):
        _tell_scores(name, said[name]["mixed"])
        for kind in ("1 sd, 3 matches", "1 sd, 10 matches"):
            report(f"{name}: {kind}, found first", said[name][kind].right.mean(), "share")
    _tell_agreement(posterior["mixed"], said["largest-shortfall"]["mixed"])
    for kind in ("halves of 3", "halves of 10", "halves of 3, none planted", "halves of 10, none planted"):
        first, second = posterior[f"{kind}, a"].first, posterior[f"{kind}, b"].first
        report(f"{kind}: the same category first", (first == second).mean(), "share")
    assert posterior["1 sd, 10 matches"].right.mean() >= 0.80
    assert posterior["1 sd, 3 matches"].right.mean() >= 0.60
    for kind in ("mixed", "mixed, 3 matches", "mixed, 10 matches"):
        assert 0.70 <= _right_between(posterior[kind], 0.7, 0.8)[0] <= 0.80, kind


def _across_folds(ranks: list[RankedTable]) -> dict[str, dict[str, Said]]:
    """What each algorithm says of each kind, over all folds."""
    told: dict[str, dict[str, list[Said]]] = {}
    for fold, (train, held_out) in enumerate(_folds(ranks)):
        frames = _asked(train, held_out, np.random.default_rng(fold))
        for name, model in _models(examples(train)):
            for kind, frame in frames.items():
                told.setdefault(name, {}).setdefault(kind, []).append(Said(p=model(frame), frame=frame))
    return {
        name: {
            kind: Said(p=np.vstack([part.p for part in parts]), frame=pd.concat([part.frame for part in parts]))
            for kind, parts in kinds.items()
        }
        for name, kinds in told.items()
    }


def _folds(ranks: list[RankedTable]) -> Iterator[tuple[list[RankedTable], list[RankedTable]]]:
    """(the other folds, the fold) of every rank; no match in both."""
    from sklearn.model_selection import StratifiedGroupKFold

    matches = np.concatenate([ranked.matches for ranked in ranks])
    which = np.repeat(np.arange(len(ranks)), [len(ranked.matches) for ranked in ranks])
    for _, test in StratifiedGroupKFold(FOLDS, shuffle=True, random_state=1).split(matches, which, matches):
        held_out = np.isin(np.arange(len(matches)), test)
        assert not set(matches[held_out]) & set(matches[~held_out])
        own = [held_out[which == place] for place in range(len(ranks))]
        yield (
            [ranked.part(~mask) for ranked, mask in zip(ranks, own, strict=True)],
            [ranked.part(mask) for ranked, mask in zip(ranks, own, strict=True)],
        )


def _asked(
    train: list[RankedTable], held_out: list[RankedTable], random: np.random.Generator
) -> dict[str, pd.DataFrame]:
    found: dict[str, list[pd.DataFrame]] = {}
    for learned, own in zip(train, held_out, strict=True):
        benchmark = learned.benchmark()
        for kind, (mix, how) in KINDS.items():
            made = examples_against(own, benchmark, count=A_FOLD, mix=mix, random=random, **how)
            found.setdefault(kind, []).append(made)
        for n in (3, 10):
            for name, mix in (("", ONE(matches=(2 * n,))), (", none planted", Mix(even_share=1.0, matches=(2 * n,)))):
                plants = draw(own.matches.tolist(), A_FOLD, mix=mix, random=random)
                scores = benchmark.category_scores(planted(own.table, plants, benchmark)).to_numpy()
                half = np.tile([0, 1], len(plants.rows) // 2)
                for side, which in (("a", 0), ("b", 1)):
                    made = profiles(scores[half == which], plants.example[half == which], A_FOLD)
                    found.setdefault(f"halves of {n}{name}, {side}", []).append(made.assign(outcome=plants.labels))
    return {kind: pd.concat(parts, ignore_index=True) for kind, parts in found.items()}


def _models(frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """What each algorithm says of profiles (n, 9), calibrated on a pool that it did not learn from."""
    problem = Weakness()
    outcomes = frame["outcome"].to_numpy()
    held_out = (frame["pool"] == "pool-0").to_numpy()
    for algorithm in problem.algorithms:
        columns = list(algorithm.columns)
        first = algorithm.build().fit(frame.loc[~held_out, columns], outcomes[~held_out])
        calibration = problem.calibration(first.predict_proba(frame.loc[held_out, columns]), outcomes[held_out])
        model = algorithm.build().fit(frame[columns], outcomes)
        yield algorithm.name, partial(_calibrated, model, calibration, columns)
    shares = np.bincount(outcomes, minlength=EVEN_INDEX + 1) / len(outcomes)
    yield "dummy", lambda asked: np.tile(shares, (len(asked), 1))


def _calibrated(model: Any, calibration: Any, columns: list[str], asked: pd.DataFrame) -> np.ndarray:
    said: np.ndarray = calibration.transform(model.predict_proba(asked[columns]))
    return said


def _tell_found(kind: str, said: Said) -> None:
    if kind.startswith("none"):
        confidence = said.confidence
        report(f"posterior: {kind}, median confidence", float(np.median(confidence)), "probability")
        report(f"posterior: {kind}, confidence of one in ten above", float(np.quantile(confidence, 0.9)), "probability")
        report(f"posterior: {kind}, called high", (confidence > HIGH_CONFIDENCE).mean(), "share")
        report(f"posterior: {kind}, said that nothing stands out", (said.p.argmax(1) == EVEN_INDEX).mean(), "share")
        return
    planted_rows = said.outcomes != EVEN_INDEX
    report(f"posterior: {kind}, found first", said.right[planted_rows].mean(), "share")
    report(f"posterior: {kind}, named before even", (said.p.argmax(1) == said.outcomes)[planted_rows].mean(), "share")
    if kind in ("1 sd, 3 matches", "1 sd, 10 matches"):
        for rank in said.frame["rank_group"].unique():
            own = (said.frame["rank_group"] == rank).to_numpy()
            report(f"posterior: {kind}, {rank}, found first", said.right[own].mean(), "share")
        for place, category in enumerate(CATEGORIES):
            own = said.outcomes == place
            report(f"posterior: {kind}, {category}, found first", said.right[own].mean(), "share")


def _right_between(said: Said, low: float, high: float) -> tuple[float, float, int]:
    """(share right, mean confidence, how many) of what was said with a confidence in [low, high)."""
    among = (said.confidence >= low) & (said.confidence < high)
    if not among.any():
        return float("nan"), float("nan"), 0
    return float(said.right[among].mean()), float(said.confidence[among].mean()), int(among.sum())


def _tell_reliability(kind: str, said: Said) -> None:
    for low in BINS:
        right, confidence, among = _right_between(said, low, low + 0.1 + (1e-9 if low > 0.85 else 0))
        if among:
            report(
                f"posterior: {kind}, right where confidence is {low:.1f} to {low + 0.1:.1f} ({among} examples)",
                right,
                "share",
                peer=f"mean confidence {confidence:.3f}",
            )


def _tell_scores(name: str, said: Said) -> None:
    outcomes = said.outcomes
    for figure in ("log_loss", "brier", "accuracy", "macro_precision", "macro_recall", "macro_f1", "ece"):
        report(f"{name}: mixed, {figure}", float(getattr(metrics, figure)(said.p, outcomes)), "")


def _tell_agreement(one: Said, other: Said) -> None:
    report("posterior and largest shortfall: the same category first", (one.first == other.first).mean(), "share")
    same = one.p.argmax(1) == other.p.argmax(1)
    report("posterior and largest shortfall: the same said", same.mean(), "share")
    differ = one.first != other.first
    report("where they differ: posterior right", one.right[differ].mean(), "share")
    report("where they differ: largest shortfall right", other.right[differ].mean(), "share")


@pytest.mark.django_db
@pytest.mark.usefixtures("storage")
def test_a_profile_is_told_in_milliseconds(rows_by_rank: Path, alice: User) -> None:
    call_command("import_ranked_games", str(rows_by_rank), verbosity=0)
    problem = Weakness()
    PlatformAccount.objects.create(user=alice, platform="steam", platform_id="alice")
    games = RankedGame.objects.filter(rank_group=RankGroup.GOLD)[:20]
    for game in games:
        replay = ReplayFactory.create()
        ReplayOwner.objects.create(replay=replay, user=alice)
        ReplayPlayerFactory.create(replay=replay, platform_id="alice", statistics=game.statistics)
    frame = problem.load(Selection()).frame
    form = PlayerForm(user=alice, replays=(), playlist=Playlist.RANKED_STANDARD, rank_group=RankGroup.GOLD)
    for algorithm in problem.algorithms:
        model = algorithm.build().fit(frame[list(algorithm.columns)], frame["outcome"].to_numpy())

        def tell(model: Any = model) -> None:
            problem.forecast(model, problem.featurise([form], state={}, state_key=""))

        spent = cpu_seconds(tell, repeats=21)
        report(f"{algorithm.name}: profile of 20 matches and forecast, warm", 1000 * spent, "ms CPU")
        assert spent < 0.020
