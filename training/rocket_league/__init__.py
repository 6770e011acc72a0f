"""Rocket League: what a player is good at, what holds them back, what to practise."""
