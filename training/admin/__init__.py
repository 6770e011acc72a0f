"""What staff may look at and decide in the admin, by part."""

from training.admin import coaching, practice

__all__ = ["coaching", "practice"]
