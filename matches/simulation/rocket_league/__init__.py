"""Invented ranked matches: players with skills that last, teams, and what a match leaves of them in statistics."""
