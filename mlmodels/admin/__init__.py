"""What staff may look at and decide in the admin, by part."""

from mlmodels.admin import versions

__all__ = ["versions"]
