"""What staff may look at and decide in the admin, by part."""

from mlmodels.admin import parts, policies, tuning, versions

__all__ = ["parts", "policies", "tuning", "versions"]
