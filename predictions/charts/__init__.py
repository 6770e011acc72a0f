"""Geometry of the charts that templates draw as SVG: pure functions from figures to coordinates."""
