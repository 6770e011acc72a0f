"""What `matches` tells the apps above it, which it may not import."""

from django.dispatch import Signal

# Sent after commit with `match_ids: list[int]`, when results arrived or were corrected.
results_changed = Signal()

# Sent after commit with `replay_id: UUID`, when a replay's statistics are there, anew, or for one more person.
replay_processed = Signal()
