"""Leagues that never were: known strengths, scores drawn from them, and bookmakers who see them through noise.

Plain numpy without a database; only `fixtures` knows what a source's row is. `matches.simulating` writes what is drawn.
"""
