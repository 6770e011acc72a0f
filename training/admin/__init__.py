"""What staff may look at and decide in the admin, by part."""

from training.admin import practice

__all__ = ["practice"]
