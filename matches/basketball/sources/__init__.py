"""Readers of basketball files: each yields rows and refusals, and touches no database."""
