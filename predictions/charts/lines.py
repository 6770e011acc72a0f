"""Lines over time, drawn as everywhere in the house."""

from mlmodels.drawing.lines import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Line,
    LineChart,
    Series,
    Tick,
    line_chart,
)

__all__ = ["BOTTOM", "HEIGHT", "LEFT", "RIGHT", "TOP", "WIDTH", "Line", "LineChart", "Series", "Tick", "line_chart"]
