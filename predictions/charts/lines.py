"""Lines over time, drawn as everywhere in the house."""

from mlmodels.drawing.lines import Line, LineChart, Series, Tick, line_chart

__all__ = ["Line", "LineChart", "Series", "Tick", "line_chart"]
