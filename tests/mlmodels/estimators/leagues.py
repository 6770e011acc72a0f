"""Leagues with known strengths, for tests that ask whether an estimator finds them again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlmodels.estimators.score_matrix import ScoreMatrix

LEVEL, HOME, RHO = 0.1, 0.3, -0.08


@dataclass(frozen=True)
class League:
    """Matches X (home, away, competition, date), goals y, and the truth behind them."""

    X: pd.DataFrame
    y: np.ndarray
    attack: dict[str, float]
    defence: dict[str, float]
    probabilities: np.ndarray

    @property
    def outcomes(self) -> np.ndarray:
        return np.asarray(1 - np.sign(self.y[:, 0] - self.y[:, 1]), dtype=int)


def simulate(*, seasons: int = 3, teams: int = 20, competition: str = "L1", seed: int = 7) -> League:
    """Double round-robins of teams whose strengths never change; one round a week from August on."""
    rng = np.random.default_rng(seed)
    names = [f"{competition} team {i:02d}" for i in range(teams)]
    attack = dict(zip(names, rng.normal(0, 0.3, teams).tolist(), strict=True))
    defence = dict(zip(names, rng.normal(0, 0.25, teams).tolist(), strict=True))
    rows, goals, truth = [], [], []
    for season in range(seasons):
        pairs = [(home, away) for home in names for away in names if home != away]
        for number, index in enumerate(rng.permutation(len(pairs))):
            home, away = pairs[index]
            matrix = ScoreMatrix.from_rates(
                np.exp(LEVEL + HOME + attack[home] - defence[away]), np.exp(LEVEL + attack[away] - defence[home]), RHO
            )
            day = np.datetime64("2010-08-07") + np.timedelta64(365 * season + 7 * (number // (teams // 2)), "D")
            rows.append((home, away, competition, day))
            score = rng.choice(matrix.probabilities.size, p=matrix.probabilities.ravel())
            goals.append(divmod(int(score), len(matrix.probabilities)))
            truth.append(matrix.outcome)
    X = pd.DataFrame(rows, columns=["home", "away", "competition", "date"])
    return League(X, np.array(goals), attack, defence, np.array(truth))
