"""Choosing hyper-parameters by search: what may be varied, how long, and what came of it."""
