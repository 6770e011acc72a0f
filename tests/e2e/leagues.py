"""A simulated league with a champion that said something about its next round, and one round that is settled."""

from datetime import timedelta

from django.utils import timezone

from matches.models import Match
from matches.simulating import bring_forward, play_due, simulate_leagues
from mlmodels import promotion, runs
from mlmodels.models import ModelVersion
from mlmodels.selection import Selection
from predictions.settling import settle_due
from predictions.upcoming import predict_upcoming

PROBLEM = "football-outcome"


def predicted_league() -> Match:
    """Returns a match that is predicted, priced and still to come."""
    simulate_leagues(leagues=1, history=4, teams=8, seed=3)
    promotion.promote(trained("elo"), by=None)
    soon = timezone.now() + timedelta(minutes=30)
    bring_forward(soon)
    predict_upcoming()
    played = soon + timedelta(hours=3)
    play_due(played)
    settle_due(played)
    bring_forward(timezone.now() + timedelta(days=1))
    play_due()
    predict_upcoming()
    return Match.objects.filter(predictions__isnull=False, status=Match.Status.SCHEDULED).order_by("kickoff")[0]


def trained(algorithm: str) -> ModelVersion:
    run, _ = runs.request_run(problem=PROBLEM, algorithm=algorithm, selection=Selection(), dispatch=False)
    runs.execute(str(run.pk), worker="here")
    run.refresh_from_db()
    return run.model_version
