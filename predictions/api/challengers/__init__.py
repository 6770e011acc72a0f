"""Champions and challengers over HTTP, for staff."""
