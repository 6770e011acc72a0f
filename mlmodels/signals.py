"""What `mlmodels` tells the apps above it, which it may not import."""

from django.dispatch import Signal

# Sent with `version: ModelVersion` and `error: ArtifactError`, when a champion was to serve and its file can't be used.
artifact_unusable = Signal()

# Sent with `version: ModelVersion` before the schedule trains a champion again; a receiver that answers a sentence
# keeps it from being trained.
retraining_scheduled = Signal()
