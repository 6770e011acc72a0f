"""Proposals: the decisions about challengers that wait for staff."""

from mlmodels.models import Promotion


class Proposal(Promotion):
    """A promotion's row, seen as the question that it puts to staff."""

    class Meta:
        proxy = True
