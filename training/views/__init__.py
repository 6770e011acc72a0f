"""Pages of the coach: thin callers of verbs and of `training.reading`."""
