"""Pages of football: thin callers of `predictions.reading`."""
