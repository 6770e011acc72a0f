"""From figures to coordinates, as everywhere in the house."""

from mlmodels.drawing.scale import Scale, round_ticks, tick_decimals

__all__ = ["Scale", "round_ticks", "tick_decimals"]
