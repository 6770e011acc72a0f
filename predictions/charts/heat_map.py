"""A heat map of final scores: hosts' goals down, guests' goals across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlmodels.estimators.score_matrix import ScoreMatrix

CELL, LEFT, TOP = 44, 46, 40
MOST_GOALS = 6
DARK_FROM = 7
"""From this level up, figures need the light ink."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One score. `level` 0..9 is its probability over the largest one's; `text` whole per cent, empty below a half."""

    home: int
    away: int
    x: int
    y: int
    level: int
    text: str
    probability: float
    happened: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + CELL / 2, self.y + CELL / 2

    @property
    def percent(self) -> float:
        return 100 * self.probability

    @property
    def is_dark(self) -> bool:
        return self.level >= DARK_FROM


@dataclass(frozen=True, kw_only=True)
class HeatMap:
    """Cells row by row, marks of both axes, and the probability of all scores beyond the map."""

    width: int
    height: int
    size: int
    rows: list[list[Cell]]
    marks: list[tuple[int, float]]
    """(goals, centre of its row or column from the first cell's edge)."""
    beyond: float

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row]

    @property
    def likeliest(self) -> Cell:
        return max(self.cells, key=lambda cell: cell.probability)

    @property
    def final(self) -> Cell | None:
        """The score that the match ended with; None while it has none, or where that is beyond the map."""
        return next((cell for cell in self.cells if cell.happened), None)


def heat_map(matrix: ScoreMatrix, *, score: tuple[int, int] | None = None, most_goals: int = MOST_GOALS) -> HeatMap:
    """The scores from 0–0 to `most_goals` each; `score` is how the match ended, where it has."""
    shown = matrix.probabilities[: most_goals + 1, : most_goals + 1].tolist()
    top = max(max(row) for row in shown)
    side = CELL * (most_goals + 1)
    return HeatMap(
        width=LEFT + side,
        height=TOP + side,
        size=CELL,
        rows=[[_cell(home, away, p, top, score) for away, p in enumerate(row)] for home, row in enumerate(shown)],
        marks=[(goals, CELL * (goals + 0.5)) for goals in range(most_goals + 1)],
        beyond=max(0.0, 1.0 - sum(map(sum, shown))),
    )


def _cell(home: int, away: int, probability: float, top: float, score: tuple[int, int] | None) -> Cell:
    return Cell(
        home=home,
        away=away,
        x=LEFT + CELL * away,
        y=TOP + CELL * home,
        level=min(9, int(10 * probability / top)) if top > 0 else 0,
        text=f"{100 * probability:.0f}" if probability >= 0.005 else "",
        probability=probability,
        happened=(home, away) == score,
    )
