"""What staff may look at and decide in the admin, by part."""

from mlmodels.admin import tuning, versions

__all__ = ["tuning", "versions"]
