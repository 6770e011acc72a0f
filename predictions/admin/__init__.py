"""What staff may look at and decide in the admin, by part."""

from predictions.admin import ledger

__all__ = ["ledger"]
