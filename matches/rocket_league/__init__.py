"""Rocket League: replays read, counted and kept."""
