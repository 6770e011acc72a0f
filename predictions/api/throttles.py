"""How often people may ask for predictions."""

from rest_framework.throttling import UserRateThrottle


class PredictThrottle(UserRateThrottle):
    """Each prediction stays in the ledger for good, so people ask for fewer than they may read."""

    scope = "predict"
    rate = "60/min"
