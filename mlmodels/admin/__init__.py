"""What staff may look at and decide in the admin, by part."""

from mlmodels.admin import policies, tuning, versions

__all__ = ["policies", "tuning", "versions"]
