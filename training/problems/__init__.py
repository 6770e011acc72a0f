"""The coaching problems."""
