"""Geometry of charts that every app draws: figures in, SVG coordinates out."""
