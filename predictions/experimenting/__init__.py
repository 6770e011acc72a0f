"""A/B experiments: who gets which version, and what came of it."""
